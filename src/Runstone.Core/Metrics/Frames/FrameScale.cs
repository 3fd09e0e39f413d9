namespace Runstone.Core.Metrics.Frames;

/// <summary>
/// Even buckets over a range of x. A bucket is closed on the left and open on the right; the last one is closed on both sides.
/// </summary>
/// <param name="From">Least x.</param>
/// <param name="To">Greatest x.</param>
/// <param name="Buckets">Number of buckets, at least one.</param>
public readonly record struct FrameScale(double From, double To, int Buckets)
{
    /// <summary>Something is taken as a whole when it reaches at most one of so many parts of a bucket beyond that in which it begins.</summary>
    private const double PartsOfBucket = 3;

    /// <summary>Halves first, so that a range wider than the greatest double does not overflow.</summary>
    private double HalfWidth => (To / 2) - (From / 2);

    /// <summary>The bucket of an x within the range, from 0.</summary>
    public int BucketOf(double x)
    {
        var width = HalfWidth;
        if (!(width > 0))
            return 0;
        var part = ((x / 2) - (From / 2)) / width;
        return double.IsNaN(part) ? 0 : Math.Clamp((int)(part * Buckets), 0, Buckets - 1);
    }

    /// <summary>Every x from the bucket before on that is below this lies before the bucket: its border, less what rounding may take.</summary>
    public double SafelyBefore(int bucket)
    {
        var width = HalfWidth / Buckets * 2;
        return From + (bucket * width) - (width * 1e-6) - ((Math.Abs(From) + Math.Abs(To)) * 1e-15);
    }

    /// <summary>
    /// Whether what lies between two x of the range is within the bucket of the first one, but for a third of a bucket at most. What
    /// is wider than four thirds of a bucket never is.
    /// </summary>
    public bool IsWhole(double first, double last)
    {
        var width = HalfWidth;
        return !(width > 0) || ((last / 2) - (From / 2)) / width * Buckets <= BucketOf(first) + 1 + (1 / PartsOfBucket);
    }

    /// <summary>Whether x is in the range.</summary>
    public bool Contains(double x) => x >= From && x <= To;
}
