namespace Runstone.Core.Metrics;

/// <summary>
/// A drawn series, columnar; all arrays have the same length and follow x ascending. The points of the range, in order of x and, where
/// x is equal, of (step, time, value, bits), are cut into buckets one behind the other: bucket i covers the <see cref="Count"/>[i]
/// points after those of the buckets before it, and every other figure is that of exactly these points. The range is cut at even
/// widths, and the border of a bucket lies at most a third of a width behind the even one, so that a part of a long series is
/// taken as a whole where it fits. Buckets without points are left out. When the range holds no more points than buckets asked for,
/// every point is its own bucket (<see cref="Exact"/>). Min, max and mean are over the finite values of a bucket and NaN when it has
/// none, so that no spike is lost and no NaN spreads.
/// </summary>
/// <param name="Exact">Each bucket is one point.</param>
/// <param name="Points">Points in the range, before bucketing.</param>
/// <param name="X">The x of the first point of each bucket.</param>
/// <param name="Min">Least finite value.</param>
/// <param name="Max">Greatest finite value.</param>
/// <param name="Mean">Arithmetic mean of the finite values, up to rounding.</param>
/// <param name="First">First value in order of x, whatever it is.</param>
/// <param name="Last">Last value in order of x, whatever it is.</param>
/// <param name="Count">Points in the bucket, not finite ones included.</param>
public sealed record SeriesFrame(
    bool Exact, long Points, double[] X, double[] Min, double[] Max, double[] Mean, double[] First, double[] Last, int[] Count)
{
    /// <summary>A frame without points.</summary>
    public static readonly SeriesFrame Empty = new(true, 0, [], [], [], [], [], [], []);
}
