using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Frames;

/// <summary>The order of points in a frame: by x, then as in chunks.</summary>
internal static class FrameOrder
{
    public static int Compare(double leftX, in SeriesPoint left, double rightX, in SeriesPoint right)
    {
        var order = leftX.CompareTo(rightX);
        return order != 0 ? order : SeriesPoints.Compare(left, right);
    }
}
