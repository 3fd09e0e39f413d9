namespace Runstone.Client.Media;

/// <summary>How many values lie between edges that ascend; the last bin holds its upper edge too.</summary>
/// <param name="Edges">One more than counts.</param>
/// <param name="Counts">Values of each bin.</param>
/// <param name="Missing">Values that are not finite and in no bin.</param>
internal sealed record HistogramBins(double[] Edges, double[] Counts, long Missing)
{
    public const int MaxBins = 10_000;

    /// <summary>Bins of even width from the least to the greatest finite value.</summary>
    public static HistogramBins Of(ReadOnlySpan<double> values, int bins)
    {
        if (bins is < 1 or > MaxBins)
            throw new ArgumentException($"{bins} bins are not allowed; use 1 to {MaxBins}.", nameof(bins));
        var (least, greatest, missing) = (double.PositiveInfinity, double.NegativeInfinity, 0L);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                missing++;
                continue;
            }

            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        var edges = Between(least, greatest, bins);
        var counts = new double[edges.Length - 1];
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                continue;
            var place = Array.BinarySearch(edges, value);
            counts[Math.Min(place >= 0 ? place : ~place - 1, counts.Length - 1)]++;
        }

        return new HistogramBins(edges, counts, missing);
    }

    private static double[] Between(double least, double greatest, int bins)
    {
        if (least > greatest)
            return [0, 1];
        if (least.Equals(greatest) || (least == 0 && greatest == 0))
            return greatest < double.MaxValue ? [least, Math.BitIncrement(greatest)] : [Math.BitDecrement(least), greatest];
        var edges = new List<double>(bins + 1) { least };
        for (var i = 1; i < bins; i++)
        {
            // Not by the width, which may be infinite; a width below the spacing of doubles gives fewer bins.
            var edge = (least * ((double)(bins - i) / bins)) + (greatest * ((double)i / bins));
            if (edge > edges[^1] && edge < greatest)
                edges.Add(edge);
        }

        edges.Add(greatest);
        return [.. edges];
    }
}
