using Runstone.Core.Errors;

namespace Runstone.Formats.Tables;

/// <summary>
/// Reads rows of a file somebody logged, to be looked at. Memory and time are bounded whatever the file holds; a file that is not what its name says is an
/// <see cref="ErrorCode.Invalid"/> that names the line.
/// </summary>
public static class TablePreview
{
    /// <summary>What can be read.</summary>
    public const string Extensions = ".csv, .tsv, .jsonl, .ndjson, .json, .npy or .npz";

    /// <summary>
    /// Up to <paramref name="limit"/> rows from <paramref name="offset"/>; none when the table ends before. Of a file of several tables <paramref name="entry"/> names one,
    /// and without it the rows are the tables.
    /// </summary>
    public static Task<TablePage> ReadAsync(TableFile file, string? entry, long offset, int limit, CancellationToken cancellationToken)
    {
        var isArchive = Path.GetExtension(file.Name).Equals(".npz", StringComparison.OrdinalIgnoreCase);
        if (entry is not null && !isArchive)
            throw new RunstoneException(Error.Invalid("entry", "only a .npz file has entries."));
        return entry is not null ? NumpyArchive.ReadAsync(file, entry, offset, limit, cancellationToken)
            : isArchive ? NumpyArchive.ListAsync(file, offset, limit, cancellationToken)
            : ReadAsync(file, offset, limit, cancellationToken);
    }

    private static Task<TablePage> ReadAsync(TableFile file, long offset, int limit, CancellationToken cancellationToken) =>
        Path.GetExtension(file.Name).ToUpperInvariant() switch
        {
            ".CSV" => SeparatedText.ReadAsync(file, "csv", offset, limit, cancellationToken),
            ".TSV" or ".TAB" => SeparatedText.ReadAsync(file, "tsv", offset, limit, cancellationToken),
            ".JSONL" or ".NDJSON" => JsonLines.ReadAsync(file, offset, limit, cancellationToken),
            ".JSON" => JsonTable.ReadAsync(file, offset, limit, cancellationToken),
            ".NPY" => NumpyArray.ReadAsync(file, offset, limit, cancellationToken),
            _ => throw TableLimits.Malformed(file.Name, $"its name does not end with {Extensions}."),
        };
}
