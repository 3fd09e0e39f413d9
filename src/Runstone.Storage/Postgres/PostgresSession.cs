using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>
/// A transaction that begins with its first statement, in the same round trip. A connection that died while it lay in the pool
/// is noticed there, before anything was seen or done, and with <paramref name="persists"/> another one takes its place.
/// </summary>
internal sealed class PostgresSession(PostgresDatabase database, IReadOnlyList<string> begin, bool persists) : SqlSession, IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>A transaction is open on the connection.</summary>
    private bool _begun;

    public override SqlDialect Dialect => PostgresDialect.Instance;

    public override async ValueTask<List<T>> QueryAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var reader = await RunAsync(query, cancellationToken);
        var row = new PostgresRow(reader);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(row));
        return rows;
    }

    public override async ValueTask VisitAsync(SqlText query, Action<SqlRow> visit, CancellationToken cancellationToken)
    {
        await using var reader = await RunAsync(query, cancellationToken);
        var row = new PostgresRow(reader);
        while (await reader.ReadAsync(cancellationToken))
            visit(row);
    }

    /// <summary>One round trip, whatever their number.</summary>
    public override ValueTask VisitAllAsync(IReadOnlyList<SqlVisit> visits, CancellationToken cancellationToken) =>
        VisitAsync(visits, isEnd: false, cancellationToken);

    /// <summary>One round trip, the end of the transaction included, which otherwise is one more.</summary>
    public override ValueTask VisitLastAsync(IReadOnlyList<SqlVisit> visits, CancellationToken cancellationToken) =>
        VisitAsync(visits, isEnd: true, cancellationToken);

    private async ValueTask VisitAsync(IReadOnlyList<SqlVisit> visits, bool isEnd, CancellationToken cancellationToken)
    {
        if (visits.Count == 0)
            return;
        await using var reader = await RunAsync([.. visits.Select(v => v.Query)], isEnd, cancellationToken);
        var row = new PostgresRow(reader);
        foreach (var (_, visit) in visits)
        {
            while (await reader.ReadAsync(cancellationToken))
                visit(row);
            await reader.NextResultAsync(cancellationToken);
        }
    }

    public override async ValueTask ExecuteAsync(SqlText statement, CancellationToken cancellationToken)
    {
        await using var reader = await RunAsync(statement, cancellationToken);
    }

    public override async ValueTask InsertAsync(SqlTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;
        if (_connection is null)
            await ExecuteAsync(SqlText.Fixed("select 1"), cancellationToken);
        var columns = string.Join(", ", table.Columns.Select(c => c.Name));
        await using var copy = await _connection!.BeginBinaryImportAsync($"copy {table.Name} ({columns}) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            for (var i = 0; i < row.Length; i++)
                await WriteAsync(copy, table.Columns[i].Kind, row[i], cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>Ends the transaction; what it wrote is durable afterwards.</summary>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        if (_connection is null)
            return;
        await using var commit = new NpgsqlCommand("commit", _connection);
        await commit.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives the connection back; the pool ends a transaction that is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = null;
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, SqlKind kind, object? value, CancellationToken cancellationToken) => value switch
    {
        null or double.NaN => copy.WriteNullAsync(cancellationToken),
        _ when kind == SqlKind.Int64 => copy.WriteAsync((long)value, NpgsqlDbType.Bigint, cancellationToken),
        _ when kind == SqlKind.Double => copy.WriteAsync(Convert.ToDouble(value, CultureInfo.InvariantCulture), NpgsqlDbType.Double, cancellationToken),
        _ when kind == SqlKind.Text => copy.WriteAsync((string)value, NpgsqlDbType.Text, cancellationToken),
        _ => copy.WriteAsync((byte[])value, NpgsqlDbType.Bytea, cancellationToken),
    };

    private ValueTask<NpgsqlDataReader> RunAsync(SqlText statement, CancellationToken cancellationToken) =>
        RunAsync([statement], isEnd: false, cancellationToken);

    private ValueTask<NpgsqlDataReader> RunAsync(IReadOnlyList<SqlText> statements, bool isEnd, CancellationToken cancellationToken)
    {
        if (_connection is not null)
            return ExecuteAsync(_connection, statements, isEnd, cancellationToken);
        return persists
            ? database.PersistAsync(() => BeginAsync(statements, isEnd, cancellationToken), cancellationToken)
            : BeginAsync(statements, isEnd, cancellationToken);
    }

    private async ValueTask<NpgsqlDataReader> BeginAsync(IReadOnlyList<SqlText> statements, bool isEnd, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            var reader = await ExecuteAsync(connection, statements, isEnd, cancellationToken);
            _connection = connection;
            return reader;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<NpgsqlDataReader> ExecuteAsync(
        NpgsqlConnection connection, IReadOnlyList<SqlText> statements, bool isEnd, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in _begun ? [] : begin)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        foreach (var statement in statements)
            batch.BatchCommands.Add(PostgresCommands.Of(statement));
        if (isEnd)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        if (statements.All(s => s.IsFixed))
            await database.PrepareAsync(batch, cancellationToken);
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        _begun = !isEnd;
        return reader;
    }
}
