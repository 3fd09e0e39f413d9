using System.Diagnostics;

namespace Runstone.Core.Metrics.Frames;

/// <summary>
/// Fills the buckets of one frame from parts and points that come in any order. Keeps its memory for the next frame: not safe for use by two threads.
/// </summary>
public sealed class FrameBuilder
{
    private double[] _x = [];
    private SeriesPoint[] _first = [];
    private double[] _lastX = [];
    private SeriesPoint[] _lastFrom = [];
    private double[] _last = [];
    private double[] _min = [];
    private double[] _max = [];
    private double[] _mean = [];
    private int[] _count = [];
    private int[] _finite = [];

    /// <summary>The scale of the frame begun last.</summary>
    public FrameScale Scale { get; private set; }

    /// <summary>Points so far.</summary>
    public long Points { get; private set; }

    /// <summary>Points of a bucket so far.</summary>
    public int CountOf(int bucket) => _count[bucket];

    /// <summary>Points of a bucket so far whose value is finite.</summary>
    public int FiniteCountOf(int bucket) => _finite[bucket];

    /// <summary>The least x of a bucket that has points.</summary>
    public double XOf(int bucket) => _x[bucket];

    /// <summary>The least finite value of a bucket that has any.</summary>
    public double MinOf(int bucket) => _min[bucket];

    /// <summary>The greatest finite value of a bucket that has any.</summary>
    public double MaxOf(int bucket) => _max[bucket];

    /// <summary>The mean of the finite values of a bucket that has any.</summary>
    public double MeanOf(int bucket) => Math.Clamp(_mean[bucket], _min[bucket], _max[bucket]);

    /// <summary>Forgets what was added and begins a frame.</summary>
    public void Begin(FrameScale scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale.Buckets, 1, nameof(scale));
        (Scale, Points) = (scale, 0);
        if (_count.Length < scale.Buckets)
            Grow(scale.Buckets);
        _count.AsSpan(0, scale.Buckets).Clear();
        _finite.AsSpan(0, scale.Buckets).Clear();
    }

    /// <summary>Adds one point of the range.</summary>
    public void Add(double x, in SeriesPoint point)
    {
        var value = point.Value;
        Add(new FramePart(x, point, value, 1, double.IsFinite(value) ? 1 : 0, value, value, value));
    }

    /// <summary>Adds a part, to the bucket of its first point.</summary>
    public void Add(in FramePart part)
    {
        Debug.Assert(Scale.Contains(part.X), "The part lies outside of the range.");
        var bucket = Scale.BucketOf(part.X);
        Points += part.Count;
        if (_count[bucket] == 0)
        {
            (_x[bucket], _first[bucket], _lastX[bucket], _lastFrom[bucket], _last[bucket]) = (part.X, part.First, part.End.X, part.End.Point, part.LastValue);
        }
        else
        {
            if (FrameOrder.Compare(part.X, part.First, _x[bucket], _first[bucket]) < 0)
                (_x[bucket], _first[bucket]) = (part.X, part.First);
            if (FrameOrder.Compare(part.End.X, part.End.Point, _lastX[bucket], _lastFrom[bucket]) >= 0)
                (_lastX[bucket], _lastFrom[bucket], _last[bucket]) = (part.End.X, part.End.Point, part.LastValue);
        }

        _count[bucket] += part.Count;
        if (part.FiniteCount > 0)
            AddFinite(bucket, part);
    }

    /// <summary>The frame of what was added; the builder can begin another one.</summary>
    public SeriesFrame Build()
    {
        var length = 0;
        for (var i = 0; i < Scale.Buckets; i++)
            length += _count[i] == 0 ? 0 : 1;
        if (length == 0)
            return SeriesFrame.Empty;
        var frame = new SeriesFrame(
            false, Points, new double[length], new double[length], new double[length], new double[length], new double[length], new double[length], new int[length]);
        for (int i = 0, at = 0; i < Scale.Buckets; i++)
        {
            if (_count[i] == 0)
                continue;
            var finite = _finite[i] > 0;
            (frame.X[at], frame.First[at], frame.Last[at], frame.Count[at]) = (_x[i], _first[i].Value, _last[i], _count[i]);
            (frame.Min[at], frame.Max[at], frame.Mean[at]) = finite ? (_min[i], _max[i], MeanOf(i)) : (double.NaN, double.NaN, double.NaN);
            at++;
        }

        return frame;
    }

    private void AddFinite(int bucket, in FramePart part)
    {
        if (_finite[bucket] == 0)
        {
            (_min[bucket], _max[bucket], _mean[bucket]) = (part.Min, part.Max, part.Mean);
        }
        else
        {
            // Math.Min and Math.Max tell -0 from 0, so that the order of adding does not matter.
            _min[bucket] = Math.Min(_min[bucket], part.Min);
            _max[bucket] = Math.Max(_max[bucket], part.Max);

            // Shares cannot overflow where a sum would.
            var share = (double)part.FiniteCount / (_finite[bucket] + part.FiniteCount);
            _mean[bucket] = (_mean[bucket] * (1 - share)) + (part.Mean * share);
        }

        _finite[bucket] += part.FiniteCount;
    }

    private void Grow(int length)
    {
        (_x, _first, _lastX, _lastFrom, _last) = (new double[length], new SeriesPoint[length], new double[length], new SeriesPoint[length], new double[length]);
        (_min, _max, _mean, _count, _finite) = (new double[length], new double[length], new double[length], new int[length], new int[length]);
    }
}
