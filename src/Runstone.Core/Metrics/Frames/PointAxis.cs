using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Frames;

/// <summary>The x of points that stands in the points themselves.</summary>
/// <param name="Kind">Step, time or relative time.</param>
/// <param name="RunStart">Unix milliseconds; where relative time begins.</param>
public readonly record struct PointAxis(FrameAxis Kind, long RunStart)
{
    /// <summary>Whether x follows the order of points in chunks.</summary>
    public bool IsStep => Kind == FrameAxis.Step;

    /// <summary>The x of a point.</summary>
    public double Of(in SeriesPoint point) => Kind == FrameAxis.Step ? point.Step.ToDouble() : OfTime(point.Time);

    /// <summary>The x of a time.</summary>
    public double OfTime(long time) => Kind == FrameAxis.RelativeTime ? (double)time - RunStart : time;

    /// <summary>The x of as many points as fit, from one on.</summary>
    public void Of(SeriesPoints points, int start, Span<double> into)
    {
        if (Kind == FrameAxis.Step && points.Micros.IsEmpty)
        {
            var steps = points.Steps.Slice(start, into.Length);
            for (var i = 0; i < into.Length; i++)
                into[i] = steps[i];
            return;
        }

        for (var i = 0; i < into.Length; i++)
            into[i] = Of(points[start + i]);
    }
}
