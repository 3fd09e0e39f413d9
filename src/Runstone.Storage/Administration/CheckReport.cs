namespace Runstone.Storage.Administration;

/// <summary>Something in a store that is not as it must be.</summary>
/// <param name="Where">What was looked at: "database", "blob", "run", "table" or "store".</param>
/// <param name="What">What is wrong, a sentence that names it.</param>
/// <param name="Advice">What to do.</param>
public sealed record CheckFinding(string Where, string What, string Advice);

/// <summary>What was looked at and what was found.</summary>
public sealed record CheckReport
{
    public long Runs { get; set; }

    /// <summary>Rows of the metric log.</summary>
    public long LogRows { get; set; }

    /// <summary>Chunks and packs of sealed points.</summary>
    public long Chunks { get; set; }

    /// <summary>Points of the log and of chunks; what came several times counts once in chunks.</summary>
    public long Points { get; set; }

    /// <summary>
    /// Points that were received and are not there, of series that have chunks: what came several times is kept once. Lost chunks of
    /// which nothing else tells would count here too.
    /// </summary>
    public long Repeats { get; set; }

    public long Series { get; set; }

    /// <summary>Lines of consoles.</summary>
    public long ConsoleLines { get; set; }

    public required BlobTotals Blobs { get; set; }

    /// <summary>Blobs that files of runs refer to.</summary>
    public required BlobTotals BlobsInUse { get; set; }

    /// <summary>At most the first 1,000.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; set; }

    /// <summary>How many there are.</summary>
    public long FindingCount { get; set; }
}
