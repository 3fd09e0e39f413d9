namespace Runstone.Storage.Sql;

/// <summary>
/// A statement and its values, which are null, long, double, string, byte[] or what <see cref="SqlDialect"/> makes of a list.
/// Values of a fixed text stand in the order in which their names first appear; otherwise value i is named <c>@p{i}</c>
/// (<see cref="SqlParameters"/>), wherever it stands.
/// </summary>
internal sealed record SqlText
{
    /// <summary>A statement that was put together for one search.</summary>
    public SqlText(string sql, SqlParameters parameters)
        : this(sql, [.. parameters.All], isFixed: false)
    {
    }

    private SqlText(string sql, object?[] values, bool isFixed) => (Sql, Values, IsFixed) = (sql, values, isFixed);

    public string Sql { get; }

    public IReadOnlyList<object?> Values { get; }

    /// <summary>The text is one of a closed set, so that an engine may keep it prepared.</summary>
    public bool IsFixed { get; }

    /// <summary>A constant statement with its values.</summary>
    public static SqlText Fixed(string sql, params object?[] values) => new(sql, values, isFixed: true);
}
