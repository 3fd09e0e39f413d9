using Npgsql;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>One database as the shared stores see it, through a pool of connections that keep nothing between transactions.</summary>
internal sealed class PostgresDatabase(PostgresConnections connections, TimeSpan retryFor, TimeProvider time) : SqlDatabase
{
    // Conditions of searches are asked against sets in hash tables, which the planner gives up for a scan a row when it thinks that
    // they outgrow this multiple of work_mem; 64 holds millions of runs. Compiling a search takes longer than running it.
    private static readonly string[] BeginRead =
        ["begin isolation level repeatable read read only", "set local hash_mem_multiplier = 64", "set local jit = off"];

    private static readonly string[] BeginWrite = ["begin isolation level read committed read write"];

    public override SqlDialect Dialect => PostgresDialect.Instance;

    /// <summary>Hosts and database, for messages.</summary>
    public string Place => connections.Place;

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => connections.Pool.OpenConnectionAsync(cancellationToken);

    /// <summary>
    /// Lets the connection keep the statements, which must be of a closed set: a round trip for those that it has not, once.
    /// </summary>
    public Task PrepareAsync(NpgsqlBatch batch, CancellationToken cancellationToken) =>
        connections.Prepares ? batch.PrepareAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>A fixed statement is a transaction by itself; one that was put together for a search needs the settings of searches.</summary>
    public override Task<List<T>> QueryAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken) => !query.IsFixed
        ? SearchAsync(query, read, cancellationToken)
        : GuardAsync(() => PersistAsync(() => RunAsync(query, read, cancellationToken), cancellationToken), PostgresErrors.Describe);

    public override Task<T> ReadAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await using var session = new PostgresSession(this, BeginRead, persists: true);
            return await work(session);
        }, PostgresErrors.Describe);

    public override Task<T> TransactAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(() => PersistAsync(() => TransactOnceAsync(work, cancellationToken), cancellationToken), PostgresErrors.DescribeWrite);

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

    private Task<List<T>> SearchAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken) =>
        ReadAsync(
            async session =>
            {
                var rows = new List<T>();
                await session.VisitLastAsync([new(query, row => rows.Add(read(row)))], cancellationToken);
                return rows;
            },
            cancellationToken);

    private async ValueTask<List<T>> RunAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        var command = PostgresCommands.Of(query);
        await using var connection = await OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await PrepareAsync(batch, cancellationToken);
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
            throw PostgresErrors.Unknown(e, Place);
        }
    }

    private async Task<T> GuardAsync<T>(Func<ValueTask<T>> work, Func<Exception, string, RunstoneException> describe)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is not OperationCanceledException and not RunstoneException && PostgresErrors.IsOfDriver(e))
        {
            throw describe(e, Place);
        }
    }
}
