using Runstone.Core.Ingest;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IMetricStore"/>.</summary>
public abstract class MetricConformance : StoreConformance
{
    [Fact]
    public async Task What_is_not_there_is_empty()
    {
        await WriteAsync(Create("r1"));

        Assert.Empty(await Store.Metrics.ListAsync("nobody", Token));
        Assert.Empty(await SeriesAsync("nobody", "m"));
        Assert.Empty(await SeriesAsync("r1", "m"));
        var frames = await Store.Metrics.DrawAsync([new FrameQuery("nobody", "m", FrameAxis.Step, 10), new FrameQuery("r1", "m", FrameAxis.Time, 10)], Token);
        Assert.All(frames, f => Assert.Equal((0, 0), (f.Points, f.X.Length)));
    }

    [Fact]
    public async Task Points_are_read_in_order_of_step_or_of_arrival()
    {
        await WriteAsync(Create("r1") with { Metrics = Points(("m", 3, 1, 30), ("other", 9, 9, 9), ("m", 1, 5, 10)) });
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("m", 2, 0, 20), ("m", 1, 4, 11), ("m", -7, 0, 1)) });

        Assert.Equal([1, 11, 10, 20, 30], (await SeriesAsync("r1", "m")).Select(p => p.Value));
        Assert.Equal([30, 10, 20, 11, 1], (await SeriesAsync("r1", "m", SeriesOrder.Arrival)).Select(p => p.Value));
    }

    [Fact]
    public async Task Bounds_are_inclusive_in_both_orders()
    {
        await WriteAsync(Create("r1") with { Metrics = Points(("m", 4, 0, 4), ("m", 3, 0, 3), ("m", 2, 0, 2), ("m", 1, 0, 1)) });

        Assert.Equal([2, 3], (await SeriesAsync("r1", "m", from: new Step(2), to: new Step(3))).Select(p => p.Value));
        Assert.Equal([3, 2], (await SeriesAsync("r1", "m", SeriesOrder.Arrival, new Step(2), new Step(3))).Select(p => p.Value));
        Assert.Equal([4], (await SeriesAsync("r1", "m", from: new Step(3, 1))).Select(p => p.Value));
    }

    [Fact]
    public async Task Equal_points_are_one_and_count_as_received()
    {
        var nan = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001);
        await WriteAsync(Create("r1") with { Metrics = Points(("m", 1, 1, 0.0), ("m", 1, 1, -0.0), ("m", 1, 1, double.NaN), ("m", 1, 1, nan), ("m", 0, 0, 5)) });
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("m", 1, 1, nan), ("m", 1, 1, 0.0), ("m", 1, 1, -0.0), ("m", 0, 0, 5), ("m", 0, 1, 5)) });

        Assert.Equal(6, (await SeriesAsync("r1", "m")).Count);
        Assert.Equal(
            [0.0, -0.0, double.NaN, nan, 5, 5],
            (await SeriesAsync("r1", "m", SeriesOrder.Arrival)).Select(p => p.Value), (a, b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b));
        Assert.Equal(10, (await Store.Metrics.ListAsync("r1", Token))[0].Count);
    }

    [Fact]
    public async Task Steps_and_times_take_all_of_their_range()
    {
        MetricPoint[] points =
        [
            new(0, new Step(long.MaxValue, 999_999), long.MaxValue, double.MaxValue), new(0, new Step(long.MinValue), long.MinValue, double.Epsilon),
            new(0, new Step(-1, 750_000), 0, double.NegativeInfinity), new(0, new Step(0), -1, -0.0),
        ];
        await WriteAsync(Create("r1") with { Metrics = new MetricBatch(["m"], points) });

        Assert.Equal([points[1], points[2], points[3], points[0]], (await SeriesAsync("r1", "m")).Select(p => new MetricPoint(0, p.Step, p.Time, p.Value)));
        var summary = (await Store.Metrics.ListAsync("r1", Token))[0];
        Assert.Equal((new Step(long.MaxValue, 999_999), long.MaxValue, double.MaxValue), (summary.LastStep, summary.LastTime, summary.Last));
    }

    [Fact]
    public async Task A_point_without_step_gets_the_next_whole_one_of_its_series()
    {
        await WriteAsync(Create("r1") with { Metrics = Unset(("a", 1), ("b", 1), ("a", 2)) });
        await WriteAsync(new IngestBatch("r1") { Metrics = new MetricBatch(["a"], new[] { new MetricPoint(0, new Step(41, 5), 0, 3) }) });
        await WriteAsync(new IngestBatch("r1") { Metrics = Unset(("b", 2), ("a", 4), ("c", 1), ("a", 5)) });
        await CommitAsync(new IngestBatch("r1") { Metrics = Unset(("a", 6)) }, new IngestBatch("r1") { Metrics = Unset(("a", 7)) });

        Assert.Equal([new Step(0), new Step(1), new Step(41, 5), new Step(42), new Step(43), new Step(44), new Step(45)], (await SeriesAsync("r1", "a")).Select(p => p.Step));
        Assert.Equal([new Step(0), new Step(1)], (await SeriesAsync("r1", "b")).Select(p => p.Step));
        Assert.Equal([new Step(0)], (await SeriesAsync("r1", "c")).Select(p => p.Step));
    }

    [Fact]
    public async Task A_summary_follows_the_greatest_point_not_the_newest()
    {
        await WriteAsync(Create("r1") with { Metrics = Points(("m", 5, 10, 1), ("m", 5, 10, 2)) });
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("m", 4, 99, 50), ("m", 5, 9, 60), ("m", 5, 10, 0)) });

        var summary = (await Store.Metrics.ListAsync("r1", Token))[0];

        Assert.Equal(new MetricSummary("m", 2, new Step(5), 10, 0, 60, 1, 5), summary);
    }

    [Fact]
    public async Task NaN_is_last_above_every_number_and_never_min_or_max()
    {
        await WriteAsync(Create("r1") with { Metrics = Points(("only", 0, 0, double.NaN), ("m", 0, 0, double.NaN), ("m", 1, 1, 3)) });
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("m", 1, 1, double.NaN), ("m", 1, 1, 7)) });

        var summaries = await Store.Metrics.ListAsync("r1", Token);

        Assert.Equal(new MetricSummary("m", double.NaN, new Step(1), 1, 3, 7, double.NaN, 4), summaries[0]);
        Assert.Equal(new MetricSummary("only", double.NaN, new Step(0), 0, null, null, double.NaN, 1), summaries[1]);
    }

    [Fact]
    public async Task Summaries_are_ordered_by_key()
    {
        await WriteAsync(Create("r1") with { Metrics = Points(("b", 0, 0, 1), ("B", 0, 0, 1), ("é", 0, 0, 1), ("a", 0, 0, 1)) });

        Assert.Equal<string[]>(["B", "a", "b", "é"], [.. (await Store.Metrics.ListAsync("r1", Token)).Select(m => m.Key)]);
    }

    [Fact]
    public async Task A_long_history_of_many_batches_is_whole()
    {
        await WriteAsync(Create("r1"));
        for (var batch = 0; batch < 30; batch++)
        {
            var first = batch * 1000;
            await WriteAsync(new IngestBatch("r1") { Metrics = Points([.. Enumerable.Range(first, 1000).Select(i => (i % 10 == 0 ? "tenth" : "m", (long)i, 7L * i, Math.Sin(i)))]) });
        }

        var m = await SeriesAsync("r1", "m");
        var tenth = await SeriesAsync("r1", "tenth", SeriesOrder.Arrival);

        Assert.Equal(27_000, m.Count);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => new SeriesPoint(new Step(10 * i), 70L * i, Math.Sin(10 * i))), tenth);
    }

    [Fact]
    public async Task Frames_come_in_the_order_asked_for_on_the_axis_asked_for()
    {
        await CommitAsync(
            Create("r1", start: 100) with { Metrics = Points(("m", 1, 110, 1), ("m", 2, 105, 2), ("m", 2, 105, 2), ("n", 9, 9, 9)) },
            Create("r2", start: 100) with { Metrics = Points(("m", 7, 107, 5)) });

        var frames = await Store.Metrics.DrawAsync(
            [
                new FrameQuery("r2", "m", FrameAxis.RelativeTime, 5), new FrameQuery("r1", "m", FrameAxis.Step, 5), new FrameQuery("r1", "gone", FrameAxis.Step, 5),
                new FrameQuery("r1", "m", FrameAxis.Time, 5), new FrameQuery("r1", "m", FrameAxis.Step, 5, From: 2),
            ],
            Token);

        Assert.Equal([7.0], frames[0].X);
        Assert.Equal(([1.0, 2.0], [1.0, 2.0]), (frames[1].X, frames[1].Last), FrameEqual);
        Assert.Empty(frames[2].X);
        Assert.Equal(([105.0, 110.0], [2.0, 1.0]), (frames[3].X, frames[3].Last), FrameEqual);
        Assert.Equal([2.0], frames[4].X);
        Assert.All(frames, f => Assert.True(f.Exact));
    }

    [Fact]
    public async Task A_drawing_keeps_the_spike_of_a_long_series()
    {
        var points = Enumerable.Range(0, 20_000).Select(i => ("m", (long)i, 0L, i == 12_345 ? 1e6 : 0.0)).ToArray();
        await WriteAsync(Create("r1") with { Metrics = Points(points) });

        var frame = (await Store.Metrics.DrawAsync([new FrameQuery("r1", "m", FrameAxis.Step, 100)], Token))[0];

        Assert.False(frame.Exact);
        Assert.Equal((20_000, 100), (frame.Points, frame.X.Length));
        Assert.Equal(1e6, frame.Max.Max());
        Assert.Equal(20_000, frame.Count.Sum());
    }

    private static bool FrameEqual((double[] X, double[] Y) left, (double[] X, double[] Y) right) => left.X.SequenceEqual(right.X) && left.Y.SequenceEqual(right.Y);

    private static MetricBatch Unset(params (string Key, double Value)[] points)
    {
        var keys = points.Select(p => p.Key).Distinct(StringComparer.Ordinal).ToList();
        return new MetricBatch(keys, points.Select(p => new MetricPoint(keys.IndexOf(p.Key), Step.Unset, 0, p.Value)).ToArray());
    }
}
