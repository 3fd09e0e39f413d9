namespace Runstone.Formats.Mlflow;

/// <summary>Chooses the steps of a drawing of several runs, so that all of them show points at the same steps.</summary>
public static class HistorySampling
{
    public const int MaxRuns = 100;
    public const int MaxPoints = 2500;

    /// <summary>
    /// At most about <paramref name="max"/> of the distinct steps: every n-th of them, the last one, and the least and greatest
    /// of each run (<paramref name="bounds"/>).
    /// </summary>
    public static HashSet<long> Choose(IReadOnlyCollection<long> steps, IEnumerable<(long Min, long Max)> bounds, int max)
    {
        if (steps.Count <= max)
            return [.. steps];
        var sorted = steps.ToArray();
        Array.Sort(sorted);
        var chosen = new HashSet<long>(max + 8) { sorted[^1] };
        var interval = (double)sorted.Length / max;
        for (var i = 0; i < max; i++)
            chosen.Add(sorted[Math.Min((int)(i * interval), sorted.Length - 1)]);
        foreach (var (least, greatest) in bounds)
        {
            chosen.Add(least);
            chosen.Add(greatest);
        }

        return chosen;
    }
}
