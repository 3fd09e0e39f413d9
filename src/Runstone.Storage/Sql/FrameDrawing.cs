using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

/// <summary>Draws a frame from points that were gathered.</summary>
internal static class FrameDrawing
{
    public static SeriesFrame Draw(SeriesCollector series, long keyId, FrameQuery query, long runStart)
    {
        var points = series.Sorted(keyId, byTime: query.Axis != FrameAxis.Step).Span;
        var x = new double[points.Length];
        var values = new double[points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            x[i] = query.Axis switch
            {
                FrameAxis.Step => points[i].Step.ToDouble(),
                FrameAxis.Time => points[i].Time,
                _ => (double)points[i].Time - runStart,
            };
            values[i] = points[i].Value;
        }

        return Downsampler.Draw(x, values, query.Buckets, query.From, query.To);
    }
}
