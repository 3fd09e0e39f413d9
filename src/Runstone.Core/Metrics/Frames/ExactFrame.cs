namespace Runstone.Core.Metrics.Frames;

/// <summary>Frames of which each bucket is one point.</summary>
internal static class ExactFrame
{
    /// <summary>The frame of points that are in order.</summary>
    public static SeriesFrame Of(IReadOnlyList<(double X, SeriesPoint Point)> points)
    {
        var (x, all, finite, ones) = (new double[points.Count], new double[points.Count], new double[points.Count], new int[points.Count]);
        for (var i = 0; i < x.Length; i++)
        {
            var value = points[i].Point.Value;
            (x[i], all[i], finite[i], ones[i]) = (points[i].X, value, double.IsFinite(value) ? value : double.NaN, 1);
        }

        return new SeriesFrame(true, x.Length, x, finite, finite, finite, all, all, ones);
    }
}
