using Runstone.Core.Errors;

namespace Runstone.Storage.Sql.Sealing;

/// <summary>A run as a pass found it.</summary>
internal sealed record SealRun(long Number, string Id, bool HasEnded, long SealedSequence, long NextSequence, long TailPoints, long NextChunk)
{
    /// <summary>Reads a row of <see cref="SealSql.Run"/>.</summary>
    public static SealRun Read(SqlRow row) => new(
        row.Int64(0), row.Text(1), row.Int64(2) != 0, row.Int64(3), row.Int64(4), row.Int64(5), row.Int64(6));
}

/// <summary>What a pass is going to write.</summary>
internal sealed class SealedParts
{
    private const int PointsColumn = 5;

    /// <summary>Rows of <see cref="SealSql.Chunk"/>.</summary>
    public List<object?[]> Chunks { get; } = [];

    /// <summary>Rows of <see cref="SealSql.Rollup"/>.</summary>
    public List<object?[]> Rollups { get; } = [];

    /// <summary>Chunks that others take the place of.</summary>
    public List<(long Slot, long No)> RemovedChunks { get; } = [];

    public List<(long Slot, long No)> RemovedRollups { get; } = [];

    /// <summary>Points of <see cref="RemovedChunks"/>.</summary>
    public long RemovedPoints { get; set; }

    /// <summary>How many more points are sealed afterwards.</summary>
    public long AddedPoints => Chunks.Sum(c => (long)c[PointsColumn]!) - RemovedPoints;

    /// <summary>The next number of a chunk after these.</summary>
    public long NextNo { get; set; }

    /// <summary>Rows of the log that are all in chunks with these, from the first one on.</summary>
    public long Rows { get; set; }

    /// <summary>Points of these rows.</summary>
    public long Points { get; set; }

    /// <summary>The pass is not at its end with these.</summary>
    public bool Continues { get; set; }

    /// <summary>Another pass is to follow.</summary>
    public bool More { get; set; }
}

/// <summary>What goes wrong with what is sealed.</summary>
internal static class SealedPart
{
    public static RunstoneException Damaged(string what) => new(
        new Error(ErrorCode.Unavailable, $"{what} Its run is not sealed further, and nothing of it is removed. {Damage.Advice}"), new InvalidDataException(what));
}
