using System.Globalization;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Administration;

/// <summary>Compares what a summary says of a chunk with the points of the chunk.</summary>
internal static class SummaryCheck
{
    /// <summary>Sums of 256 doubles in whatever order stay well within it, relative to the greatest of them.</summary>
    private const double MeanTolerance = 1e-12;

    /// <summary>What is different, to stand behind "has a summary with"; null when nothing is.</summary>
    public static string? Difference(ChunkSummary summary, SeriesPoints points)
    {
        if (summary.Count != points.Count)
            return string.Create(CultureInfo.InvariantCulture, $"{summary.Count} points instead of {points.Count}");
        if (SeriesPoints.Compare(summary.First, points[0]) != 0 || SeriesPoints.Compare(summary.Last, points[points.Count - 1]) != 0)
            return "another first or last point";
        if (Range(points.Times) != (summary.TimesAscend, summary.TimeMin, summary.TimeMax))
            return "other times";
        if (Range(points.Ranks) != (summary.RanksAscend, summary.RankMin, summary.RankMax))
            return "another order of arrival";
        for (var block = 0; block < summary.Blocks; block++)
        {
            if (!IsOf(summary, block, points))
                return string.Create(CultureInfo.InvariantCulture, $"other figures of block {block}");
        }

        return null;
    }

    private static bool IsOf(ChunkSummary summary, int block, SeriesPoints points)
    {
        var at = block * ChunkEncoder.BlockPoints;
        var values = points.Values.Slice(at, Math.Min(ChunkEncoder.BlockPoints, points.Count - at));
        var first = points[at];
        var (count, min, max, mean) = Figures(values);
        return summary.Figures.Steps[block] == first.Step && summary.Figures.Times[block] == first.Time
            && summary.Figures.Counts[block] == values.Length && summary.Figures.FiniteCounts[block] == count
            && HasBits(summary.Figures.First[block], values[0]) && HasBits(summary.Figures.Last[block], values[^1])
            && summary.Figures.Min[block].Equals(min) && summary.Figures.Max[block].Equals(max) && IsMean(summary.Figures.Mean[block], mean, min, max);
    }

    /// <summary>Over finite values; NaN where there are none. The mean runs along, as a sum could overflow.</summary>
    private static (int Count, double Min, double Max, double Mean) Figures(ReadOnlySpan<double> values)
    {
        var (count, min, max, mean) = (0, double.NaN, double.NaN, double.NaN);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                continue;
            count++;
            (min, max, mean) = count == 1
                ? (value, value, value)
                : (Math.Min(min, value), Math.Max(max, value), mean + ((value / count) - (mean / count)));
        }

        return (count, min, max, mean);
    }

    private static bool IsMean(double told, double mean, double min, double max) =>
        told.Equals(mean)
        || (told >= min && told <= max && Math.Abs(told - mean) <= double.Epsilon * 1024 + (MeanTolerance * Math.Max(Math.Abs(min), Math.Abs(max))));

    private static bool HasBits(double left, double right) => BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);

    private static (bool Ascend, long Min, long Max) Range(ReadOnlySpan<long> numbers)
    {
        var (ascend, min, max, previous) = (true, numbers[0], numbers[0], numbers[0]);
        foreach (var number in numbers)
        {
            ascend &= number >= previous;
            (min, max, previous) = (Math.Min(min, number), Math.Max(max, number), number);
        }

        return (ascend, min, max);
    }
}
