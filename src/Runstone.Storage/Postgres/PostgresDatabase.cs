using Npgsql;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>One database as the shared stores see it, through a pool of connections that keep nothing between transactions.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource pool, string place, TimeSpan retryFor, TimeProvider time) : SqlDatabase
{
    private const string BeginRead = "begin isolation level repeatable read read only";
    private const string BeginWrite = "begin isolation level read committed read write";

    public override SqlDialect Dialect => PostgresDialect.Instance;

    /// <summary>Hosts and database, for messages.</summary>
    public string Place => place;

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => pool.OpenConnectionAsync(cancellationToken);

    /// <summary>A statement is a transaction by itself.</summary>
    public override Task<List<T>> QueryAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken) =>
        GuardAsync(() => PersistAsync(() => RunAsync(query, read, cancellationToken), cancellationToken));

    public override Task<T> ReadAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await using var session = new PostgresSession(this, BeginRead, persists: true);
            return await work(session);
        });

    public override Task<T> TransactAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(() => PersistAsync(() => TransactOnceAsync(work, cancellationToken), cancellationToken));

    /// <summary>
    /// Does the work again after a conflict with another transaction, and while the database is away, as long as the options
    /// allow. The work must leave nothing behind when it fails so.
    /// </summary>
    public async ValueTask<T> PersistAsync<T>(Func<ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var retry = new RetryClock(retryFor, time);
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (retry.Allows(e))
            {
                await retry.WaitAsync(cancellationToken);
            }
        }
    }

    private async ValueTask<List<T>> RunAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        var command = PostgresCommands.Of(query);
        await using var connection = await OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (rows, row) = (new List<T>(), new PostgresRow(reader));
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(row));
        return rows;
    }

    private async ValueTask<T> TransactOnceAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var session = new PostgresSession(this, BeginWrite, persists: false);
        var result = await work(session);
        try
        {
            await session.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (Exception e) when (PostgresErrors.IsLost(e))
        {
            throw PostgresErrors.Unknown(e, place);
        }
    }

    private async Task<T> GuardAsync<T>(Func<ValueTask<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is not OperationCanceledException and not RunstoneException && PostgresErrors.IsOfDriver(e))
        {
            throw PostgresErrors.Describe(e, place);
        }
    }
}
