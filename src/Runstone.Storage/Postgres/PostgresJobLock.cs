using Npgsql;
using Runstone.Core.Jobs;

namespace Runstone.Storage.Postgres;

/// <summary>
/// A lock of the server in a transaction that stays open while the work runs. The connection is watched: when it is lost, so is
/// the lock, and the work is cancelled.
/// </summary>
internal sealed class PostgresJobLock(PostgresDatabase database) : IJobLock
{
    /// <summary>How often the connection is used when it is silent, so that both ends know that the other lives.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    public async Task<bool> TryRunAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(name.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 200);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.PersistAsync(() => TryLockAsync(PostgresLocks.Job(name), cancellationToken), cancellationToken);
            if (connection is null)
                return false;
        }
        catch (Exception e) when (PostgresErrors.IsOfDriver(e))
        {
            throw PostgresErrors.Describe(e, database.Place);
        }

        await RunAsync(connection, work, cancellationToken);
        return true;
    }

    /// <summary>The connection whose transaction has the lock; null when another one has it.</summary>
    private async ValueTask<NpgsqlConnection?> TryLockAsync(long key, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        var locked = false;
        try
        {
            // The server lets go of a node that vanished without a word when its heartbeat stays away.
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand("begin"),
                    new NpgsqlBatchCommand("set local idle_in_transaction_session_timeout = 30000"),
                    new NpgsqlBatchCommand("select pg_try_advisory_xact_lock($1)") { Parameters = { new NpgsqlParameter<long>(null!, key) } },
                },
            };
            locked = (bool)(await batch.ExecuteScalarAsync(cancellationToken))!;
            return locked ? connection : null;
        }
        finally
        {
            if (!locked)
                await connection.DisposeAsync();
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = new CancellationTokenSource();
        var watch = WatchAsync(connection, lost, done.Token);
        try
        {
            await work(lost.Token);
        }
        finally
        {
            await done.CancelAsync();
            await watch;
            await connection.DisposeAsync();
        }
    }

    private static async Task WatchAsync(NpgsqlConnection connection, CancellationTokenSource lost, CancellationToken done)
    {
        try
        {
            while (true)
            {
                if (await connection.WaitAsync(Heartbeat, done))
                    continue;
                await using var command = new NpgsqlCommand("select 1", connection);
                await command.ExecuteScalarAsync(done);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
        }
        catch (Exception e) when (PostgresErrors.IsOfDriver(e))
        {
            await lost.CancelAsync();
        }
    }
}
