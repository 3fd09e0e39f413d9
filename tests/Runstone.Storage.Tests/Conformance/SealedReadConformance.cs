using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises of reads and drawings while points are in chunks, packs and the log.</summary>
public abstract class SealedReadConformance : StoreConformance
{
    [Fact]
    public async Task Series_are_read_by_time_and_from_any_point_on()
    {
        var points = Scattered(20_000);
        await LogAsync("r1", points);
        await SealAsync("r1", 3000);
        await LogAsync("r1", [.. points.Take(50), new MetricPoint(0, new Step(-1), 5, 0)]);
        var all = points.Append(new MetricPoint(0, new Step(-1), 5, 0)).Select(p => new SeriesPoint(p.Step, p.Time, p.Value)).Distinct().ToList();

        foreach (var order in new[] { SeriesOrder.Time, SeriesOrder.Step })
        {
            SeriesPoint[] expected = [.. all.OrderBy(p => order == SeriesOrder.Time ? p.Time : 0).ThenBy(p => p)];
            Assert.Equal(expected, await SeriesAsync("r1", "m", order));
            foreach (var at in new[] { 0, 7, 9999, expected.Length - 2 })
            {
                Assert.Equal(expected[(at + 1)..], await ReadAsync(new SeriesQuery("r1", "m") { Order = order, After = expected[at] }));
                var (from, to) = (new Step(100), new Step(5000));
                Assert.Equal(
                    expected[(at + 1)..].Where(p => p.Step >= from && p.Step <= to),
                    await ReadAsync(new SeriesQuery("r1", "m") { Order = order, After = expected[at], From = from, To = to }));
            }
        }
    }

    [Fact]
    public async Task Chunks_that_are_replaced_while_they_are_read_lose_and_repeat_nothing()
    {
        const int Count = 200_000;
        foreach (var order in Enum.GetValues<SeriesOrder>())
        {
            var run = order.ToString();
            await LogAsync(run, [.. Enumerable.Range(0, Count).Select(i => new MetricPoint(0, new Step(i), i, i))]);
            await SealAsync(run);
            var (read, rewrites) = (new List<SeriesPoint>(), 0);
            await foreach (var block in Store.Metrics.ReadAsync(new SeriesQuery(run, "m") { Order = order }, Token))
            {
                read.AddRange(block.Span);
                if (read.Count > (rewrites + 1) * 30_000)
                {
                    // Points that fall into many chunks, so that these are replaced.
                    rewrites++;
                    await LogAsync(run, [.. Enumerable.Range(0, 40).Select(i => new MetricPoint(0, new Step(5000 * i, rewrites), 5000 * i, 0.5))]);
                    await SealAsync(run);
                }
            }

            Assert.InRange(rewrites, 5, 7);
            Assert.Equal(Enumerable.Range(0, Count), read.Where(p => p.Step.Micros == 0).Select(p => (int)p.Value));
            Assert.Equal(read.Count, read.Distinct().Count());
        }
    }

    [Fact]
    public async Task Drawings_cover_every_point_once_however_much_is_sealed()
    {
        await LogAsync("none", Scattered(12_000));
        await LogAsync("part", Scattered(12_000));
        await SealAsync("part", 3000);
        await LogAsync("part", [.. Scattered(12_000).Take(500)]);
        await LogAsync("all", Scattered(12_000));
        await SealAsync("all");
        foreach (var axis in new[] { FrameAxis.Step, FrameAxis.Time, FrameAxis.RelativeTime })
        {
            var frames = await Store.Metrics.DrawAsync(
                [.. new[] { "none", "part", "all" }.SelectMany(r => new FrameQuery[] { new(r, "m", axis, 10), new(r, "m", axis, 700, 1000, 9000), new(r, "m", axis, 10_000, 1000, 1500) })], Token);

            for (var i = 0; i < 3; i++)
            {
                var plain = frames[i];
                Assert.Equal(plain.Points, plain.Count.Sum());
                foreach (var other in new[] { frames[i + 3], frames[i + 6] })
                {
                    Assert.Equal((plain.Exact, plain.Points, plain.X[0], plain.First[0], plain.Last[^1]), (other.Exact, other.Points, other.X[0], other.First[0], other.Last[^1]));
                    Assert.Equal((plain.Min.Min(), plain.Max.Max(), plain.Count.Sum()), (other.Min.Min(), other.Max.Max(), other.Count.Sum()));
                }
            }
        }
    }

    [Fact]
    public async Task A_series_with_rollups_is_drawn_as_one_without()
    {
        const int Count = (ChunkRollup.MaxChunks * ChunkEncoder.MaxPoints) + 20_000;
        await WriteAsync(Create("r1"));
        for (var from = 0; from < Count; from += 262_144)
        {
            await LogAsync("r1", [.. Enumerable.Range(from, Math.Min(262_144, Count - from)).Select(i => new MetricPoint(0, new Step(i), i, i == 1_234_567 ? 1e6 : i % 7))]);
            await SealAsync("r1");
        }

        Assert.Single(await Store.Numbers("select no from metric_rollup"));
        foreach (var (query, points) in new (FrameQuery, long)[]
        {
            (new("r1", "m", FrameAxis.Step, 50), Count), (new("r1", "m", FrameAxis.Time, 1000), Count),
            (new("r1", "m", FrameAxis.Step, 30, 1_000_001, 2_099_999), 1_099_999), (new("r1", "m", FrameAxis.Step, 100, 1_234_500, 1_234_599), 100),
        })
        {
            var frame = (await Store.Metrics.DrawAsync([query], Token))[0];
            Assert.Equal((points, points, 1e6), (frame.Points, frame.Count.Sum(), frame.Max.Max()));
            Assert.Equal(points <= query.Buckets, frame.Exact);
            Assert.Equal(query.From ?? 0, frame.X[0]);
        }

        // What falls anywhere into it is there at once, and stays what it is when it is sealed.
        var random = new Random(7);
        var added = Enumerable.Range(0, 300).Select(i => new SeriesPoint(new Step(random.Next(Count), 1 + random.Next(9)), i, -1 - i)).ToArray();
        await LogAsync("r1", [.. added.Select(p => new MetricPoint(0, p.Step, p.Time, p.Value)), new MetricPoint(0, new Step(77), 77, 0)]);
        foreach (var isSealed in new[] { false, true })
        {
            if (isSealed)
                await SealAsync("r1", maxReplaced: 1 << 19);
            var read = (await ReadAsync(new SeriesQuery("r1", "m"))).ToArray();
            Assert.Equal(added.Order(), read.Where(p => p.Value < 0));
            Assert.Equal(Enumerable.Range(0, Count), read.Where(p => p.Value >= 0).Select(p => (int)p.Step.Whole));
            var frame = (await Store.Metrics.DrawAsync([new FrameQuery("r1", "m", FrameAxis.Step, 100)], Token))[0];
            Assert.Equal((read.Length, read.Length), (frame.Points, frame.Count.Sum()));
            for (var (i, at) = (0, 0); i < frame.X.Length; at += frame.Count[i], i++)
            {
                var bucket = read.AsSpan(at, frame.Count[i]).ToArray();
                Assert.Equal((bucket.Min(p => p.Value), bucket.Max(p => p.Value)), (frame.Min[i], frame.Max[i]));
                Assert.Equal((bucket[0].Value, bucket[^1].Value), (frame.First[i], frame.Last[i]));
            }
        }
    }

    [Fact]
    public async Task Groups_are_the_same_however_much_is_sealed()
    {
        for (var i = 0; i < 6; i++)
        {
            var run = $"r{i}";
            await LogAsync(run, [.. Enumerable.Range(0, 3000).Select(s => new MetricPoint(0, new Step(s), s, s + i))]);
        }

        var query = new GroupQuery([["r0", "r1", "r2", "gone"], ["r3", "r4", "r5", "r3"], ["gone"]], "m", FrameAxis.Step, 30);
        var before = await Store.Metrics.AggregateAsync(query, Token);
        await SealAsync("r1");
        await SealAsync("r4");
        await LogAsync("r4", [new MetricPoint(0, new Step(5), 5, 9)]);
        var after = await Store.Metrics.AggregateAsync(query, Token);

        Assert.Equal((0, 2999, 30), (before.From, before.To, before.X.Length));
        Assert.Equal([3, 3, 0], before.Groups.Select(g => g.Runs));
        for (var b = 0; b < 30; b++)
        {
            Assert.Equal((b * 100) + 49.5 + 1, before.Groups[0].Mean[b], 1e-9);
            Assert.Equal(1, before.Groups[0].Deviation[b], 1e-9);
            Assert.Equal(((b * 100) + 3.0, (b * 100) + 99.0 + 5, 3), (before.Groups[1].Min[b], before.Groups[1].Max[b], before.Groups[1].Count[b]));
            Assert.Equal((0, double.NaN), (before.Groups[2].Count[b], before.Groups[2].Mean[b]));

            // A block of 256 points is more than a third of a bucket, so that all are cut at even borders.
            for (var g = 0; g < 2; g++)
            {
                Assert.Equal(before.Groups[g].Mean[b], after.Groups[g].Mean[b], 1e-9);
                Assert.Equal(before.Groups[g].Deviation[b], after.Groups[g].Deviation[b], 1e-9);
                Assert.Equal((before.Groups[g].Min[b], before.Groups[g].Max[b]), (after.Groups[g].Min[b], after.Groups[g].Max[b]));
            }
        }

        Assert.Empty((await Store.Metrics.AggregateAsync(query with { Key = "none" }, Token)).X);
    }

    [Fact]
    public async Task One_metric_is_drawn_over_another_one()
    {
        await WriteAsync(Create("r1"));
        await WriteAsync(new IngestBatch("r1")
        {
            Metrics = Points([.. Enumerable.Range(0, 2000).SelectMany(i => new[] { ("x", (long)i, (long)i, (double)(2000 - i)), ("y", (long)i, (long)i, i) })]),
        });
        await SealAsync("r1");
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("x", 7, 9999, 5000), ("y", 5000, 0, 1)) });

        var frame = (await Store.Metrics.DrawAsync([new FrameQuery("r1", "y", FrameAxis.Metric, 10_000) { XKey = "x" }], Token))[0];

        Assert.Equal((true, 2000), (frame.Exact, frame.Points));
        Assert.Equal((1, 1999, 5000, 7), (frame.X[0], frame.Last[0], frame.X[^1], frame.Last[^1]));
        Assert.Empty((await Store.Metrics.DrawAsync([new FrameQuery("r1", "y", FrameAxis.Metric, 10) { XKey = "none" }], Token))[0].X);
    }

    /// <summary>Steps that go on for the most part, times that do not always.</summary>
    private static MetricPoint[] Scattered(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(i => new MetricPoint(0, new Step(i % 10 == 3 ? random.Next(i + 1) : i), i % 50 == 7 ? random.Next(count) : i, random.NextDouble()))];
    }

    private async Task LogAsync(string run, MetricPoint[] points)
    {
        if ((await CommitAsync(Create(run, start: 0)))[0].Error is { } error)
            Assert.IsType<RunAlreadyExists>(error);
        await WriteAsync(new IngestBatch(run) { Metrics = new MetricBatch(["m"], points) });
    }

    private async Task<List<SeriesPoint>> ReadAsync(SeriesQuery query)
    {
        var points = new List<SeriesPoint>();
        await foreach (var block in Store.Metrics.ReadAsync(query, Token))
            points.AddRange(block.Span);
        return points;
    }
}
