namespace Runstone.Core.Importance;

/// <summary>Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their ranks.</summary>
internal sealed class RankCorrelation(double[] target)
{
    /// <summary>The ranks of the target.</summary>
    public double[] OfTarget { get; } = Ranks(target);

    /// <summary>Of the target and <paramref name="x"/>, over the places where this is not NaN; null when fewer than two are left, or either side has one value only.</summary>
    public double? Of(double[] x)
    {
        var places = Enumerable.Range(0, x.Length).Where(i => !double.IsNaN(x[i])).ToArray();
        var (a, b) = (Ranks(x, places), places.Length == target.Length ? OfTarget : Ranks(target, places));
        var mean = (places.Length + 1) / 2.0;
        var (both, ofA, ofB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < places.Length; i++)
        {
            var (da, db) = (a[i] - mean, b[i] - mean);
            both += da * db;
            ofA += da * da;
            ofB += db * db;
        }

        return ofA > 0 && ofB > 0 ? Math.Clamp(both / Math.Sqrt(ofA * ofB), -1, 1) : null;
    }

    /// <summary>The ranks of numbers without NaN, 1 for the least.</summary>
    public static double[] Ranks(double[] values) => Ranks(values, [.. Enumerable.Range(0, values.Length)]);

    private static double[] Ranks(double[] values, int[] places)
    {
        var order = Enumerable.Range(0, places.Length).ToArray();
        var keys = places.Select(p => values[p]).ToArray();
        Array.Sort(keys, order);
        var ranks = new double[places.Length];
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
                to++;
            for (var i = from; i < to; i++)
                ranks[order[i]] = (from + 1 + to) / 2.0;
            from = to;
        }

        return ranks;
    }
}
