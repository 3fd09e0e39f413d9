using System.Text.Json;

namespace Runstone.Protocol;

/// <summary>Rows of a file that is a table.</summary>
/// <param name="Format">How the file was read: "csv", "tsv", "jsonl", "json", "npy" or "npz".</param>
/// <param name="Columns">All columns; of JSON the columns of these rows.</param>
/// <param name="Offset">The number of the first row, from 0.</param>
/// <param name="Rows">
/// A value a column, fewer where the last ones are missing. Values of CSV and TSV are texts as the file has them; texts and objects of more than 8,192 characters are cut and end
/// with an ellipsis. Not finite numbers are the strings "NaN", "Infinity", "-Infinity"; whole numbers beyond 2^53 - 1, which many readers of JSON would round, are strings of their digits,
/// as complex numbers are texts like "1+2j".
/// </param>
/// <param name="HasMore">Rows follow. A page may have fewer rows than asked for when they are long.</param>
/// <param name="Total">All rows of the file; null when counting them would take reading all of a long file.</param>
/// <param name="Remarks">What is odd about the file and was read all the same, with its line; at most 10.</param>
public sealed record RowPage(
    string Format, IReadOnlyList<RowColumn> Columns, long Offset, IReadOnlyList<IReadOnlyList<JsonElement>> Rows, bool HasMore, long? Total,
    IReadOnlyList<string> Remarks);

/// <summary>A column of a file that is a table.</summary>
/// <param name="Name">As the file calls it; may be empty, and the same for several columns.</param>
/// <param name="Type">"text", "number", "boolean" or "mixed": what the values are, as far as was looked.</param>
public sealed record RowColumn(string Name, string Type);
