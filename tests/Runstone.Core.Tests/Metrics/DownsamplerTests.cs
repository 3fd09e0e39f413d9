using CsCheck;
using Runstone.Core.Metrics;

namespace Runstone.Core.Tests.Metrics;

public sealed class DownsamplerTests
{
    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double[-10, 10], Gen.Double, Any(double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue));

    private static readonly Gen<double[]> Xs = Gen.OneOf(
        Gen.Double[-100, 100].Array[1, 300], Gen.Int[0, 20].Select(i => (double)i).Array[1, 300],
        Gen.Long.Select(l => (double)l).Array[1, 300], Any(double.MinValue, 0, double.MaxValue).Array[1, 300]);

    private static readonly Gen<(double[] X, double[] Values)> Series =
        from x in Xs
        from values in Values.Array[x.Length]
        select ((double[])[.. x.Order()], values);

    [Fact]
    public void Few_points_are_drawn_exactly()
    {
        Series.Sample(series =>
        {
            var frame = Downsampler.Draw(series.X, series.Values, series.X.Length);

            Assert.True(frame.Exact);
            Assert.Equal(series.X.Length, frame.Points);
            Assert.Equal(series.X, frame.X);
            Assert.Equal(series.Values, frame.First);
            Assert.Equal(series.Values, frame.Last);
            Assert.Equal(series.Values.Select(v => double.IsFinite(v) ? v : double.NaN), frame.Mean);
            Assert.All(frame.Count, c => Assert.Equal(1, c));
        });
    }

    [Fact]
    public void Buckets_keep_extremes_counts_and_ends()
    {
        Gen.Select(Series, Gen.Int[1, 50]).Where((s, b) => s.X.Length > b).Sample((series, buckets) =>
        {
            var frame = Downsampler.Draw(series.X, series.Values, buckets);

            Assert.False(frame.Exact);
            Assert.InRange(frame.X.Length, 1, buckets);
            Assert.Equal(series.X.Length, frame.Points);
            Assert.Equal(series.X.Length, frame.Count.Sum());
            var at = 0;
            for (var b = 0; b < frame.X.Length; b++)
            {
                AssertBucket(frame, b, series.X[at], series.Values.AsSpan(at, frame.Count[b]));
                at += frame.Count[b];
            }
        });
    }

    [Fact]
    public void Buckets_have_equal_width_and_never_split_an_x()
    {
        Gen.Select(Series, Gen.Int[1, 50]).Where((s, b) => s.X.Length > b).Sample((series, buckets) =>
        {
            var frame = Downsampler.Draw(series.X, series.Values, buckets);

            Assert.Equal(frame.X.Length, frame.X.Distinct().Count());
            if (series.X[^1] - series.X[0] is var range && double.IsFinite(range) && range > 1e-9)
                Assert.Equal(frame.X.Select(x => Math.Min((int)((x - series.X[0]) / range * buckets), buckets - 1)).Distinct().Count(), frame.X.Length, tolerance: 1);
        });
    }

    [Fact]
    public void A_range_is_drawn_as_if_nothing_else_were_there()
    {
        Gen.Select(Series, Gen.Double[-100, 100], Gen.Double[-100, 100], Gen.Int[1, 20]).Sample((series, a, b, buckets) =>
        {
            var (from, to) = (Math.Min(a, b), Math.Max(a, b));
            var inside = series.X.Zip(series.Values).Where(p => p.First >= from && p.First <= to).ToArray();

            var frame = Downsampler.Draw(series.X, series.Values, buckets, from, to);

            Assert.Equal(inside.Length, frame.Points);
            Assert.Equal(inside.Length, frame.Count.Sum());
            Assert.Equal(inside.Length <= buckets, frame.Exact);
            if (inside.Length > 0)
                Assert.Equal((inside[0].First, inside[0].Second, inside[^1].Second), (frame.X[0], frame.First[0], frame.Last[^1]));
        });
    }

    [Fact]
    public void An_empty_series_is_an_empty_frame()
    {
        var frame = Downsampler.Draw([], [], 10);

        Assert.Equal((true, 0L, 0), (frame.Exact, frame.Points, frame.X.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => Downsampler.Draw([1], [1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Downsampler.Draw([1], [], 1));
    }

    [Fact]
    public void Four_points_make_two_buckets()
    {
        var frame = Downsampler.Draw([0, 1, 2, 4], [1, double.NaN, 5, double.PositiveInfinity], 2);

        Assert.Equal([0, 2], frame.X);
        Assert.Equal([1, 5], frame.Min);
        Assert.Equal([1, 5], frame.Max);
        Assert.Equal([1, 5], frame.Mean);
        Assert.Equal([1, 5], frame.First);
        Assert.Equal([double.NaN, double.PositiveInfinity], frame.Last);
        Assert.Equal([2, 2], frame.Count);
    }

    private static Gen<double> Any(params double[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void AssertBucket(SeriesFrame frame, int b, double x, ReadOnlySpan<double> values)
    {
        var finite = values.ToArray().Where(double.IsFinite).ToArray();
        Assert.Equal((x, values[0], values[^1]), (frame.X[b], frame.First[b], frame.Last[b]));
        Assert.Equal(finite.Length == 0 ? double.NaN : finite.Min(), frame.Min[b]);
        Assert.Equal(finite.Length == 0 ? double.NaN : finite.Max(), frame.Max[b]);
        if (finite.Length == 0)
            Assert.Equal(double.NaN, frame.Mean[b]);
        else
            Assert.InRange(frame.Mean[b], Lower(frame.Min[b]), -Lower(-frame.Max[b]));
    }

    /// <summary>A mean of many roundings may pass its bound by a few units in the last place.</summary>
    private static double Lower(double bound) => bound - (Math.Abs(bound) * 1e-12) - 1e-300;
}
