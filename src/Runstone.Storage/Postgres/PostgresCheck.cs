using Npgsql;
using Runstone.Core.Errors;

namespace Runstone.Storage.Postgres;

/// <summary>What must be so before a database is used; each failure says what to do about it.</summary>
internal static class PostgresCheck
{
    private const int OldestServer = 150_000;

    private const string Facts =
        """
        select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding'),
               pg_is_in_recovery() or current_setting('transaction_read_only') = 'on',
               coalesce(has_schema_privilege(current_schema(), 'create'), false), pg_backend_pid(), current_user::text
        """;

    /// <summary>Whether a pooler stands between: it does not pass on the process id of the server.</summary>
    public static async Task<bool> RunAsync(NpgsqlDataSource source, string place, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Facts, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Require(reader.GetInt32(0) >= OldestServer, $"PostgreSQL at {place} has version {reader.GetString(1)}; version 15 or newer is needed. Upgrade the server.");
        Require(
            string.Equals(reader.GetString(2), "UTF8", StringComparison.Ordinal),
            $"The database of {place} has the encoding {reader.GetString(2)}; UTF8 is needed. Create another one: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.");
        Require(
            !reader.GetBoolean(3),
            $"PostgreSQL at {place} is a standby or read-only. Name the primary in the connection string, or all hosts of the cluster: Host=a,b.");
        Require(
            reader.GetBoolean(4),
            $"The user '{reader.GetString(6)}' may not create tables in the database of {place}. Make it the owner: ALTER DATABASE ... OWNER TO \"{reader.GetString(6)}\".");
        return reader.GetInt32(5) != connection.ProcessID;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new RunstoneException(new Error(ErrorCode.Unavailable, message));
    }
}
