using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Console;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Models;
using Runstone.Core.Reports;
using Runstone.Core.Runs;
using Runstone.Core.Views;
using Runstone.Storage.Administration;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Tests.Administration;

/// <summary>Between two engines a copy is equal to its source, can be made while the source is written to, and takes over what changed later.</summary>
public abstract class CopyConformance
{
    private protected abstract Task<SampleStore> OpenSourceAsync();

    private protected abstract Task<SampleStore> OpenTargetAsync();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_has_everything_and_copying_again_copies_nothing()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await source.FillAsync(1);
        await source.FillAsync(2);

        var first = await CopyAsync(source, target);
        Assert.Empty(first.Problems);
        Assert.True(first.Complete);
        Assert.DoesNotContain(first.Tables, t => t.Rows == 0 && t.Name is not "metric_rollup");
        Assert.Equal(new BlobTotals(8, first.BlobsInUse.Bytes), first.BlobsInUse);
        Assert.Equal(first.BlobsInUse, first.BlobsCopied);
        Assert.Equal("ada", (await target.Runs.GetAsync(SampleStore.Id(2, 3), Token))!.User);

        var second = await CopyAsync(source, target);
        Assert.True(second.Complete);
        Assert.Equal((0, new BlobTotals(0, 0)), (second.RunsCopied, second.BlobsCopied));
        Assert.Equal(first.Tables, second.Tables);
    }

    [Fact]
    public async Task What_changes_in_the_source_is_taken_over()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await source.FillAsync(1);
        await source.FillAsync(2);
        await CopyAsync(source, target);

        await source.FillAsync(3);
        await source.FillRandomlyAsync(1, 40);
        await source.CommitAsync(new IngestBatch(SampleStore.Id(1, 0)) { RemoveArtifacts = ["a"], RemoveTags = ["team"], Patch = new RunPatch { Name = "other" } });
        await source.Models.DeleteAsync("model 1", Token);
        await source.Models.UpdateAsync("model 2", new ModelPatch { Name = "model 1", RemoveAliases = ["best"] }, SampleStore.Now + 1, Token);
        var (one, two) = ((await source.Experiments.GetByNameAsync("exp 1", Token))!, (await source.Experiments.GetByNameAsync("exp 2", Token))!);
        await source.Experiments.UpdateAsync(one.Id, new ExperimentPatch { Name = "aside" }, SampleStore.Now + 1, Token);
        await source.Experiments.UpdateAsync(two.Id, new ExperimentPatch { Name = "exp 1", RemoveTags = ["t"] }, SampleStore.Now + 1, Token);
        await source.Experiments.UpdateAsync(one.Id, new ExperimentPatch { Name = "exp 2", Lifecycle = Lifecycle.Deleted }, SampleStore.Now + 1, Token);

        // Names and the default change hands, so that rows written one by one would meet what is still there.
        var views = await source.Views.ListAsync(two.Id, Token);
        foreach (var (view, name) in new[] { (views[0], "aside"), (views[1], "a"), (views[0], "b") })
            await source.Views.UpdateAsync(view.Id, new ViewPatch { Name = name }, SampleStore.Now + 1, Token);
        await source.Views.SetDefaultAsync(two.Id, views[0].Id, Token);
        await source.Reports.SaveAsync((await source.Reports.ListAsync(new ReportQuery { ExperimentId = two.Id }, Token))[0].Id, 2, "ada", new ReportText("t", "# three"), SampleStore.Now + 2, Token);

        var report = await CopyAsync(source, target);
        Assert.Empty(report.Problems);
        Assert.True(report.Complete);
        Assert.Equal("exp 1", (await target.Experiments.GetAsync(two.Id, Token))!.Name);
        Assert.Equal(await source.Views.ListAsync(two.Id, Token), await target.Views.ListAsync(two.Id, Token));
    }

    [Fact]
    public async Task A_copy_that_was_stopped_is_refused_by_servers_and_goes_on_later()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await source.FillAsync(1);
        using var stop = new CancellationTokenSource();
        var progress = new Stopper(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new StoreCopy(source.Parts, target.Parts).RunAsync(progress, stop.Token));

        var refusal = await Assert.ThrowsAsync<RunstoneException>(() => CopyMark.RefuseIncompleteAsync(target.Parts.Database, "here", Token));
        Assert.Contains("'here' is an incomplete copy of", refusal.Message, StringComparison.Ordinal);
        Assert.True((await CopyAsync(source, target)).Complete);
        await CopyMark.RefuseIncompleteAsync(target.Parts.Database, "here", Token);
    }

    [Fact]
    public async Task A_target_that_others_wrote_to_is_left_alone()
    {
        await using var source = await OpenSourceAsync();
        await using var used = await OpenTargetAsync();
        await using var switched = await OpenTargetAsync();
        await source.FillAsync(1);
        await used.FillAsync(2);
        Assert.Contains("is not empty", (await Assert.ThrowsAsync<RunstoneException>(() => CopyAsync(source, used))).Message, StringComparison.Ordinal);

        await CopyAsync(source, switched);
        await CopyMark.ForgetAsync(switched.Parts.Database, Token);
        Assert.Contains("a server has used it", (await Assert.ThrowsAsync<RunstoneException>(() => CopyAsync(source, switched))).Message, StringComparison.Ordinal);
        Assert.Contains("not of", (await Assert.ThrowsAsync<RunstoneException>(async () =>
        {
            await using var third = await OpenTargetAsync();
            await CopyAsync(source, third);
            await CopyAsync(used, third);
        })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_written_to_is_copied_and_the_last_pass_makes_both_equal()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await source.FillAsync(1);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            async () =>
            {
                for (var i = 10; !stop.IsCancellationRequested; i++)
                {
                    await source.FillRandomlyAsync(i % 15, 10);
                    await source.FillAsync(1000 + i, 5);
                }
            },
            Token);
        for (var i = 0; i < 3; i++)
            Assert.Empty((await CopyAsync(source, target)).Problems);
        await stop.CancelAsync();
        await writer;

        Assert.True((await CopyAsync(source, target)).Complete);
    }

    [Fact]
    public async Task What_is_merged_of_a_console_after_a_copy_is_taken_over()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await source.FillAsync(1);
        await CopyAsync(source, target);
        await source.CommitAsync(new IngestBatch(SampleStore.Id(1, 2)) { Patch = new RunPatch { Status = RunStatus.Finished } });
        await CopyAsync(source, target);
        await new ConsoleMerger(source.Consoles, NullLogger<ConsoleMerger>.Instance).RunAsync(Token);

        var report = await CopyAsync(source, target);
        Assert.Equal((true, 1), (report.Complete, report.RunsCopied));
        var copied = (await target.Consoles.ReadAsync(SampleStore.Id(1, 2), 0, 1000, Token))!;
        Assert.Equal((6, 36), (copied.Lines, copied.Bytes));
        Assert.Single(copied.Chunks);
    }

    [Fact]
    public async Task What_is_sealed_after_a_copy_is_taken_over()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        var sample = new SealedSample(source);
        await sample.FillAsync();
        Assert.True((await CopyAsync(source, target)).Complete);

        await source.SealAsync(SealedSample.Run);
        await sample.LogAsync(20_000, 3);
        await IsTakenOverAsync(source, target, logRows: 1);

        // Nothing of the chunks changes by this.
        await sample.LogAsync(30_000, 3);
        await IsTakenOverAsync(source, target, logRows: 2);
        await source.SealAsync(SealedSample.Run);
        await IsTakenOverAsync(source, target, logRows: 0);
    }

    [Fact]
    public async Task A_run_that_is_sealed_during_the_copy_is_told_as_changed_and_lacks_nothing_in_the_end()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        var sample = new SealedSample(source);
        await sample.FillAsync();
        await source.FillAsync(1);
        var rows = 0;
        var sealing = new Doing(() =>
        {
            if (rows++ > 30)
                return;
            sample.LogAsync(20_000 + rows, 1).GetAwaiter().GetResult();
            source.SealAsync(SealedSample.Run, 1).GetAwaiter().GetResult();
        });
        var report = await new StoreCopy(source.Parts, target.Parts).RunAsync(sealing, Token);
        Assert.Empty(report.Problems);
        Assert.False(report.Complete);
        Assert.Equal(1, report.ChangedMeanwhile);

        await IsTakenOverAsync(source, target, logRows: null);
    }

    [Fact]
    public async Task A_run_that_the_sealer_is_done_with_is_no_damage()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await new SealedSample(source).FillAsync();
        var done = false;
        var sealing = new Doing(() =>
        {
            if (!done)
                source.ExecuteAsync("delete from unsealed_run").GetAwaiter().GetResult();
            done = true;
        });
        Assert.Empty((await new StoreCopy(source.Parts, target.Parts).RunAsync(sealing, Token)).Problems);
        var second = await CopyAsync(source, target);
        Assert.True(second.Complete);
        Assert.Equal(0, second.Tables.Single(t => t.Name is "unsealed_run").Rows);
    }

    [Theory]
    [InlineData("delete from metric_chunk where slot < 0")]
    [InlineData("delete from metric_rollup")]
    [InlineData("update metric_chunk set summary = digest where slot >= 0 and first_step = 8")]
    [InlineData("update metric_chunk set payload = digest where slot >= 0 and first_step = 8")]
    [InlineData("delete from metric_log")]
    public async Task What_a_copy_lost_is_copied_again(string loss)
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await new SealedSample(source).FillAsync();
        await CopyAsync(source, target);
        await target.ExecuteAsync(loss);
        await IsTakenOverAsync(source, target, logRows: 2);
    }

    [Fact]
    public async Task A_source_that_went_back_is_taken_over()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await new SealedSample(source).FillAsync();
        Assert.True((await CopyAsync(source, target)).Complete);
        await target.ExecuteAsync("delete from metric_log");
        await target.ExecuteAsync("update runs set sealed_seq = next_seq, tail_points = 0, next_chunk = next_chunk + 1");
        await IsTakenOverAsync(source, target, logRows: 2);
    }

    [Fact]
    public async Task What_was_erased_goes_from_the_copy_too()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await new SealedSample(source).FillAsync();
        await source.CommitAsync(new IngestBatch(SealedSample.Run) { Patch = new RunPatch { Status = RunStatus.Finished } });
        Assert.True((await CopyAsync(source, target)).Complete);
        await source.Erasures.EraseSeriesAsync(SealedSample.Run, "short", "asked for", 1, Token);
        await IsTakenOverAsync(source, target, logRows: 0);
        var run = Assert.Single(await source.Erasures.ListExpirableAsync(long.MaxValue, null, 10, Token));
        await source.Erasures.ExpireAsync(run, "old", 2, Token);
        await IsTakenOverAsync(source, target, logRows: 0);
        Assert.Equal(2, (await target.Erasures.ListAsync([SealedSample.Run], Token)).Count);
        Assert.Empty(await target.Erasures.ListExpirableAsync(long.MaxValue, null, 10, Token));
    }

    [Fact]
    public async Task A_damaged_chunk_keeps_a_copy_from_being_complete()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await new SealedSample(source).FillAsync();
        await source.ExecuteAsync("update metric_chunk set payload = digest where slot < 0");
        var report = await CopyAsync(source, target);
        Assert.False(report.Complete);
        Assert.Matches("run number [0-9]+ chunk [0-9]+ of its metrics is damaged in the source", Assert.Single(report.Problems));
    }

    private static async Task IsTakenOverAsync(SampleStore source, SampleStore target, long? logRows)
    {
        var report = await CopyAsync(source, target);
        Assert.Empty(report.Problems);
        Assert.True(report.Complete);
        if (logRows is { } rows)
            Assert.Equal(rows, report.Tables.Single(t => t.Name is "metric_log").Rows);
        Assert.Empty((await new StoreCheck(target.Parts).RunAsync(fast: true, null, Token)).Findings);
    }

    private protected static Task<CopyReport> CopyAsync(SampleStore source, SampleStore target) =>
        new StoreCopy(source.Parts, target.Parts).RunAsync(null, Token);

    /// <summary>Does something whenever a copy reports how far it is.</summary>
    private sealed class Doing(Action action) : IProgress<AdminProgress>
    {
        private readonly Lock _lock = new();

        public void Report(AdminProgress value)
        {
            lock (_lock)
                action();
        }
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<AdminProgress>
    {
        public void Report(AdminProgress value) => stop.Cancel();
    }
}

public sealed class SqliteToSqliteTests : CopyConformance
{
    [Fact]
    public async Task A_run_that_the_source_lost_is_removed()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenSourceAsync();
        await source.FillAsync(1);
        await CopyAsync(source, target);
        await source.ExecuteAsync("delete from run_document where run_no = 1");
        foreach (var table in (string[])["run_input_tag where input_id = 1", "run_input where run_no = 1", "run_model where run_no = 1", "runs where run_no = 1"])
            await source.ExecuteAsync($"delete from {table}");
        foreach (var table in (string[])["params", "tags", "metric_latest", "artifact", "ingest_source"])
            await source.ExecuteAsync($"delete from {table} where run_no = 1");
        await source.ExecuteAsync("delete from metric_log where position < 2 * 4294967296");

        Assert.True((await CopyAsync(source, target)).Complete);
        Assert.Null(await target.Runs.GetAsync(SampleStore.Id(1, 0), Token));
    }

    [Fact]
    public async Task Damage_in_the_source_is_reported_and_the_copy_stays_incomplete()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenSourceAsync();
        await source.FillAsync(1);
        var hash = SampleStore.HashOf("content 0 of 1");
        var file = Path.Combine(source.Folder, "blobs", hash[..2], hash);
        await File.WriteAllTextAsync(file, "CONTENT 0 of 1", Token);
        await source.ExecuteAsync("update metric_log set payload = zeroblob(9) where position = 2 * 4294967296");

        var report = await CopyAsync(source, target);
        Assert.False(report.Complete);
        Assert.Equal<string[]>(
            ["run number 2 row 0 of its metric log is damaged in the source", $"blob {hash}: the source has other content under this name; it was not copied"],
            [.. report.Problems.Take(2)]);
        await Assert.ThrowsAsync<RunstoneException>(() => CopyMark.RefuseIncompleteAsync(target.Parts.Database, "here", Token));
    }

    [Fact]
    public async Task A_stamp_that_stayed_the_same_hides_no_change()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await source.FillAsync(1);
        await CopyAsync(source, target);
        await source.ExecuteAsync("update tags set value = 'changed in the same millisecond' where run_no = 3");

        Assert.True((await CopyAsync(source, target)).Complete);
    }

    private protected override Task<SampleStore> OpenSourceAsync() => SampleStore.OpenAsync();

    private protected override Task<SampleStore> OpenTargetAsync() => SampleStore.OpenAsync();
}

public sealed class SqliteToPostgresTests : CopyConformance
{
    [Fact]
    public async Task A_text_that_the_target_cannot_keep_is_replaced_and_reported()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await source.FillAsync(1);
        await source.ExecuteAsync("update params set value = 'a' || char(0) || 'b' where run_no = 3 and key_id = (select min(key_id) from params where run_no = 3)");
        await source.ExecuteAsync("update experiment set name = name || char(0) where id = 1");

        var report = await CopyAsync(source, target);
        Assert.True(report.Complete);
        Assert.Equal<string[]>(["experiment.name, id 1: U+0000 became U+2400", "params.value, run_no 3: U+0000 became U+2400"], [.. report.Remarks]);
        Assert.Equal("exp 1\u2400", (await target.Experiments.GetAsync(1, Token))!.Name);
    }

    [Fact]
    public async Task New_rows_of_the_target_get_new_numbers_and_going_back_gives_the_same_store()
    {
        await using var source = await OpenSourceAsync();
        await using var target = await OpenTargetAsync();
        await using var back = await OpenSourceAsync();
        await source.FillAsync(1, 60);
        var there = await CopyAsync(source, target);
        var again = await CopyAsync(target, back);
        Assert.True(again.Complete);
        Assert.Equal(there.Tables, again.Tables);
        Assert.Empty((await new StoreCheck(target.Parts).RunAsync(fast: false, null, Token)).Findings);
        Assert.Empty((await new StoreCheck(back.Parts).RunAsync(fast: false, null, Token)).Findings);

        await CopyMark.ForgetAsync(target.Parts.Database, Token);
        await target.FillAsync(2, 60);
        Assert.Empty((await new StoreCheck(target.Parts).RunAsync(fast: false, null, Token)).Findings);
    }

    private protected override Task<SampleStore> OpenSourceAsync() => SampleStore.OpenAsync();

    private protected override Task<SampleStore> OpenTargetAsync() => SampleStore.OpenPostgresAsync();
}

public sealed class PostgresToSqliteTests : CopyConformance
{
    private protected override Task<SampleStore> OpenSourceAsync() => SampleStore.OpenPostgresAsync();

    private protected override Task<SampleStore> OpenTargetAsync() => SampleStore.OpenAsync();
}

public sealed class PostgresToPostgresTests : CopyConformance
{
    private protected override Task<SampleStore> OpenSourceAsync() => SampleStore.OpenPostgresAsync();

    private protected override Task<SampleStore> OpenTargetAsync() => SampleStore.OpenPostgresAsync();
}
