namespace Runstone.Formats.Tables;

/// <summary>A file that may hold a table.</summary>
/// <param name="Name">Its name or path; the extension says how it is read.</param>
/// <param name="Size">Bytes.</param>
/// <param name="OpenAsync">Gives the content from an offset, a number of bytes or to the end when null; the caller disposes it.</param>
public sealed record TableFile(string Name, long Size, Func<long, long?, CancellationToken, Task<Stream>> OpenAsync);

/// <summary>What values a column has.</summary>
public enum TableType
{
    Text,
    Number,
    Boolean,

    /// <summary>Objects, arrays, or values of several kinds.</summary>
    Mixed,
}

/// <summary>A column of a table.</summary>
/// <param name="Name">As the file calls it; may be empty, and the same for several columns.</param>
/// <param name="Type">What its values are, as far as was looked.</param>
public sealed record TableColumn(string Name, TableType Type);

/// <summary>Rows of a table.</summary>
/// <param name="Format">How the file was read: csv, tsv, jsonl, json, npy or npz.</param>
/// <param name="Columns">All columns.</param>
/// <param name="Rows">One array a row, one cell a column, shorter where the last ones are missing: null, text, bool, long, ulong, double or <see cref="System.Text.Json.JsonElement"/>.</param>
/// <param name="HasMore">Rows follow.</param>
/// <param name="Total">All rows of the file; null when counting them would take reading all of a long file.</param>
public sealed record TablePage(string Format, IReadOnlyList<TableColumn> Columns, IReadOnlyList<object?[]> Rows, bool HasMore, long? Total)
{
    /// <summary>What is odd about the file and was read all the same, with its line; at most 10.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
