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
    public override async ValueTask VisitAllAsync(IReadOnlyList<SqlVisit> visits, CancellationToken cancellationToken)
    {
        if (visits.Count == 0)
            return;
        await using var reader = await RunAsync([.. visits.Select(v => PostgresCommands.Of(v.Query))], cancellationToken);
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
        RunAsync([PostgresCommands.Of(statement)], cancellationToken);

    private ValueTask<NpgsqlDataReader> RunAsync(NpgsqlBatchCommand[] commands, CancellationToken cancellationToken)
    {
        if (_connection is not null)
            return ExecuteAsync(_connection, [], commands, cancellationToken);
        return persists
            ? database.PersistAsync(() => BeginAsync(commands, cancellationToken), cancellationToken)
            : BeginAsync(commands, cancellationToken);
    }

    private async ValueTask<NpgsqlDataReader> BeginAsync(NpgsqlBatchCommand[] commands, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            var reader = await ExecuteAsync(connection, begin, commands, cancellationToken);
            _connection = connection;
            return reader;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<NpgsqlDataReader> ExecuteAsync(
        NpgsqlConnection connection, IReadOnlyList<string> first, NpgsqlBatchCommand[] commands, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in first)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        return await batch.ExecuteReaderAsync(cancellationToken);
    }
}
