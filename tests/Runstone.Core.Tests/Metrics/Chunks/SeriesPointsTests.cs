using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Chunks;

public sealed class SeriesPointsTests
{
    [Fact]
    public void Sorting_is_that_of_the_order_and_keeps_the_first_arrival_of_a_repeat()
    {
        var point = Gen.Select(
            Gen.Int[-2, 2], Gen.Int[0, 1], Gen.Int[0, 2], Gen.Int[0, ChunkGens.OddValues.Length - 1],
            (s, m, t, v) => new SeriesPoint(new Step(s, m), t, ChunkGens.OddValues[v]));
        point.Array[0, 300].Sample(points =>
        {
            var series = new SeriesPoints();
            for (var i = 0; i < points.Length; i++)
                series.Add(points[i], i);

            series.SortByStep();

            for (var i = 1; i < series.Count; i++)
                Assert.True(SeriesPoints.Compare(series[i - 1], series[i]) < 0);
            Assert.Equal(points.Distinct(SameBits.Instance).Count(), series.Count);
            for (var i = 0; i < series.Count; i++)
                Assert.Equal(series.Ranks[i], Array.FindIndex(points, p => SameBits.Instance.Equals(p, series[i])));
        });
    }

    [Fact]
    public void Millionths_are_kept_from_the_first_fraction_on()
    {
        var series = new SeriesPoints();
        series.Add(new SeriesPoint(new Step(1), 0, 0), 0);
        Assert.True(series.Micros.IsEmpty);
        series.Add(new SeriesPoint(new Step(2, 5), 0, 0), 1);
        series.Add(new SeriesPoint(new Step(3), 0, 0), 2);
        Assert.Equal([0, 5, 0], series.Micros.ToArray());

        var other = new SeriesPoints();
        other.AddRange(series, 2, 1);
        Assert.True(other.Micros.IsEmpty);
        other.AddRange(series, 0, 2);
        Assert.Equal([0, 0, 5], other.Micros.ToArray());
        Assert.Equal([3, 1, 2], other.Steps.ToArray());

        series.Clear();
        series.Add(new SeriesPoint(new Step(1), 0, 0), 0);
        Assert.True(series.Micros.IsEmpty);
    }

    [Fact]
    public void A_point_without_step_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new SeriesPoints().Add(new SeriesPoint(Step.Unset, 0, 0), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeriesPoints()[0]);
    }

    private sealed class SameBits : IEqualityComparer<SeriesPoint>
    {
        public static readonly SameBits Instance = new();

        public bool Equals(SeriesPoint x, SeriesPoint y) => SeriesPoints.Compare(x, y) == 0;

        public int GetHashCode(SeriesPoint obj) => obj.Step.GetHashCode();
    }
}
