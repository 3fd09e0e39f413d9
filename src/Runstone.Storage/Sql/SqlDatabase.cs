namespace Runstone.Storage.Sql;

/// <summary>
/// An engine as the shared stores see it. A store is written once against this; an engine derives it, <see cref="SqlSession"/>,
/// <see cref="SqlRow"/> and <see cref="SqlDialect"/>. Engine errors leave as <see cref="Runstone.Core.Errors.RunstoneException"/>.
/// </summary>
internal abstract class SqlDatabase
{
    /// <summary>How the engine spells what engines spell differently.</summary>
    public abstract SqlDialect Dialect { get; }

    /// <summary>Runs one statement that only reads, at one instant; the cheapest read.</summary>
    public abstract Task<List<T>> QueryAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken);

    /// <summary>Runs reads that see the database at one instant, every commit acknowledged before included.</summary>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>
    /// Runs the work as one transaction, durable when the task completes; nothing is kept when it throws. An engine with many
    /// writers runs the work again from its start after a conflict with another one, so it must have no other effect.
    /// </summary>
    public abstract Task<T> TransactAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken);
}

/// <summary>One connection inside a transaction. Used by one caller at a time; statements do not overlap.</summary>
internal abstract class SqlSession
{
    /// <inheritdoc cref="SqlDatabase.Dialect"/>
    public abstract SqlDialect Dialect { get; }

    /// <summary>All rows, in order.</summary>
    public abstract ValueTask<List<T>> QueryAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken);

    /// <summary>Visits row after row without keeping them; a row is valid only during the visit.</summary>
    public abstract ValueTask VisitAsync(SqlText query, Action<SqlRow> visit, CancellationToken cancellationToken);

    /// <summary>
    /// Visits the rows of several queries, query after query in the order given, as of the same instant as other reads of the
    /// session. An engine with a way to go sends them at once, so none may depend on what a visit saw.
    /// </summary>
    public virtual async ValueTask VisitAllAsync(IReadOnlyList<SqlVisit> visits, CancellationToken cancellationToken)
    {
        foreach (var (query, visit) in visits)
            await VisitAsync(query, visit, cancellationToken);
    }

    /// <summary>
    /// The same for the last reads of a session that only reads; an engine with a way to go ends its transaction with them. What is
    /// read later all the same is of a later instant.
    /// </summary>
    public virtual ValueTask VisitLastAsync(IReadOnlyList<SqlVisit> visits, CancellationToken cancellationToken) => VisitAllAsync(visits, cancellationToken);

    /// <summary>Runs to the end; rows are passed over.</summary>
    public abstract ValueTask ExecuteAsync(SqlText statement, CancellationToken cancellationToken);

    /// <summary>
    /// Adds rows to a table; each has the values of the table's columns (null, long, double, string or byte[]) in their order.
    /// An engine that has a fast way for many rows overrides this.
    /// </summary>
    public virtual async ValueTask InsertAsync(SqlTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
            await ExecuteAsync(SqlText.Fixed(table.InsertText, row), cancellationToken);
    }

    /// <summary>The first row, or the default when there is none (use a nullable <typeparamref name="T"/> to tell).</summary>
    public virtual async ValueTask<T?> FirstAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(query, read, cancellationToken);
        return rows.Count == 0 ? default : rows[0];
    }
}

/// <summary>A statement that returns rows, and what is done with each; a row is valid only during the visit.</summary>
internal readonly record struct SqlVisit(SqlText Query, Action<SqlRow> Visit);

/// <summary>The row a statement stands on; columns are numbered from 0.</summary>
internal abstract class SqlRow
{
    public abstract bool IsNull(int column);

    public abstract long Int64(int column);

    public abstract double Double(int column);

    public abstract string Text(int column);

    /// <summary>Valid until the statement moves.</summary>
    public abstract ReadOnlySpan<byte> Blob(int column);

    /// <summary>A text as UTF-8; valid until the statement moves.</summary>
    public abstract ReadOnlySpan<byte> Utf8(int column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public virtual double? NullableDouble(int column) => IsNull(column) ? null : Double(column);

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);
}
