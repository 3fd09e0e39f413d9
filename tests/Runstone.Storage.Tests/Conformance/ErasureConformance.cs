using System.Collections.Concurrent;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IErasureStore"/>.</summary>
public abstract class ErasureConformance : StoreConformance
{
    private const long Later = Now + 1000;

    /// <summary>Points of the series that goes: sealed in its own chunks or in a pack, and left in the log.</summary>
    [Theory]
    [InlineData(0, 0, 40)]
    [InlineData(0, 400, 0)]
    [InlineData(0, 300, 50)]
    [InlineData(0, 400, 200)]
    [InlineData(20_000, 0, 0)]
    [InlineData(20_000, 9_000, 30)]
    [InlineData(2_200_000, 0, 100)]
    public async Task A_series_goes_wherever_its_points_are(int chunked, int packed, int left)
    {
        await WriteAsync(Create("r1"));
        await LogAsync("r1", 0, chunked);
        await SealAsync("r1");
        await LogAsync("r1", chunked, packed);
        await SealAsync("r1");
        await LogAsync("r1", chunked + packed, left);
        var points = chunked + packed + left;
        var others = (await SeriesAsync("r1", "other"), await SeriesAsync("r1", "short", SeriesOrder.Arrival));

        Assert.Equal(new MetricErasure("r1", "gone", points, "asked for", Later, false), await Store.Erasures.EraseSeriesAsync("r1", "gone", "asked for", Later, Token));
        foreach (var order in Enum.GetValues<SeriesOrder>())
            Assert.Empty(await SeriesAsync("r1", "gone", order));
        Assert.Equal("other short", await KeysAsync());
        Assert.Equal(others.Item1, await SeriesAsync("r1", "other"));
        Assert.Equal(others.Item2, await SeriesAsync("r1", "short", SeriesOrder.Arrival));
        Assert.Equal(0, (await Store.Metrics.DrawAsync([new FrameQuery("r1", "gone", FrameAxis.Step, 10)], Token))[0].Points);
        await CountsAsync();

        Assert.Null(await Store.Erasures.EraseSeriesAsync("r1", "gone", "again", Later, Token));
        MetricErasure[] erased = [new MetricErasure("r1", "gone", points, "asked for", Later, false)];
        Assert.Equal(erased, await Store.Erasures.ListAsync(["r1", "r2"], Token));
        Assert.Equal(erased, await Store.Erasures.ListAsync([.. Enumerable.Range(0, 2000).Select(i => $"r{i}")], Token));
        Assert.Empty(await Store.Erasures.ListAsync([.. Enumerable.Range(2, 2000).Select(i => $"r{i}")], Token));
    }

    [Fact]
    public async Task All_series_of_a_run_go_and_those_of_others_stay()
    {
        await WriteAsync(Create("r1"));
        await WriteAsync(Create("r2"));
        await LogAsync("r1", 0, 9000);
        await SealAsync("r1");
        await LogAsync("r1", 9000, 50);
        await LogAsync("r2", 0, 70);
        await SealAsync("r2");
        var expected = 2 * 9050 + 5 + 5;
        var erased = await Store.Erasures.EraseRunAsync("r1", "why", Later, Token);
        Assert.Equal(new MetricErasure("r1", null, expected, "why", Later, false), erased);
        Assert.Empty(await Store.Metrics.ListAsync("r1", Token));
        Assert.Empty(await SeriesAsync("r1", "gone"));
        Assert.Equal(70, (await SeriesAsync("r2", "gone")).Count);
        await CountsAsync();
        Assert.Equal(new UnsealedTotals(0, 0), await Store.Seals.CountUnsealedAsync(Token));
        Assert.Equal([1], await Store.Numbers("select count(*) from metric_erasure where key_id is null"));

        Assert.Null(await Store.Erasures.EraseRunAsync("r1", "again", Later, Token));
        Assert.Null(await Store.Erasures.EraseRunAsync("r9", "nothing", Later, Token));
        Assert.Null(await Store.Erasures.EraseSeriesAsync("r1", "unknown", "nothing", Later, Token));
    }

    [Fact]
    public async Task What_comes_later_is_a_new_series_and_what_came_before_does_not_come_again()
    {
        await WriteAsync(Create("r1"));
        var batch = new IngestBatch("r1") { Metrics = Points(("gone", 7, 1, 5), ("gone", 8, 1, 6)), Sequence = new BatchSequence("sdk", 3) };
        await WriteAsync(batch);
        await Store.Erasures.EraseSeriesAsync("r1", "gone", "why", Later, Token);
        Assert.True((await CommitAsync(batch))[0].Replayed);
        Assert.Empty(await SeriesAsync("r1", "gone"));

        await WriteAsync(new IngestBatch("r1") { Metrics = new MetricBatch(["gone"], new[] { new MetricPoint(0, Step.Unset, 2, 1) }) });
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("gone", 3, 4, 2)) });
        await SealAsync("r1");
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("gone", 2, 4, 9)) });
        Assert.Equal([1.0, 2, 9], (await SeriesAsync("r1", "gone", SeriesOrder.Arrival)).Select(p => p.Value));
        Assert.Equal(new Step(0), (await SeriesAsync("r1", "gone"))[0].Step);
        var summary = Assert.Single(await Store.Metrics.ListAsync("r1", Token));
        Assert.Equal((3, 1.0, 1.0, 9.0, 2.0), (summary.Count, summary.First, summary.Min, summary.Max, summary.Last));
        await CountsAsync();
    }

    [Fact]
    public async Task Writers_sealers_and_readers_go_on_meanwhile()
    {
        await WriteAsync(Create("r1"));
        using var done = new CancellationTokenSource();
        var erased = new ConcurrentBag<long>();
        var written = 0;
        Task[] others =
        [
            Task.Run(async () =>
            {
                while (!done.IsCancellationRequested)
                    await SealAsync("r1", 300);
            }),
            Task.Run(async () =>
            {
                while (!done.IsCancellationRequested)
                    erased.Add((await Store.Erasures.EraseSeriesAsync("r1", "gone", "why", Later, Token))?.Points ?? 0);
            }),
            Task.Run(async () =>
            {
                while (!done.IsCancellationRequested)
                {
                    var least = Volatile.Read(ref written);
                    Assert.InRange((await SeriesAsync("r1", "other")).Count, least, int.MaxValue);
                    var steps = (await SeriesAsync("r1", "gone")).ConvertAll(p => p.Step);
                    Assert.Equal(steps.Order(), steps);
                }
            }),
        ];
        for (var i = 0; i < 60; i++)
        {
            await LogAsync("r1", i * 100, 100);
            Volatile.Write(ref written, (i + 1) * 100);
        }

        await done.CancelAsync();
        await Task.WhenAll(others);
        await SealAsync("r1");
        Assert.Equal(6000, (await SeriesAsync("r1", "other")).Count);
        Assert.Equal(6000, erased.Sum() + (await SeriesAsync("r1", "gone")).Count);
        await CountsAsync();
    }

    [Fact]
    public async Task A_reader_who_began_before_ends_early_and_without_a_failure()
    {
        await WriteAsync(Create("r1"));
        await LogAsync("r1", 0, 200_000);
        await SealAsync("r1");
        var read = 0;
        await foreach (var block in Store.Metrics.ReadAsync(new SeriesQuery("r1", "gone"), Token))
        {
            if (read == 0)
                await Store.Erasures.EraseSeriesAsync("r1", "gone", "why", Later, Token);
            read += block.Length;
        }

        Assert.InRange(read, 8192, 199_999);
        Assert.Empty(await SeriesAsync("r1", "gone"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_erasure_that_fails_at_its_end_has_removed_nothing(bool whole)
    {
        await WriteAsync(Create("r1"));
        await LogAsync("r1", 0, 9000);
        await SealAsync("r1");
        await LogAsync("r1", 9000, 30);
        var before = await SeriesAsync("r1", "gone", SeriesOrder.Arrival);
        await Store.Execute("alter table metric_erasure rename to away");
        await Assert.ThrowsAnyAsync<Exception>(() => EraseAsync());
        await Store.Execute("alter table away rename to metric_erasure");
        Assert.Equal(before, await SeriesAsync("r1", "gone", SeriesOrder.Arrival));
        Assert.Equal(3, (await Store.Metrics.ListAsync("r1", Token)).Count);
        await CountsAsync();

        await LogAsync("r1", 9030, 10);
        Assert.Equal(9040 * (whole ? 2 : 1) + (whole ? 15 : 0), (await EraseAsync())!.Points);
        await CountsAsync();

        Task<MetricErasure?> EraseAsync() => whole
            ? Store.Erasures.EraseRunAsync("r1", "why", Later, Token)
            : Store.Erasures.EraseSeriesAsync("r1", "gone", "why", Later, Token);
    }

    [Fact]
    public async Task Damaged_rows_keep_a_series_and_not_a_run()
    {
        await WriteAsync(Create("r1"));
        await LogAsync("r1", 0, 30);
        await Store.Execute("update metric_log set digest = payload");
        var refused = await Assert.ThrowsAsync<RunstoneException>(() => Store.Erasures.EraseSeriesAsync("r1", "gone", "why", Later, Token));
        Assert.Equal(ErrorCode.Unavailable, refused.Error.Code);
        Assert.Equal(30, (await SeriesAsync("r1", "gone")).Count);
        Assert.Equal(65, (await Store.Erasures.EraseRunAsync("r1", "why", Later, Token))!.Points);
        Assert.Empty(await Store.Metrics.ListAsync("r1", Token));
    }

    [Fact]
    public async Task Long_integers_lose_their_texts()
    {
        await WriteAsync(Create("r1"));
        await LogAsync("r1", 0, 5);
        await Store.Execute(
            "insert into metric_text (run_no, key_id, step, step_micros, time, value, text) select run_no, key_id, 0, 0, 0, 1, 'x' from metric_latest");
        await Store.Erasures.EraseSeriesAsync("r1", "gone", "why", Later, Token);
        Assert.Equal([2], await Store.Numbers("select count(*) from metric_text"));
        await Store.Erasures.EraseRunAsync("r1", "why", Later, Token);
        Assert.Equal([0], await Store.Numbers("select count(*) from metric_text"));
    }

    [Fact]
    public async Task Retention_finds_runs_that_ended_and_that_nothing_keeps()
    {
        foreach (var id in (string[])["running", "ended", "registered", "tagged", "empty", "sealed"])
            await WriteAsync(Create(id));
        foreach (var id in (string[])["running", "ended", "registered", "tagged", "sealed"])
            await LogAsync(id, 0, 1000);
        foreach (var id in (string[])["ended", "registered", "tagged", "empty", "sealed"])
            await WriteAsync(new IngestBatch(id) { Patch = new RunPatch { Status = RunStatus.Finished } });
        await WriteAsync(new IngestBatch("tagged") { Tags = [new Tag(IErasureStore.KeepTag, "yes")] });
        await SealAsync("sealed");
        await RegisterAsync("registered");

        var last = (await Store.Runs.GetAsync("ended", Token))!.UpdatedAt;
        Assert.Empty(await Store.Erasures.ListExpirableAsync(last, null, 10, Token));
        var found = await Store.Erasures.ListExpirableAsync(last + 1, null, 10, Token);
        Assert.Equal("ended sealed", string.Join(' ', found.Select(r => r.RunId)));
        Assert.All(found, r => Assert.Equal((last, 2005), (r.UpdatedAt, r.Size.Points)));
        Assert.All(found, r => Assert.InRange(r.Size.Bytes, 300, 2005 * 20));
        Assert.Equal([found[1]], await Store.Erasures.ListExpirableAsync(last + 1, found[0], 10, Token));
        Assert.Equal([found[0]], await Store.Erasures.ListExpirableAsync(last + 1, null, 1, Token));
        var all = await Store.Erasures.MeasureAsync(Token);
        Assert.Equal(5 * 2005, all.Points);

        var summaries = await Store.Metrics.ListAsync("sealed", Token);
        Assert.Equal(new MetricErasure("sealed", null, 2005, "old", Later, true), await Store.Erasures.ExpireAsync(found[1], "old", Later, Token));
        Assert.Empty(await SeriesAsync("sealed", "gone"));
        Assert.Equal(summaries, await Store.Metrics.ListAsync("sealed", Token));
        Assert.Equal(all.Bytes - found[1].Size.Bytes, (await Store.Erasures.MeasureAsync(Token)).Bytes);
        await CountsAsync();

        await WriteAsync(new IngestBatch("ended") { Patch = new RunPatch { Status = RunStatus.Running } });
        Assert.Null(await Store.Erasures.ExpireAsync(found[0], "old", Later, Token));
        Assert.Equal(1000, (await SeriesAsync("ended", "gone")).Count);
        Assert.Null(await Store.Erasures.ExpireAsync(found[1], "old", Later, Token));
    }

    [Fact]
    public async Task A_summary_that_was_kept_takes_up_what_comes_later_and_can_be_erased_too()
    {
        await WriteAsync(Create("r1"));
        await LogAsync("r1", 0, 10);
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Finished } });
        var last = (await Store.Runs.GetAsync("r1", Token))!.UpdatedAt;
        await Store.Erasures.ExpireAsync((await Store.Erasures.ListExpirableAsync(last + 1, null, 1, Token))[0], "old", Later, Token);
        Assert.Equal(0, (await Store.Erasures.EraseSeriesAsync("r1", "short", "why", Later, Token))!.Points);
        Assert.Equal("gone other", await KeysAsync());
        await LogAsync("r1", 10, 2);
        Assert.Equal(12, (await Store.Metrics.ListAsync("r1", Token)).Single(m => m.Key is "gone").Count);
        Assert.Equal(2, (await SeriesAsync("r1", "gone")).Count);
        Assert.Equal(2, (await Store.Erasures.EraseSeriesAsync("r1", "gone", "why", Later, Token))!.Points);
        Assert.Equal("other short", await KeysAsync());
    }

    private async Task<string> KeysAsync() => string.Join(' ', (await Store.Metrics.ListAsync("r1", Token)).Select(m => m.Key));

    private async Task RegisterAsync(string runId)
    {
        await Store.Models.CreateAsync(new NewModel("m"), Now, Token);
        await Store.Models.CreateVersionAsync("m", new NewModelVersion("runs:/x") { RunId = runId }, Now, Token);
    }

    /// <summary>Writes 'gone' and 'other' side by side and, once a call, five points of 'short'.</summary>
    private async Task LogAsync(string id, int from, int count)
    {
        for (var done = 0; done < count;)
        {
            var (at, next) = (from + done, Math.Min(count - done, 200_000));
            var points = Enumerable.Range(at, next).SelectMany(i => (MetricPoint[])[new(0, new Step(i), i, i % 7), new(1, new Step(-i), i, i % 5)]);
            await WriteAsync(new IngestBatch(id) { Metrics = new MetricBatch(["gone", "other", "short"], points.Concat(Short(at, done)).ToArray()) });
            done += next;
            if (done < count)
                await SealAsync(id);
        }

        static IEnumerable<MetricPoint> Short(int at, int done) => done > 0 ? [] : Enumerable.Range(0, 5).Select(i => new MetricPoint(2, new Step(at + i), i, i));
    }

    /// <summary>What runs count is what is there, and all rows of the log are those of runs.</summary>
    private async Task CountsAsync()
    {
        Assert.Equal(
            await Store.Numbers("select cast(coalesce(sum(sealed_points), 0) as bigint) from runs"),
            await Store.Numbers("select cast(coalesce(sum(points), 0) as bigint) from metric_chunk"));
        Assert.Equal([0], await Store.Numbers("select count(*) from runs r where r.sealed_points <> coalesce((select sum(c.points) from metric_chunk c where c.run_no = r.run_no), 0)"));
        Assert.Equal(
            await Store.Numbers("select cast(coalesce(sum(next_seq - sealed_seq), 0) as bigint) from runs"), await Store.Numbers("select count(*) from metric_log"));
    }
}
