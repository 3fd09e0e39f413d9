using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Frames;
using Runstone.Core.Metrics.Reading;
using Runstone.Core.Tests.Metrics.Reading;

namespace Runstone.Core.Tests.Metrics.Frames;

public sealed class FrameTests
{
    private static readonly Gen<PointAxis> Axes = Gen.Select(
        Gen.Int[0, 2].Select(i => (FrameAxis)i), Gen.Long[-1L << 40, 1L << 40], (kind, start) => new PointAxis(kind, start));

    private static readonly Gen<(SealedSeries Series, PointAxis Axis, int Buckets)> Cases =
        Gen.Select(SealedSeries.Of(3000), Axes, Gen.OneOf(Gen.Int[1, 40], Gen.Int[1, 3000]));

    [Fact]
    public void Each_bucket_is_exactly_the_points_it_covers()
    {
        var drawing = new FrameDrawing();
        Cases.Sample((series, axis, buckets) => AssertFrame(series, axis, buckets, null, null, drawing), threads: 1);
    }

    [Fact]
    public void A_range_is_drawn_as_if_nothing_else_were_there()
    {
        var drawing = new FrameDrawing();
        Gen.Select(Cases, Gen.Double[-0.2, 1.2], Gen.Double[-0.2, 1.2]).Sample(
            (drawn, a, b) =>
            {
                var points = Sorted(drawn.Series, drawn.Axis);
                var (least, greatest) = (points[0].X, points[^1].X);
                if (!double.IsFinite(greatest - least))
                    return;
                var (from, to) = (least + (Math.Min(a, b) * (greatest - least)), least + (Math.Max(a, b) * (greatest - least)));
                AssertFrame(drawn.Series, drawn.Axis, drawn.Buckets, from, to, drawing);
            },
            threads: 1);
    }

    [Fact]
    public void A_long_series_in_order_is_drawn_without_its_points()
    {
        var points = new SeriesPoints();
        for (var i = 0; i < 100_000; i++)
            points.Add(new SeriesPoint(new Step(i), 1000L * i, i == 54_321 ? 1e6 : Math.Sin(i)), i);
        foreach (var rollups in new[] { false, true })
        {
            var series = SealedSeries.Cut(points, new Random(1), 0, ChunkEncoder.MaxPoints, rollups);
            foreach (var axis in new[] { new PointAxis(FrameAxis.Step, 0), new PointAxis(FrameAxis.Time, 0) })
            {
                var (frame, decoded) = series.Draw(axis, 100, null, null, new FrameDrawing());

                Assert.Equal((100, 0), (frame.X.Length, decoded));
                Assert.Equal(1e6, frame.Max[54]);
                Assert.InRange(series.Draw(axis, 100, axis.Of(points[10_007]), axis.Of(points[90_001]), new FrameDrawing()).Decoded, 1, 2);
            }
        }
    }

    [Fact]
    public void Summaries_are_needed_only_at_borders_of_buckets()
    {
        const int Buckets = 100;
        for (var chunks = 1; chunks <= 4 * Buckets; chunks++)
        {
            var outline = new SeriesOutline(default, new SeriesPoints());
            for (var i = 0; i < chunks; i++)
                outline.Add(Chunk(i * 1000L));
            outline.Close();

            var missing = outline.Plan(new FrameScale(0, (chunks * 1000L) - 1, Buckets), exactly: true).Count;

            Assert.InRange(missing, 0, chunks >= 3 * Buckets ? 0 : Math.Min(chunks, Buckets * 4 / 5));
        }

        static KnownChunk Chunk(long step) => new()
        {
            No = step,
            First = new SeriesPoint(new Step(step), 0, 0),
            Last = new SeriesPoint(new Step(step + 999), 0, 0),
            Count = 1000,
            TimeMin = 0,
            TimeMax = 0,
            TimesAscend = true,
            RankMin = step,
            RankMax = step + 999,
            Figures = new ChunkFigures(1000, 0, 0, 0),
        };
    }

    [Fact]
    public void Four_points_make_two_buckets()
    {
        var points = new SeriesPoints();
        foreach (var (step, value) in new (long, double)[] { (0, 1), (1, double.NaN), (2, 5), (4, double.PositiveInfinity) })
            points.Add(new SeriesPoint(new Step(step), 0, value), step);

        var frame = SealedSeries.Cut(points, new Random(1), 0, 4, false).Draw(default, 2, null, null, new FrameDrawing()).Frame;

        Assert.Equal([0, 2], frame.X);
        Assert.Equal([1, 5], frame.Min);
        Assert.Equal([1, 5], frame.Max);
        Assert.Equal([1, 5], frame.Mean);
        Assert.Equal([1, 5], frame.First);
        Assert.Equal([double.NaN, double.PositiveInfinity], frame.Last);
        Assert.Equal([2, 2], frame.Count);
    }

    [Fact]
    public void Drawing_from_summaries_allocates_the_frame_and_little_more()
    {
        var points = new SeriesPoints();
        for (var i = 0; i < 1_000_000; i++)
            points.Add(new SeriesPoint(new Step(i), 1000L * i, Math.Sin(i)), i);
        var series = SealedSeries.Cut(points, new Random(1), 0, ChunkEncoder.MaxPoints, false);
        var (outline, drawing) = (series.Outline(default), new FrameDrawing());
        Draw();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var frame = Draw();

        // Seven columns of 1,000 buckets, what was decided about 4,000 blocks, and the list of what is missing: nothing.
        Assert.Equal(1000, frame.X.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 96 * 1024);

        SeriesFrame Draw()
        {
            Assert.Empty(outline.Plan(new FrameScale(0, 999_999, 1000), exactly: true));
            Assert.Empty(outline.PlanPayloads());
            drawing.Begin(outline);
            drawing.End();
            return drawing.Build();
        }
    }

    private static void AssertFrame(SealedSeries series, PointAxis axis, int buckets, double? from, double? to, FrameDrawing drawing)
    {
        var points = Sorted(series, axis).Where(p => !(p.X < from) && !(p.X > to)).ToArray();

        var (frame, _) = series.Draw(axis, buckets, from, to, drawing);

        Assert.Equal((points.Length, points.Length), (frame.Points, frame.Count.Sum()));
        Assert.Equal(points.Length <= buckets, frame.Exact);
        Assert.InRange(frame.X.Length, 0, buckets);
        var at = 0;
        for (var b = 0; b < frame.X.Length; b++)
        {
            AssertBucket(frame, b, points.AsSpan(at, frame.Count[b]));
            at += frame.Count[b];
        }

        if (points.Length > 0 && !frame.Exact)
            AssertBorders(frame, points, new FrameScale(from ?? points[0].X, to ?? points[^1].X, buckets));
    }

    private static void AssertBucket(SeriesFrame frame, int b, ReadOnlySpan<(double X, SeriesPoint Point)> points)
    {
        var finite = points.ToArray().Select(p => p.Point.Value).Where(double.IsFinite).ToArray();
        Assert.Equal(points[0].X, frame.X[b]);
        AssertSame(points[0].Point.Value, frame.First[b]);
        AssertSame(points[^1].Point.Value, frame.Last[b]);
        if (finite.Length == 0)
        {
            Assert.Equal((double.NaN, double.NaN, double.NaN), (frame.Min[b], frame.Max[b], frame.Mean[b]));
            return;
        }

        AssertSame(finite.Aggregate(Math.Min), frame.Min[b]);
        AssertSame(finite.Aggregate(Math.Max), frame.Max[b]);
        Assert.InRange(frame.Mean[b], frame.Min[b], frame.Max[b]);

        // Of halves, because the sum of the greatest doubles may be rounded up beyond them.
        var (half, size) = (finite.Aggregate(0.0, (m, v) => m + (v / 2 / finite.Length)), finite.Max(Math.Abs));
        var mean = Math.Clamp(half * 2, finite.Min(), finite.Max());
        Assert.InRange(frame.Mean[b], mean - (size * 1e-12) - 1e-300, mean + (size * 1e-12) + 1e-300);
    }

    /// <summary>The first point lies in the even bucket, the last one at most a third of a width behind it.</summary>
    private static void AssertBorders(SeriesFrame frame, (double X, SeriesPoint Point)[] points, FrameScale scale)
    {
        var (at, previous) = (0, -1);
        for (var b = 0; b < frame.X.Length; b++)
        {
            at += frame.Count[b];
            var bucket = scale.BucketOf(frame.X[b]);
            Assert.True(bucket > previous);
            previous = bucket;
            var last = points[at - 1].X;
            var place = ((last / 2) - (scale.From / 2)) / ((scale.To / 2) - (scale.From / 2)) * scale.Buckets;
            Assert.True(double.IsNaN(place) || place <= bucket + 1 + (1 / 3.0) + 1e-6, $"{last} is at {place} in bucket {bucket}");
        }
    }

    private static void AssertSame(double expected, double actual) =>
        Assert.Equal(BitConverter.DoubleToUInt64Bits(expected), BitConverter.DoubleToUInt64Bits(actual));

    private static (double X, SeriesPoint Point)[] Sorted(SealedSeries series, PointAxis axis) =>
        [.. Enumerable.Range(0, series.All.Count).Select(i => (X: axis.Of(series.All[i]), Point: series.All[i])).OrderBy(p => p.X)];
}
