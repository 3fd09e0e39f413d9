namespace Runstone.Core.Metrics.Frames;

/// <summary>Gathers the values of a part, at most a chunk of them.</summary>
internal struct PartRun
{
    // More than the points of a chunk, so that a sum of values that are divided by it cannot overflow.
    private const double Scale = 1 << 14;

    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private double _sum;
    private double _scaledSum;
    private int _count;
    private int _finite;

    public PartRun()
    {
    }

    private readonly double Mean =>
        Math.Clamp(double.IsFinite(_sum) ? _sum / _finite : _scaledSum / _finite * Scale, _min, _max);

    public void Add(double value)
    {
        _count++;
        if (!double.IsFinite(value))
            return;
        _finite++;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        _sum += value;
        _scaledSum += value / Scale;
    }

    /// <summary>The part, whose first and last point are given.</summary>
    public readonly FramePart Part(double x, in SeriesPoint first, double endX, in SeriesPoint end) =>
        new(x, first, end.Value, _count, _finite, _min, _max, _finite == 0 ? double.NaN : Mean) { End = (endX, end) };
}
