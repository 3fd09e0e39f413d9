using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Core.Tests.Metrics.Frames;

public sealed class GroupAggregatorTests
{
    private static readonly Gen<double> Value = Gen.Frequency((20, Gen.Double[-1000, 1000]), (1, Gen.Const(double.NaN)), (1, Gen.Const(double.PositiveInfinity)));

    private static readonly Gen<(int Group, (double X, double Value)[] Points)[]> Runs = Gen.Select(
        Gen.Int[0, 2], Gen.Select(Gen.Double[0, 10], Value).Array[0, 60], (group, points) => (group, points)).Array[0, 40];

    /// <summary>Relative to the greatest value: a few units in the last place for each of 60 points and 40 runs.</summary>
    private const double Tolerance = 1e-12;

    [Fact]
    public void Groups_are_what_a_plain_computation_says()
    {
        Gen.Select(Runs, Gen.Int[1, 20]).Sample((runs, buckets) =>
        {
            var scale = new FrameScale(0, 10, buckets);
            var (aggregator, builder) = (new GroupAggregator(3, scale), new FrameBuilder());
            foreach (var (group, points) in runs)
            {
                builder.Begin(scale);
                foreach (var (x, value) in points)
                    builder.Add(x, new SeriesPoint(default, 0, value));
                aggregator.Add(group, builder);
            }

            var frames = aggregator.Build();

            var at = 0;
            for (var b = 0; b < buckets; b++)
            {
                var inside = runs.Select(r => (r.Group, Points: r.Points.Where(p => scale.BucketOf(p.X) == b).ToArray())).Where(r => r.Points.Any(p => double.IsFinite(p.Value))).ToArray();
                if (inside.Length == 0)
                    continue;
                Assert.Equal(inside.Min(r => r.Points.Min(p => p.X)), frames.X[at]);
                for (var g = 0; g < 3; g++)
                    AssertBucket(frames.Groups[g], at, [.. inside.Where(r => r.Group == g).Select(r => r.Points.Select(p => p.Value).Where(double.IsFinite).ToArray())]);
                at++;
            }

            Assert.Equal(at, frames.X.Length);
            Assert.All(frames.Groups, (f, g) => Assert.Equal(runs.Count(r => r.Group == g && r.Points.Any(p => double.IsFinite(p.Value))), f.Runs));
        });
    }

    [Fact]
    public void A_run_counts_once_however_many_points_it_has()
    {
        var (aggregator, builder) = (new GroupAggregator(1, new FrameScale(0, 1, 1)), new FrameBuilder());
        foreach (var values in new double[][] { [2, 4, 6], [8] })
        {
            builder.Begin(new FrameScale(0, 1, 1));
            foreach (var value in values)
                builder.Add(0.5, new SeriesPoint(default, 0, value));
            aggregator.Add(0, builder);
        }

        var group = aggregator.Build().Groups[0];

        Assert.Equal((2, 6.0, Math.Sqrt(8), 2.0, 8.0, 2), (group.Runs, group.Mean[0], group.Deviation[0], group.Min[0], group.Max[0], group.Count[0]));
    }

    private static void AssertBucket(GroupFrame group, int at, double[][] runs)
    {
        Assert.Equal(runs.Length, group.Count[at]);
        if (runs.Length == 0)
        {
            Assert.True(double.IsNaN(group.Mean[at]) && double.IsNaN(group.Deviation[at]) && double.IsNaN(group.Min[at]) && double.IsNaN(group.Max[at]));
            return;
        }

        var means = runs.Select(r => r.Average()).ToArray();
        var size = runs.Max(r => r.Max(Math.Abs)) + 1e-300;
        var variance = means.Length == 1 ? 0 : means.Sum(m => Math.Pow(m - means.Average(), 2)) / (means.Length - 1);
        Assert.Equal((runs.Min(r => r.Min()), runs.Max(r => r.Max())), (group.Min[at], group.Max[at]));
        Assert.InRange(group.Mean[at], means.Average() - (size * Tolerance), means.Average() + (size * Tolerance));
        Assert.InRange(group.Deviation[at] * group.Deviation[at], variance - (size * size * Tolerance), variance + (size * size * Tolerance));
    }
}
