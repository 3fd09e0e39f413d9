using System.Globalization;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>A row as it travels between engines.</summary>
/// <param name="Owner">The number that groups rows: the run's, or the first column of the key.</param>
/// <param name="Values">Null, long, double, string or byte[], in the order of the columns.</param>
internal readonly record struct StoreRow(long Owner, object?[] Values);

/// <summary>
/// A table of every store: how it is read in blocks, by key, between two owners. Owners are numbers, because engines agree on
/// their order in whatever language texts are.
/// </summary>
internal sealed class StoreTable
{
    private readonly string _first;
    private readonly string _next;
    private readonly int[] _keyPlaces;

    /// <param name="table">Name and columns.</param>
    /// <param name="key">The names of the key's columns but the owner, in order.</param>
    /// <param name="owner">The name of the owner's column.</param>
    /// <param name="ownerFrom">Where the owner is found when the table itself has no such column.</param>
    /// <param name="page">Rows that are held at a time.</param>
    /// <param name="referred">Rows of other tables refer to its ids; a table without an id of its own has no such rows.</param>
    public StoreTable(SqlTable table, string key = "", string owner = "run_no", string? ownerFrom = null, int page = 2000, bool referred = true)
    {
        (Table, Owner, Page, IsReferred) = (table, owner, page, referred && owner == "id");
        var keys = key.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _keyPlaces = [.. keys.Select(k => table.Columns.Select(c => c.Name).ToList().IndexOf(k))];
        var ownerColumn = ownerFrom is null ? $"t.{owner}" : $"o.{owner}";
        var order = string.Join(", ", keys.Select(k => $"t.{k}").Prepend(ownerColumn));
        var select = $"select {ownerColumn}, {string.Join(", ", table.Columns.Select(c => $"t.{c.Name}"))} from {table.Name} t {ownerFrom}";
        var after = string.Join(", ", keys.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"@k{i}")).Prepend("@owner"));
        _first = $"{select} where {ownerColumn} >= @from and {ownerColumn} <= @to order by {order} limit @limit";
        _next = $"{select} where ({order}) > ({after}) and {ownerColumn} <= @to order by {order} limit @limit";
        All = $"{select} where {ownerColumn} >= @from and {ownerColumn} <= @to";
    }

    public SqlTable Table { get; }

    public string Name => Table.Name;

    public string Owner { get; }

    public int Page { get; }

    /// <summary>Its rows are changed where they stand, because others refer to them; those of other tables are written anew.</summary>
    public bool IsReferred { get; }

    /// <summary>Where the column is among the values of a row.</summary>
    public int Place(string column) => Table.Columns.Select(c => c.Name).ToList().IndexOf(column);

    /// <summary>All rows of owners <c>@from</c> to <c>@to</c>, in no order; the owner stands before the columns.</summary>
    public string All { get; }

    /// <summary>The next block of the owners from <paramref name="from"/> to <paramref name="to"/>; less than <see cref="Page"/> rows are the end.</summary>
    public async ValueTask<List<StoreRow>> ReadAsync(SqlSession session, long from, long to, StoreRow? after, CancellationToken cancellationToken)
    {
        var query = after is not { } last
            ? SqlText.Fixed(_first, from, to, (long)Page)
            : SqlText.Fixed(_next, [last.Owner, .. _keyPlaces.Select(k => last.Values[k]), to, (long)Page]);
        return await session.QueryAsync(query, Read, cancellationToken);
    }

    /// <summary>Reads a row of <see cref="All"/>.</summary>
    public StoreRow Read(SqlRow row)
    {
        var values = new object?[Table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = row.IsNull(i + 1) ? null : Read(row, i + 1, Table.Columns[i].Kind);
        return new StoreRow(row.Int64(0), values);
    }

    private static object Read(SqlRow row, int column, SqlKind kind) => kind switch
    {
        SqlKind.Int64 => row.Int64(column),
        SqlKind.Double => row.Double(column),
        SqlKind.Text => row.Text(column),
        _ => row.Blob(column).ToArray(),
    };
}
