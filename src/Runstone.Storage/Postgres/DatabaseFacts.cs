using Npgsql;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>What a PostgreSQL database says of itself that matters to its nodes. Reading it changes nothing.</summary>
public sealed record DatabaseFacts
{
    private const string Facts =
        """
        select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding'),
               pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
               coalesce(has_schema_privilege(current_schema(), 'create'), false), current_user::text, pg_backend_pid(),
               current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on', current_setting('synchronous_commit'),
               current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
               (select count(*)::int from pg_stat_activity where backend_type = 'client backend'),
               (select oid::bigint from pg_database where datname = current_database()),
               extract(epoch from pg_postmaster_start_time())::float8,
               to_regclass('schemaversions') is not null, clock_timestamp()
        """;

    /// <value>For example 150004.</value>
    public required int VersionNumber { get; init; }

    /// <value>For example "15.4".</value>
    public required string Version { get; init; }

    public required string Encoding { get; init; }

    /// <value>It follows a primary.</value>
    public required bool IsStandby { get; init; }

    public required bool IsReadOnly { get; init; }

    public required bool MayCreateTables { get; init; }

    public required string User { get; init; }

    /// <value>A pooler stands between, which gives a connection of its own to others too.</value>
    public required bool IsPooled { get; init; }

    public required bool Fsync { get; init; }

    public required bool FullPageWrites { get; init; }

    public required string SynchronousCommit { get; init; }

    /// <value>Connections that are not kept for administrators.</value>
    public required int MaxConnections { get; init; }

    /// <value>Connections that are open now, of all databases.</value>
    public required int Connections { get; init; }

    /// <value>The same for two addresses of the same database.</value>
    public required string Identity { get; init; }

    /// <value>How far the database's clock is ahead of this machine's, give or take half of <see cref="RoundTrip"/>.</value>
    public required TimeSpan ClockSkew { get; init; }

    public required TimeSpan RoundTrip { get; init; }

    /// <value>The newest script that ran; null when the database has no schema yet.</value>
    public required string? Schema { get; init; }

    /// <value>The store of which this one is a copy that is not complete, which no server opens; null for any other.</value>
    public string? IncompleteCopyOf { get; init; }

    /// <value>The newest script of this program.</value>
    public static string NewestSchema { get; } = new SchemaRule("Postgres").Known[^1];

    /// <summary>Opens one connection and closes it. Throws <see cref="RunstoneException"/> that says why it cannot.</summary>
    public static async Task<DatabaseFacts> ReadAsync(DatabaseAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var parts = new NpgsqlConnectionStringBuilder(address.ConnectionString) { Pooling = false, Timeout = 5, CommandTimeout = 10, ApplicationName = "runstone doctor" };
        if (parts.Host!.Contains(',', StringComparison.Ordinal))
            parts.TargetSessionAttributes ??= "prefer-primary";
        try
        {
            await using var connection = new NpgsqlConnection(parts.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            var facts = await ReadAsync(connection, time, cancellationToken);
            return facts.Schema is null ? facts : facts with
            {
                Schema = await ReadAsync("select max(scriptname::text collate \"C\") from schemaversions", connection, cancellationToken),
                IncompleteCopyOf = await ReadAsync(CopyMark.FindIncomplete, connection, cancellationToken),
            };
        }
        catch (Exception e) when (PostgresErrors.IsOfDriver(e))
        {
            throw PostgresErrors.Describe(e, address.ToString());
        }
    }

    private static async Task<DatabaseFacts> ReadAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Facts, connection);
        var (started, before) = (time.GetTimestamp(), time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var trip = time.GetElapsedTime(started);
        return new DatabaseFacts
        {
            VersionNumber = reader.GetInt32(0),
            Version = reader.GetString(1),
            Encoding = reader.GetString(2),
            IsStandby = reader.GetBoolean(3),
            IsReadOnly = reader.GetBoolean(4),
            MayCreateTables = reader.GetBoolean(5),
            User = reader.GetString(6),
            IsPooled = reader.GetInt32(7) != connection.ProcessID,
            Fsync = reader.GetBoolean(8),
            FullPageWrites = reader.GetBoolean(9),
            SynchronousCommit = reader.GetString(10),
            MaxConnections = reader.GetInt32(11),
            Connections = reader.GetInt32(12),
            Identity = FormattableString.Invariant($"{reader.GetInt64(13)}/{reader.GetDouble(14)}"),
            Schema = reader.GetBoolean(15) ? "" : null,
            ClockSkew = reader.GetFieldValue<DateTimeOffset>(16) - (before + (trip / 2)),
            RoundTrip = trip,
        };
    }

    private static async Task<string?> ReadAsync(string sql, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
