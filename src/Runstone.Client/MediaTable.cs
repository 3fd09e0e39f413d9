namespace Runstone.Client;

/// <summary>Columns and rows to look at.</summary>
/// <param name="Columns">1 to 1,000 names.</param>
/// <param name="Rows">Up to 100,000 rows with a cell a column: texts, numbers, booleans and null; anything else becomes text.</param>
public sealed record MediaTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);
