namespace Runstone.Storage.Sqlite;

/// <summary>The key of a row of the metric log: run number * 2^32 + sequence number, so that one range is one run, in order.</summary>
internal static class LogPosition
{
    public static long Of(long runNo, long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, uint.MaxValue);
        return checked(runNo * (1L << 32)) + sequence;
    }

    /// <summary>The first position of the next run.</summary>
    public static long EndOf(long runNo) => Of(runNo + 1, 0);
}
