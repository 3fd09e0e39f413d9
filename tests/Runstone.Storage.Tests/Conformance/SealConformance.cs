using CsCheck;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="ISealStore"/>.</summary>
public abstract class SealConformance : StoreConformance
{
    private static readonly double[] Odd =
    [
        0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234), BitConverter.Int64BitsToDouble(unchecked((long)0xFFF0_0000_0000_0001)),
        double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 1e-310, 0.1,
    ];

    /// <summary>Few steps and times, so that points repeat and fall into each other's chunks; some at the ends of their ranges.</summary>
    private static readonly Gen<MetricPoint> Point = Gen.Select(
        Gen.Int[0, 2], Gen.OneOf(Gen.Int[0, 40].Select(i => (long)i), Gen.Int[0, 2].Select(i => i switch { 0 => long.MinValue, 1 => long.MaxValue, _ => -1L })), Gen.Int[0, 3].Select(i => i switch { 2 => 1, 3 => 999_999, _ => 0 }),
        Gen.OneOf(Gen.Int[0, 3].Select(i => (long)i), Gen.Bool.Select(b => b ? long.MinValue : long.MaxValue)), Gen.Int[0, Odd.Length - 1],
        (key, step, micros, time, value) => new MetricPoint(key, new Step(step, micros), time, Odd[value]));

    private int _round;

    [Fact]
    public async Task Any_points_in_any_order_stay_what_they_are()
    {
        await Gen.Select(Point.Array[1, 400], Gen.Int[1, 300]).Array[1, 8].SampleAsync(
            async batches =>
            {
                var (id, arrived) = ($"any-{_round++}", new Dictionary<string, List<SeriesPoint>>(StringComparer.Ordinal));
                await WriteAsync(Create(id));
                foreach (var (points, pass) in batches)
                {
                    await LogAsync(id, new MetricBatch(["a", "b", "c"], points), arrived);
                    await SealAsync(id, pass, 2 * pass);
                    await CompareAsync(id, arrived);
                }
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public async Task Long_series_become_chunks_that_do_not_overlap()
    {
        await WriteAsync(Create("r1"));
        var arrived = new Dictionary<string, List<SeriesPoint>>(StringComparer.Ordinal);
        var random = new Random(5);
        for (var batch = 0; batch < 10; batch++)
        {
            // Steps go on for the most part; every tenth point falls anywhere into what is there, every hundredth is a repeat of all.
            var points = Enumerable.Range(batch * 10_000, 10_000).Select(
                i => new MetricPoint(0, new Step(i % 10 == 3 ? random.Next(i + 1) : i), i / 3, i % 100 == 7 ? 1 : random.NextDouble())).ToArray();
            await LogAsync("r1", new MetricBatch(["m"], points), arrived);
            Assert.Equal(10_000, await SealAsync("r1", 4_000));
            await HoldsAsync();
        }

        await CompareAsync("r1", arrived);
        Assert.Equal([0], await Store.Numbers("select count(*) from metric_log"));
    }

    [Fact]
    public async Task All_points_at_one_step_are_told_apart_by_their_times()
    {
        await WriteAsync(Create("r1"));
        var arrived = new Dictionary<string, List<SeriesPoint>>(StringComparer.Ordinal);
        for (var batch = 0; batch < 6; batch++)
        {
            var points = Enumerable.Range(batch * 6_000, 6_000).Select(i => new MetricPoint(0, default, i, i)).ToArray();
            await LogAsync("r1", new MetricBatch(["m"], points), arrived);
            await SealAsync("r1");
        }

        await CompareAsync("r1", arrived);
        // Points behind all others leave full chunks alone.
        Assert.Equal([36_000 % 8192, 8192, 8192, 8192, 8192], await Store.Numbers("select points from metric_chunk order by points"));
    }

    [Fact]
    public async Task Many_short_series_share_packs_until_they_grow()
    {
        var keys = Enumerable.Range(0, 70).Select(i => $"k{i}").ToArray();
        await WriteAsync(Create("r1"));
        var arrived = new Dictionary<string, List<SeriesPoint>>(StringComparer.Ordinal);
        for (var batch = 0; batch < 5; batch++)
        {
            var from = batch * 7;
            await LogAsync("r1", new MetricBatch(keys, Enumerable.Range(0, 70 * 7).Select(i => new MetricPoint(i % 70, new Step(from + (i / 70)), i, i)).ToArray()), arrived);
            await SealAsync("r1");
        }

        Assert.InRange((await Store.Numbers("select slot from metric_chunk")).Count, 2, 3);
        Assert.DoesNotContain(await Store.Numbers("select slot from metric_chunk"), slot => slot >= 0);
        await LogAsync("r1", new MetricBatch(["k5", "k6"], Enumerable.Range(0, 900).Select(i => new MetricPoint(i % 2, new Step(1000 + i), i, 1)).ToArray()), arrived);
        await SealAsync("r1");
        Assert.DoesNotContain(await Store.Numbers("select slot from metric_chunk"), slot => slot >= 0);
        await LogAsync("r1", new MetricBatch(["k5"], Enumerable.Range(0, 100).Select(i => new MetricPoint(0, new Step(5000 + i), i, 1)).ToArray()), arrived);
        await SealAsync("r1");
        Assert.Equal(35 + 450 + 100, Assert.Single(await Store.Numbers("select points from metric_chunk where slot >= 0")));
        await CompareAsync("r1", arrived);
    }

    [Fact]
    public async Task Rollups_tell_of_whole_rows_of_chunks_and_follow_changes()
    {
        const int Points = (ChunkRollup.MaxChunks * ChunkEncoder.MaxPoints) + 20_000;
        await WriteAsync(Create("r1"));
        for (var from = 0; from < Points; from += 262_144)
        {
            var points = Enumerable.Range(from, Math.Min(262_144, Points - from)).Select(i => new MetricPoint(0, new Step(2 * i), i, i % 7)).ToArray();
            await WriteAsync(new IngestBatch("r1") { Metrics = new MetricBatch(["m"], points) });
            await SealAsync("r1");
        }

        Assert.Equal([ChunkRollup.MaxChunks * ChunkEncoder.MaxPoints], await Store.Numbers("select points from metric_rollup"));
        var before = await Store.Numbers("select no from metric_rollup");
        await WriteAsync(new IngestBatch("r1") { Metrics = PointAt("m", 2 * (Points - 1) + 5) });
        await SealAsync("r1");
        Assert.Equal(before, await Store.Numbers("select no from metric_rollup"));
        await WriteAsync(new IngestBatch("r1") { Metrics = PointAt("m", 8192 * 200 + 1) });
        await SealAsync("r1");
        Assert.NotEqual(before, await Store.Numbers("select no from metric_rollup"));
        await HoldsAsync();
    }

    [Fact]
    public async Task The_end_of_a_run_merges_its_small_chunks()
    {
        await WriteAsync(Create("r1"));
        var arrived = new Dictionary<string, List<SeriesPoint>>(StringComparer.Ordinal);
        foreach (var (from, count) in ((int, int)[])[(0, 5000), (10_000, 1500), (20_000, 500), (30_000, 100)])
        {
            await LogAsync("r1", new MetricBatch(["m"], Enumerable.Range(from, count).Select(i => new MetricPoint(0, new Step(i), i, i)).ToArray()), arrived);
            await SealAsync("r1");
        }

        Assert.Equal(4, (await Store.Numbers("select no from metric_chunk")).Count);
        Assert.Empty(await Store.Seals.ListUnsealedAsync(1, 0, Now + 1, 10, Token));
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Status = RunStatus.Finished } });
        var last = (await Store.Runs.GetAsync("r1", Token))!.UpdatedAt;
        Assert.Empty(await Store.Seals.ListUnsealedAsync(1, 0, last, 10, Token));
        Assert.True(Assert.Single(await Store.Seals.ListUnsealedAsync(1, 0, last + 1, 10, Token)).HasEnded);
        await SealAsync("r1");
        Assert.Equal([7100], await Store.Numbers("select points from metric_chunk"));
        Assert.Empty(await Store.Seals.ListUnsealedAsync(0, last + 1, last + 1, 10, Token));
        await CompareAsync("r1", arrived);
    }

    [Fact]
    public async Task A_pass_that_replaces_many_chunks_is_several_transactions_that_no_read_shows()
    {
        await WriteAsync(Create("r1"));
        var arrived = new Dictionary<string, List<SeriesPoint>>(StringComparer.Ordinal);
        await LogAsync("r1", new MetricBatch(["m"], Enumerable.Range(0, 80_000).Select(i => new MetricPoint(0, new Step(i), i, i)).ToArray()), arrived);
        await SealAsync("r1");
        foreach (var scale in new[] { 2000, 1999 })
        {
            // Two rows, whose points fall from the last chunk to the first, some of them twice and some of them there before.
            var points = Enumerable.Range(0, 80).Select(i => new MetricPoint(0, new Step((80 - i) / 2 * scale), i, 0.5)).ToArray();
            await LogAsync("r1", new MetricBatch(["m"], points[..50]), arrived);
            await LogAsync("r1", new MetricBatch(["m"], (MetricPoint[])[.. points[30..], new MetricPoint(0, new Step(10_000), 10_000, 10_000)]), arrived);
            await StopInPassAsync("r1");
            await CompareAsync("r1", arrived);
            var (frame, all) = ((await Store.Metrics.DrawAsync([new FrameQuery("r1", "m", FrameAxis.Step, 100)], Token))[0], arrived["m"].Distinct().Count());
            Assert.Equal((all, all), (frame.Points, frame.Count.Sum()));
            var outcome = await Store.Seals.SealAsync((await Store.Numbers("select run_no from runs"))[0], new SealOptions { MaxReplaced = 16_000 }, Token);
            Assert.Equal((101L, 2L, false), (outcome.Points, outcome.Rows, outcome.More));
            Assert.InRange(outcome.Transactions, 4, 12);
            await HoldsAsync();
            await CompareAsync("r1", arrived);
        }
    }

    [Fact]
    public async Task What_is_not_sealed_is_counted_and_listed()
    {
        await WriteAsync(Create("r1") with { Metrics = Points(("a", 1, 1, 1), ("b", 1, 1, 1)) });
        await WriteAsync(Create("r2"));
        await CommitAsync(new IngestBatch("r1") { Metrics = Points(("a", 2, 1, 1)) }, new IngestBatch("r2") { Metrics = Points(("a", 2, 1, 1)) });
        Assert.Equal(new UnsealedTotals(2, 4), await Store.Seals.CountUnsealedAsync(Token));
        var run = Assert.Single(await Store.Seals.ListUnsealedAsync(3, 0, Now + 1, 10, Token));
        Assert.Equal((3, Now + 1, false), (run.Points, run.UpdatedAt, run.HasEnded));
        Assert.Equal(2, (await Store.Seals.ListUnsealedAsync(3, Now + 2, 0, 10, Token)).Count);
        Assert.Single(await Store.Seals.ListUnsealedAsync(3, Now + 2, 0, 1, Token));

        Assert.Equal(3, await SealAsync("r1"));
        Assert.Equal(new UnsealedTotals(1, 1), await Store.Seals.CountUnsealedAsync(Token));
        var outcome = (await CommitAsync(new IngestBatch("r1") { Metrics = Points(("a", 3, 1, 1), ("a", 4, 1, 1)) }))[0];
        Assert.Equal(2, outcome.TailPoints);
        Assert.Equal(new UnsealedTotals(2, 3), await Store.Seals.CountUnsealedAsync(Token));
        Assert.Equal(default, await Store.Seals.SealAsync(987_654, new SealOptions(), Token));
    }

    [Fact]
    public async Task Writers_readers_and_overlapping_passes_do_not_disturb_each_other()
    {
        await WriteAsync(Create("r1"));
        var arrived = new Dictionary<string, List<SeriesPoint>>(StringComparer.Ordinal);
        using var done = new CancellationTokenSource();
        var sealers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await SealAsync("r1", 300);
        })).ToList();
        for (var i = 0; i < 60; i++)
        {
            await LogAsync("r1", new MetricBatch(["a", "b"], Enumerable.Range(i * 50, 60).Select(s => new MetricPoint(s % 2, new Step(s), s, s)).ToArray()), arrived);
            await CompareAsync("r1", arrived);
        }

        await done.CancelAsync();
        await Task.WhenAll(sealers);
        await SealAsync("r1");
        await CompareAsync("r1", arrived);
        Assert.Equal(new UnsealedTotals(0, 0), await Store.Seals.CountUnsealedAsync(Token));
    }

    /// <summary>Stops a pass after one of its transactions, as a server that ends does.</summary>
    private async Task StopInPassAsync(string id)
    {
        var run = (await Store.Numbers($"select run_no from runs where run_id = '{id}'"))[0];
        var before = await Store.Numbers("select next_chunk from runs");
        using var stop = new CancellationTokenSource();
        var pass = Task.Run(() => Store.Seals.SealAsync(run, new SealOptions { MaxReplaced = 8192 }, stop.Token), Token);
        while (!pass.IsCompleted && (await Store.Numbers("select next_chunk from runs")).SequenceEqual(before))
            await Task.Yield();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);
        Assert.Equal(101, (await Store.Seals.CountUnsealedAsync(Token)).Points);
    }

    private static MetricBatch PointAt(string key, long step) => Points((key, step, 1, 1));

    /// <summary>Writes and remembers what every read must return: equal points once, in the order of arrival.</summary>
    private async Task LogAsync(string id, MetricBatch batch, Dictionary<string, List<SeriesPoint>> arrived)
    {
        await WriteAsync(new IngestBatch(id) { Metrics = batch });
        foreach (var point in batch.Points.ToArray())
        {
            if (!arrived.TryGetValue(batch.Keys[point.Key], out var series))
                arrived[batch.Keys[point.Key]] = series = [];
            series.Add(new SeriesPoint(point.Step, point.Time, point.Value));
        }
    }

    private async Task CompareAsync(string id, Dictionary<string, List<SeriesPoint>> arrived)
    {
        foreach (var (key, points) in arrived)
        {
            var expected = points.Select(ModelRun.Identity).Distinct().ToList();
            Assert.Equal(expected, (await SeriesAsync(id, key, SeriesOrder.Arrival)).Select(ModelRun.Identity));
            var sorted = await SeriesAsync(id, key);
            Assert.Equal(expected.Count, sorted.Count);
            Assert.Equal(expected.ToHashSet(), sorted.Select(ModelRun.Identity).ToHashSet());
            Assert.Equal(sorted.Order(), sorted);
            Assert.Equal(points.Count, (await Store.Metrics.ListAsync(id, Token)).Single(m => string.Equals(m.Key, key, StringComparison.Ordinal)).Count);
        }
    }

    /// <summary>Chunks follow each other without overlap, whole steps apart or by what their summaries say.</summary>
    private async Task HoldsAsync()
    {
        var firsts = await Store.Numbers("select first_step from metric_chunk where slot >= 0 order by first_step, no");
        var lasts = await Store.Numbers("select last_step from metric_chunk where slot >= 0 order by first_step, no");
        for (var i = 1; i < firsts.Count; i++)
            Assert.True(lasts[i - 1] <= firsts[i], $"{lasts[i - 1]} {firsts[i]}");
    }
}
