using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>Least, greatest and mean of the finite values of a block; the same bits on every processor.</summary>
internal static class BlockSummarizer
{
    public static void Summarize(ReadOnlySpan<double> values, BlockFigures into, int at)
    {
        (into.CountsColumn[at], into.FirstColumn[at], into.LastColumn[at]) = (values.Length, values[0], values[^1]);
        var sum = SumFinite(values, out var min, out var max);
        if (double.IsFinite(sum))
        {
            into.FiniteCountsColumn[at] = values.Length;
            (into.MinColumn[at], into.MaxColumn[at], into.MeanColumn[at]) = (min, max, Math.Clamp(sum / values.Length, min, max));
            return;
        }

        SummarizeSlowly(values, into, at);
    }

    /// <summary>Four sums side by side, which are added in a fixed order; not finite when a value or a sum is not.</summary>
    private static double SumFinite(ReadOnlySpan<double> values, out double min, out double max)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(values);
        var (sums, mins, maxes) = (Vector256<double>.Zero, Vector256.Create(values[0]), Vector256.Create(values[0]));
        foreach (var four in wide)
        {
            sums += four;
            mins = Vector256.Min(mins, four);
            maxes = Vector256.Max(maxes, four);
        }

        var sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        min = Math.Min(Math.Min(mins[0], mins[1]), Math.Min(mins[2], mins[3]));
        max = Math.Max(Math.Max(maxes[0], maxes[1]), Math.Max(maxes[2], maxes[3]));
        foreach (var value in values[(wide.Length * Vector256<double>.Count)..])
        {
            sum += value;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return sum;
    }

    private static void SummarizeSlowly(ReadOnlySpan<double> values, BlockFigures into, int at)
    {
        var (count, min, max, mean) = (0, double.NaN, double.NaN, double.NaN);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                continue;
            count++;
            if (count == 1)
            {
                min = max = mean = value;
                continue;
            }

            min = Math.Min(min, value);
            max = Math.Max(max, value);
            // A running mean cannot overflow where a sum would.
            mean += (value / count) - (mean / count);
        }

        into.FiniteCountsColumn[at] = count;
        (into.MinColumn[at], into.MaxColumn[at], into.MeanColumn[at]) = (min, max, count == 0 ? mean : Math.Clamp(mean, min, max));
    }
}
