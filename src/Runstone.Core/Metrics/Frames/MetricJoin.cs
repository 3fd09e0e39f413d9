using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Frames;

/// <summary>Draws one metric over another one of the same run.</summary>
public static class MetricJoin
{
    /// <summary>
    /// Draws <paramref name="y"/> at the x that the last point of <paramref name="x"/> with the same step has; points without a finite
    /// one are left out. Both are sorted by step.
    /// </summary>
    public static SeriesFrame Draw(SeriesPoints x, SeriesPoints y, int buckets, double? from, double? to, FrameBuilder builder)
    {
        var points = Join(x, y, from, to);
        if (points.Count <= buckets)
        {
            points.Sort((a, b) => FrameOrder.Compare(a.X, a.Point, b.X, b.Point));
            return points.Count == 0 ? SeriesFrame.Empty : ExactFrame.Of(points);
        }

        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var (at, _) in points)
            (least, greatest) = (Math.Min(least, at), Math.Max(greatest, at));
        builder.Begin(new FrameScale(from ?? least, to ?? greatest, buckets));
        foreach (var (at, point) in points)
            builder.Add(at, point);
        return builder.Build();
    }

    /// <summary>The points of <paramref name="y"/> that have an x in the range, as <see cref="Draw"/> takes them, in order of steps.</summary>
    public static List<(double X, SeriesPoint Point)> Join(SeriesPoints x, SeriesPoints y, double? from, double? to)
    {
        var joined = new List<(double, SeriesPoint)>();
        var next = 0;
        for (var i = 0; i < y.Count; i++)
        {
            var point = y[i];
            while (next < x.Count && x[next].Step <= point.Step)
                next++;
            if (next == 0 || x[next - 1].Step != point.Step)
                continue;
            var at = x[next - 1].Value;
            if (double.IsFinite(at) && !(at < from) && !(at > to))
                joined.Add((at, point));
        }

        return joined;
    }
}
