namespace Runstone.Core.Metrics;

/// <summary>
/// Makes a <see cref="SeriesFrame"/> of a series: pure, the same for the same input, in one pass. The contract stands at
/// <see cref="SeriesFrame"/>.
/// </summary>
public static class Downsampler
{
    /// <summary>A frame without points.</summary>
    public static readonly SeriesFrame Empty = new(true, 0, [], [], [], [], [], [], []);

    /// <summary>
    /// Draws the points. <paramref name="x"/> ascends (it may repeat), is never NaN, and has the length of
    /// <paramref name="values"/>. Points outside <paramref name="from"/> and <paramref name="to"/> (inclusive) are left out. A
    /// bucket is closed on the left and open on the right; the last one is closed on both sides.
    /// </summary>
    public static SeriesFrame Draw(ReadOnlySpan<double> x, ReadOnlySpan<double> values, int buckets, double? from = null, double? to = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        var start = from is { } least ? LowerBound(x, least, orEqual: false) : 0;
        var end = to is { } greatest ? LowerBound(x, greatest, orEqual: true) : x.Length;
        if (start >= end)
            return Empty;
        x = x[start..end];
        values = values[start..end];
        return x.Length <= buckets ? Exact(x, values) : Buckets(x, values, buckets, from ?? x[0], to ?? x[^1]);
    }

    /// <summary>The first index whose x is not below (or, with <paramref name="orEqual"/>, is above) the bound.</summary>
    private static int LowerBound(ReadOnlySpan<double> x, double bound, bool orEqual)
    {
        var (low, high) = (0, x.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (orEqual ? x[middle] <= bound : x[middle] < bound)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static SeriesFrame Exact(ReadOnlySpan<double> x, ReadOnlySpan<double> values)
    {
        var finite = values.ToArray();
        foreach (ref var value in finite.AsSpan())
        {
            if (!double.IsFinite(value))
                value = double.NaN;
        }

        var all = values.ToArray();
        var ones = new int[x.Length];
        Array.Fill(ones, 1);
        return new SeriesFrame(true, x.Length, x.ToArray(), finite, finite, finite, all, all, ones);
    }

    private static SeriesFrame Buckets(ReadOnlySpan<double> x, ReadOnlySpan<double> values, int buckets, double from, double to)
    {
        var frame = new FrameBuilder(Math.Min(buckets, x.Length));
        var current = -1;
        for (var i = 0; i < x.Length; i++)
        {
            var bucket = BucketOf(x[i], from, to, buckets);
            if (bucket > current)
            {
                frame.Open(x[i], values[i]);
                current = bucket;
            }

            frame.Add(values[i]);
        }

        return frame.Build(x.Length);
    }

    /// <summary>Halves first, so that a range wider than the greatest double does not overflow.</summary>
    private static int BucketOf(double x, double from, double to, int buckets)
    {
        var width = (to / 2) - (from / 2);
        if (!(width > 0))
            return 0;
        var part = ((x / 2) - (from / 2)) / width;
        return double.IsNaN(part) ? 0 : Math.Clamp((int)(part * buckets), 0, buckets - 1);
    }

    private sealed class FrameBuilder(int capacity)
    {
        private readonly double[] _x = new double[capacity];
        private readonly double[] _min = new double[capacity];
        private readonly double[] _max = new double[capacity];
        private readonly double[] _mean = new double[capacity];
        private readonly double[] _first = new double[capacity];
        private readonly double[] _last = new double[capacity];
        private readonly int[] _count = new int[capacity];
        private int _at = -1;
        private long _finite;

        public void Open(double x, double first)
        {
            _at++;
            _finite = 0;
            (_x[_at], _first[_at]) = (x, first);
            _min[_at] = _max[_at] = _mean[_at] = double.NaN;
        }

        public void Add(double value)
        {
            _count[_at]++;
            _last[_at] = value;
            if (!double.IsFinite(value))
                return;
            if (_finite++ == 0)
            {
                _min[_at] = _max[_at] = _mean[_at] = value;
                return;
            }

            if (value < _min[_at])
                _min[_at] = value;
            if (value > _max[_at])
                _max[_at] = value;

            // A running mean cannot overflow where a sum would.
            _mean[_at] += (value / _finite) - (_mean[_at] / _finite);
        }

        public SeriesFrame Build(long points)
        {
            var n = _at + 1;
            return new SeriesFrame(
                false, points, _x[..n], _min[..n], _max[..n], _mean[..n], _first[..n], _last[..n], _count[..n]);
        }
    }
}
