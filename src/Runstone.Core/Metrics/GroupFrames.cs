namespace Runstone.Core.Metrics;

/// <summary>Groups of runs to be drawn by one metric.</summary>
/// <param name="Groups">Ids of the runs of each group; a run may be in several.</param>
/// <param name="Key">The metric.</param>
/// <param name="Axis">What x is.</param>
/// <param name="Buckets">1 to 10,000; about one a pixel.</param>
/// <param name="From">Least x, inclusive; null for the least of all runs.</param>
/// <param name="To">Greatest x, inclusive; null for the greatest of all runs.</param>
public sealed record GroupQuery(
    IReadOnlyList<IReadOnlyList<string>> Groups, string Key, FrameAxis Axis, int Buckets, double? From = null, double? To = null)
{
    /// <summary>The metric that is x, with <see cref="FrameAxis.Metric"/>; runs that lack it contribute nothing.</summary>
    public string? XKey { get; init; }

    /// <summary>The places of the groups that each run is in; one that a group names twice is in it once.</summary>
    public ILookup<string, int> GroupsOfRuns() => Groups
        .SelectMany((runs, group) => runs.Distinct(StringComparer.Ordinal).Select(run => (Run: run, Group: group)))
        .ToLookup(p => p.Run, p => p.Group, StringComparer.Ordinal);
}

/// <summary>
/// Drawn groups. All share the range of x and its even buckets; those in which no run has a finite value are left out. Which points
/// of a run a bucket covers is as in <see cref="SeriesFrame"/>.
/// </summary>
/// <param name="From">Least x of the range.</param>
/// <param name="To">Greatest x of the range.</param>
/// <param name="X">The least x of the points in each bucket, of all groups.</param>
/// <param name="Groups">A frame a group.</param>
public sealed record GroupFrames(double From, double To, double[] X, IReadOnlyList<GroupFrame> Groups)
{
    /// <summary>As many groups without runs.</summary>
    public static GroupFrames Empty(int groups) =>
        new(double.NaN, double.NaN, [], [.. Enumerable.Range(0, groups).Select(_ => new GroupFrame(0, [], [], [], [], []))]);
}

/// <summary>
/// One group, columnar; the arrays have the length of <see cref="GroupFrames.X"/>. A run counts once a bucket, with the mean of its
/// finite values there, however many these are. A bucket without runs has NaN but for the count. <paramref name="Mean"/> and <paramref name="Deviation"/>
/// are within (n + p) 2^-52 a of exact ones, p the most finite values of a run in the bucket, a the greatest of their magnitudes, which is from 1e-140 to 1e140.
/// </summary>
/// <param name="Runs">Runs that have a finite value in the range.</param>
/// <param name="Mean">Mean of the runs' means m1..mn.</param>
/// <param name="Deviation">
/// Sample standard deviation of the runs' means, sqrt(sum((mi - mean)^2) / (n - 1)), 0 when n is 1. Computed by the recurrence of
/// B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962) 419-420.
/// </param>
/// <param name="Min">Least finite value of any point.</param>
/// <param name="Max">Greatest finite value of any point.</param>
/// <param name="Count">Runs with a finite value in the bucket, n.</param>
public sealed record GroupFrame(int Runs, double[] Mean, double[] Deviation, double[] Min, double[] Max, int[] Count);
