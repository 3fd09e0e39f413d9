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
    public static HashSet<long> Choose(StepRanges steps, IEnumerable<(long Min, long Max)> bounds, int max)
    {
        var count = steps.Count;
        if (count <= max)
            return [.. steps.At(Enumerable.Range(0, (int)count).Select(i => (long)i))];
        var interval = (double)count / max;
        var chosen = new HashSet<long>(steps.At(Enumerable.Range(0, max).Select(i => Math.Min((long)(i * interval), count - 1)))) { steps.Greatest };
        foreach (var (least, greatest) in bounds)
        {
            chosen.Add(least);
            chosen.Add(greatest);
        }

        return chosen;
    }
}
