namespace Runstone.Storage.Administration;

/// <summary>What a copy did and how it ended.</summary>
public sealed record CopyReport
{
    /// <summary>Both sides are equal, and the target can be used.</summary>
    public bool Complete { get; init; }

    /// <summary>Runs that were new or had changed, each time they were copied.</summary>
    public long RunsCopied { get; init; }

    public required BlobTotals BlobsCopied { get; init; }

    /// <summary>Blobs that files of the target refer to.</summary>
    public required BlobTotals BlobsInUse { get; init; }

    /// <summary>Rows that are equal on both sides.</summary>
    public required IReadOnlyList<TableTotals> Tables { get; init; }

    /// <summary>Runs (and 1 for everything else) that were written to while they were copied; copy again to take that over.</summary>
    public long ChangedMeanwhile { get; init; }

    /// <summary>What is wrong, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What could not be kept as it was, a line each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}

/// <summary>A number of blobs and their bytes.</summary>
public sealed record BlobTotals(long Count, long Bytes);

/// <summary>The rows of a table and the sum over them (docs/formats/backup.md).</summary>
public sealed record TableTotals(string Name, long Rows, string Hash)
{
    internal static IReadOnlyList<TableTotals> Of(IReadOnlyList<RowSum> sums) =>
        [.. StoreTables.Names.Select((name, i) => new TableTotals(name, sums[i].Count, sums[i].Hash))];
}
