using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Reading;

/// <summary>Where a point stands in an order of its series.</summary>
/// <param name="Point">The point.</param>
/// <param name="Rank">Its rank by arrival.</param>
public readonly record struct SweepKey(SeriesPoint Point, long Rank)
{
    /// <summary>The least key that any point of the chunk may have.</summary>
    public static SweepKey LeastOf(KnownChunk chunk, SeriesOrder order) => order switch
    {
        SeriesOrder.Step => new SweepKey(chunk.First, long.MinValue),
        SeriesOrder.Time => new SweepKey(new SeriesPoint(new Step(long.MinValue), chunk.TimeMin, double.NegativeInfinity), long.MinValue),
        _ => new SweepKey(default, chunk.RankMin),
    };

    /// <summary>The greatest key that any point of the chunk may have.</summary>
    public static SweepKey GreatestOf(KnownChunk chunk, SeriesOrder order) => order switch
    {
        SeriesOrder.Step => new SweepKey(chunk.Last, long.MaxValue),
        SeriesOrder.Time => new SweepKey(new SeriesPoint(new Step(long.MaxValue, 999_999), chunk.TimeMax, GreatestValue), long.MaxValue),
        _ => new SweepKey(default, chunk.RankMax),
    };

    /// <summary>The NaN that stands above every other value.</summary>
    private static double GreatestValue => BitConverter.UInt64BitsToDouble(ulong.MaxValue);

    /// <summary>Compares in an order; 0 in the orders of step and time for points that are one and the same.</summary>
    public int CompareTo(in SweepKey other, SeriesOrder order)
    {
        if (order == SeriesOrder.Arrival)
            return Rank.CompareTo(other.Rank);
        if (order == SeriesOrder.Time && Point.Time != other.Point.Time)
            return Point.Time.CompareTo(other.Point.Time);
        return SeriesPoints.Compare(Point, other.Point);
    }
}
