namespace Runstone.Storage.Sql;

/// <summary>What a column holds; every column but those of the primary key may be null.</summary>
internal enum SqlKind
{
    Int64,
    Double,
    Text,
    Blob,
}

/// <summary>A column under the name that it has in every engine.</summary>
internal sealed record SqlColumn(string Name, SqlKind Kind);

/// <summary>
/// A table as rows are written to it in bulk: columns in the order of the values of a row. The metric log is (run_no, seq,
/// payload, digest), however an engine keeps its key.
/// </summary>
internal sealed record SqlTable(string Name, IReadOnlyList<SqlColumn> Columns)
{
    public const string MetricLog = "metric_log";

    /// <summary>Adds one row.</summary>
    public string InsertText { get; } =
        $"insert into {Name} ({string.Join(", ", Columns.Select(c => c.Name))}) values ({string.Join(", ", Columns.Select(c => "@" + c.Name))})";

    /// <summary>A column is written <c>name:kind</c>, the kind being i, d, t or b.</summary>
    public static SqlTable Of(string name, string columns) => new(name, [.. columns.Split(' ').Select(ReadColumn)]);

    private static SqlColumn ReadColumn(string text) => new(text[..^2], text[^1] switch
    {
        'i' => SqlKind.Int64,
        'd' => SqlKind.Double,
        't' => SqlKind.Text,
        'b' => SqlKind.Blob,
        _ => throw new ArgumentException($"'{text}' is no column.", nameof(text)),
    });
}
