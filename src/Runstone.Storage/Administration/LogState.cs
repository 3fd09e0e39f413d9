using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>What a check of one run gathers.</summary>
internal sealed class LogState(long runNo, string runId, long nextSequence, long sealedSequence)
{
    public long RunNo { get; } = runNo;

    public string RunId { get; } = runId;

    public long NextSequence { get; } = nextSequence;

    /// <summary>The first row that is not sealed.</summary>
    public long SealedSequence { get; } = sealedSequence;

    public long Rows { get; set; }

    public long LastSequence { get; set; } = -1;

    public bool IsDamaged { get; set; }

    /// <summary>Series that have points in chunks.</summary>
    public HashSet<long> SealedKeys { get; } = [];

    public SeriesDeltas Log { get; } = new();

    /// <summary>The stored newest values by key number.</summary>
    public Dictionary<long, object?[]> Stored { get; } = [];
}
