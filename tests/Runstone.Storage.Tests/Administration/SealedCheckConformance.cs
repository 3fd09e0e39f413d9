using Runstone.Core.Ingest;
using Runstone.Core.Runs;
using Runstone.Storage.Administration;

namespace Runstone.Storage.Tests.Administration;

/// <summary>What sealing made is sound; each damage to it is found, and nothing else.</summary>
public abstract class SealedCheckConformance : IAsyncLifetime
{
    private const string Last = "slot >= 0 and first_step = 1024";

    private SampleStore _store = null!;
    private SealedSample _sample = null!;

    private protected abstract Task<SampleStore> OpenAsync();

    /// <summary>The statement, written for the embedded engine, as this one spells it.</summary>
    private protected virtual string Spell(string sql) => sql;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _sample = new SealedSample(_store);
        await _sample.FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_sound_run_has_no_findings()
    {
        var report = await CheckAsync();
        Assert.Empty(report.Findings);
        Assert.Equal((1, 2, 258, 2), (report.Runs, report.LogRows, report.Chunks, report.Series));
        Assert.Equal(SealedSample.LastChunk + 8192 + 2 + 3, report.Points);

        await _store.SealAsync(SealedSample.Run);
        Assert.Empty((await CheckAsync()).Findings);
    }

    [Fact]
    public async Task A_pass_that_was_stopped_between_two_transactions_is_no_damage()
    {
        await _sample.BeginPassAsync();
        Assert.Empty((await CheckAsync()).Findings);
        await _store.SealAsync(SealedSample.Run);
        Assert.Empty((await CheckAsync()).Findings);
    }

    [Fact]
    public async Task Erasures_are_no_damage()
    {
        await _store.Erasures.EraseSeriesAsync(SealedSample.Run, "short", "asked for", 1, Token);
        var report = await CheckAsync();
        Assert.Empty(report.Findings);
        Assert.Equal((1, SealedSample.LastChunk + 8192 + 3), (report.Series, report.Points));
        await _store.CommitAsync(new IngestBatch(SealedSample.Run) { Patch = new RunPatch { Status = RunStatus.Finished } });
        await _store.Erasures.ExpireAsync(Assert.Single(await _store.Erasures.ListExpirableAsync(long.MaxValue, null, 10, Token)), "old", 2, Token);
        Assert.Empty((await CheckAsync()).Findings);
        await _sample.LogAsync(7, 2);
        report = await CheckAsync();
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Points);
        await _store.ExecuteAsync("update metric_latest set max_value = 0");
        await FindsAsync("The newest values of the metric 'long'");
    }

    [Theory]
    [InlineData("update metric_chunk set payload = zeroblob(9) where " + Last, "Chunk * of the metric 'long' of run sealed does not fit its digest")]
    [InlineData(
        "update metric_chunk set payload = x'', digest = x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' where " + Last,
        "Chunk * of the metric 'long' of run sealed cannot be read")]
    [InlineData("update metric_chunk set payload = zeroblob(9) where slot < 0", "Chunk * of the metrics with key numbers 0 to 63 of run sealed does not fit its digest")]
    [InlineData(
        "update metric_chunk set payload = x'', digest = x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' where slot < 0",
        "Chunk * of the metrics with key numbers 0 to 63 of run sealed cannot be read")]
    [InlineData("update metric_chunk set points = 8191 where " + Last, "has 8192 points at steps 1024 to 9215 and is listed with 8191 at 1024 to 9215")]
    [InlineData("update metric_chunk set last_step = 9216 where " + Last, "has 8192 points at steps 1024 to 9215 and is listed with 8192 at 1024 to 9216")]
    [InlineData("update metric_chunk set first_step = 0 where slot < 0", "has 2 points at steps 1 to 3 and is listed with")]
    [InlineData("update metric_chunk set summary = x'' where " + Last, "has a summary that cannot be read")]
    [InlineData("update metric_chunk set summary = (select summary from metric_chunk where slot >= 0 and first_step = 8) where " + Last, "has a summary with 4 points instead of 8192")]
    [InlineData(
        "update metric_chunk set summary = (select summary from metric_chunk where slot >= 0 and first_step = 8) where slot >= 0 and first_step = 12",
        "has a summary with another first or last point")]
    [InlineData("update metric_chunk set summary = x'00' where slot < 0", "is a pack and has a summary all the same")]
    [InlineData("update metric_chunk set no = 100000 where " + Last, "Chunk 100000 of the metric 'long' of run sealed has a number that the run, whose next one is")]
    [InlineData("update metric_chunk set no = (select no from metric_chunk where slot < 0) where " + Last, "has a number that another chunk or rollup of the run has too")]
    [InlineData("update metric_chunk set slot = -2 where slot < 0", "of the metrics with key numbers 64 to 127 of run sealed has points of the key number *, which belong into another pack")]
    [InlineData(
        "insert into metric_chunk select run_no, slot, first_step, 1, last_step, points, summary, payload, digest from metric_chunk where slot < 0",
        "Chunk * of the metrics with key numbers 0 to 63 of run sealed is a second pack of these metrics")]
    [InlineData("delete from metric_chunk where slot >= 0 and first_step = 8", "Chunk * of the metric 'long' of run sealed is missing; rollup * names it")]
    [InlineData("delete from metric_chunk where slot < 0", "Run sealed counts 9218 sealed points, and its chunks have 9216")]
    [InlineData("delete from metric_chunk where " + Last, "Run sealed counts 9218 sealed points, and its chunks have 1026")]
    [InlineData("update runs set sealed_points = 9000", "Run sealed counts 9000 sealed points, and its chunks have 9218")]
    [InlineData("delete from metric_rollup", "1 rollups of the metric 'long' of run sealed are missing")]
    [InlineData("update metric_rollup set payload = x''", "Rollup * of the metric 'long' of run sealed cannot be read")]
    [InlineData("update metric_rollup set points = points + 1", "Rollup * of the metric 'long' of run sealed is not what the summaries of its chunks say")]
    [InlineData("update runs set sealed_seq = sealed_seq - 1", "Run sealed should have 3 rows in the metric log and has 2, the last with number 2")]
    [InlineData("update runs set sealed_seq = sealed_seq + 1", "The metric log of run sealed has row 1, though all rows below 2 are sealed into chunks")]
    [InlineData("update runs set tail_points = 4", "Run sealed counts 4 points that are not sealed, and its metric log has 2 rows with 3 points")]
    [InlineData("update runs set tail_points = 1", "Run sealed counts 1 points that are not sealed, and its metric log has 2 rows with 3 points")]
    [InlineData("delete from unsealed_run", "Run sealed has 2 rows in the metric log, and the sealer does not know of it")]
    [InlineData("update metric_latest set first = 5 where count > 100", "The newest values of the metric 'long'")]
    [InlineData("update metric_latest set max_value = 9 where count > 100", "The newest values of the metric 'long'")]
    [InlineData("update metric_latest set count = 9000 where count > 100", "The newest values of the metric 'long'")]
    [InlineData("insert into metric_chunk (run_no, slot, first_step, no, last_step, points, summary, payload, digest) values (9999, 1, 1, 1, 1, 1, x'00', x'00', x'00')", "1 rows of metric_chunk belong to a row of runs that is not there")]
    public async Task A_damage_is_found(string damage, string expected)
    {
        await _store.ExecuteAsync(Spell(damage));
        await FindsAsync(expected);
    }

    [Fact]
    public async Task Points_that_came_twice_are_counted_as_repeats() =>
        Assert.Equal(SealedSample.LastChunk + 8192 + 3, (await CheckAsync()).Repeats);

    [Fact]
    public async Task Chunks_that_overlap_are_found()
    {
        await _sample.ReplaceAsync(1020, (points, changed) =>
        {
            changed.AddRange(points, 0, points.Count);
            changed.Add(new(new(1025), 1025, 3), points.Ranks[^1] + 1);
        });
        await FindsAsync("Chunk * of the metric 'long' of run sealed begins before chunk * ends");
    }

    [Fact]
    public async Task Points_that_are_not_in_order_are_found()
    {
        await _sample.ReplaceAsync(SealedSample.LastChunk, (points, changed) =>
        {
            changed.AddRange(points, 0, 100);
            changed.AddRange(points, 101, 1);
            changed.AddRange(points, 100, 1);
            changed.AddRange(points, 102, points.Count - 102);
        });
        await FindsAsync("Chunk * of the metric 'long' of run sealed has points that are not in order, or twice");
    }

    [Fact]
    public async Task A_series_in_a_pack_and_in_a_chunk_is_found()
    {
        await _sample.AddChunkOfPackAsync();
        await FindsAsync("Chunk * of the metric 'short' of run sealed is beside a pack with points of the same series");
    }

    [Fact]
    public async Task Many_damages_are_all_told()
    {
        await _store.ExecuteAsync(Spell("update metric_chunk set payload = zeroblob(9)"));
        var report = await CheckAsync();
        Assert.Equal(258, report.FindingCount);
        Assert.All(report.Findings, f => Assert.Equal("run", f.Where));
    }

    /// <summary>One finding, with the words between stars in their order.</summary>
    private async Task FindsAsync(string expected)
    {
        var report = await CheckAsync();
        var finding = Assert.Single(report.Findings);
        var from = 0;
        foreach (var part in expected.Split('*'))
        {
            var at = finding.What.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{finding.What}' has no '{part}'");
            from = at + part.Length;
        }

        Assert.NotEmpty(finding.Advice);
    }

    private Task<CheckReport> CheckAsync() => new StoreCheck(_store.Parts).RunAsync(fast: true, null, Token);
}

public sealed class SqliteSealedCheckTests : SealedCheckConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenAsync();
}

public sealed class PostgresSealedCheckTests : SealedCheckConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenPostgresAsync();

    private protected override string Spell(string sql) => PostgresCheckTests.SpellBytes(sql);
}
