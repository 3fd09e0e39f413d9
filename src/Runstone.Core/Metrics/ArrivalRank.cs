namespace Runstone.Core.Metrics;

/// <summary>
/// Ranks of the points of a series, which ascend in the order of arrival. What a pass of the sealer takes from the log has ranks
/// that follow each other from <see cref="OfRow"/> of its first row on, so that they take next to no space in a chunk, and stay
/// below those of every later row. Points that are still in the log rank above all sealed ones by any number from
/// <see cref="OfRow"/> of the first row that is left on.
/// </summary>
public static class ArrivalRank
{
    /// <summary>The most points a row of the log has.</summary>
    public const int MaxRowPoints = 1 << RowBits;

    private const int RowBits = 18;

    /// <summary>The least rank of the points of a row.</summary>
    public static long OfRow(long sequence) => sequence << RowBits;
}
