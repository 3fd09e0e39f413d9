using CsCheck;
using Runstone.Client.Media;

namespace Runstone.Client.Tests.Media;

public sealed class HistogramBinsTests
{
    [Fact]
    public void Bins_have_even_width_and_the_last_holds_its_upper_edge()
    {
        var bins = HistogramBins.Of([0, 1, 1.9, 2, 3, 4, double.NaN, double.NegativeInfinity], 4);
        Assert.Equal([0, 1, 2, 3, 4], bins.Edges);
        Assert.Equal([1, 2, 1, 2], bins.Counts);
        Assert.Equal(2, bins.Missing);
    }

    [Fact]
    public void Any_values_are_counted_between_edges_that_ascend() => Gen.Select(Gen.Double.Array[0, 30], Gen.Int[1, 100]).Sample((values, count) =>
    {
        var bins = HistogramBins.Of(values, count);
        Assert.Equal(bins.Edges.Length - 1, bins.Counts.Length);
        Assert.InRange(bins.Counts.Length, 1, count);
        Assert.All(bins.Edges, edge => Assert.True(double.IsFinite(edge)));
        for (var i = 1; i < bins.Edges.Length; i++)
            Assert.True(bins.Edges[i] > bins.Edges[i - 1]);
        for (var i = 0; i < bins.Counts.Length; i++)
        {
            var isLast = i == bins.Counts.Length - 1;
            Assert.Equal(values.Count(v => v >= bins.Edges[i] && (v < bins.Edges[i + 1] || (isLast && v <= bins.Edges[i + 1]))), bins.Counts[i]);
        }

        Assert.Equal(values.Length, bins.Counts.Sum() + bins.Missing);
    });

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e300)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(double.Epsilon)]
    public void One_value_has_one_bin(double value)
    {
        var bins = HistogramBins.Of([value, value], 10);
        Assert.Equal([2], bins.Counts);
        Assert.True(bins.Edges[1] > bins.Edges[0]);
    }

    [Fact]
    public void Nothing_has_one_empty_bin()
    {
        var bins = HistogramBins.Of([double.NaN], 3);
        Assert.Equal([0], bins.Counts);
        Assert.Equal(1, bins.Missing);
    }
}
