using Microsoft.Extensions.Logging;
using Npgsql;
using Runstone.Core.Ingest;

namespace Runstone.Storage.Postgres;

/// <summary>LISTEN on a connection of its own, NOTIFY in transactions of its own: a notification inside a commit would make all commits wait for each other.</summary>
internal sealed partial class PostgresChangeBus(
    PostgresConnections connections, PostgresDatabase database, string node, TimeProvider time, ILogger logger) : IChangeBus
{
    private const string Channel = "runstone_changes";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task SendAsync(IReadOnlyCollection<RunChange> changes, CancellationToken cancellationToken)
    {
        string[] payloads = [.. ChangePayload.Write(node, changes)];
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            var notify = new NpgsqlBatchCommand($"select pg_notify('{Channel}', p) from unnest($1) p")
            {
                Parameters = { new NpgsqlParameter<string[]>(null!, payloads) },
            };
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { notify } };
            await database.PrepareAsync(batch, cancellationToken);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsOfDriver(e))
        {
            throw PostgresErrors.Describe(e, database.Place);
        }
    }

    public async Task ListenAsync(Action<IReadOnlyCollection<RunChange>> receive, CancellationToken cancellationToken)
    {
        await using var source = connections.Apart();
        var failures = 0;
        for (var missed = false; ; missed = true)
        {
            try
            {
                await using var connection = await connections.OpenApartAsync(source, cancellationToken);
                await ListenAsync(
                    connection,
                    receive,
                    () =>
                    {
                        failures = 0;
                        if (missed)
                            receive([]);
                    },
                    cancellationToken);
            }
            catch (Exception e) when (PostgresErrors.IsOfDriver(e) && !cancellationToken.IsCancellationRequested)
            {
                LogLost(e, connections.ApartPlace);
            }

            var pause = TimeSpan.FromMilliseconds(Math.Min(50 << Math.Min(failures++, 7), LongestPause.TotalMilliseconds));
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task ListenAsync(
        NpgsqlConnection connection, Action<IReadOnlyCollection<RunChange>> receive, Action listening, CancellationToken cancellationToken)
    {
        connection.Notification += (_, notification) =>
        {
            if (string.Equals(notification.Channel, Channel, StringComparison.Ordinal) && ChangePayload.Read(node, notification.Payload) is { } changes)
                receive(changes);
        };
        await using (var command = new NpgsqlCommand($"listen {Channel}", connection))
            await command.ExecuteNonQueryAsync(cancellationToken);
        listening();
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    [LoggerMessage(2102, LogLevel.Warning, "The connection that listens for changes of other nodes on {Place} is lost; pages read again when it is back.")]
    private partial void LogLost(Exception exception, string place);
}
