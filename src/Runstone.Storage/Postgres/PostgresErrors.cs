using System.Net.Sockets;
using Npgsql;
using Runstone.Core.Errors;

namespace Runstone.Storage.Postgres;

/// <summary>What an error of the driver or the server means: one table. Messages name the place and never a secret.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>Another transaction was in the way; the same work succeeds when it is done again.</summary>
    public static bool IsConflict(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
    };

    /// <summary>
    /// The connection is gone, or the server is no longer (or not yet) the one that takes writes; a new connection may help.
    /// </summary>
    public static bool IsLost(Exception exception) => exception switch
    {
        PostgresException e => e.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.TooManyConnections
            or IdleInTransactionTimeout || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The server was reached and took longer than Command Timeout allows; doing the same again would make it worse.</summary>
    public static bool IsTimeout(Exception exception) =>
        exception is NpgsqlException { InnerException: TimeoutException } or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <summary>A table or an index is damaged, or the disk of the server does not give it back.</summary>
    public static bool IsDamage(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.IoError,
    };

    public static bool IsOfDriver(Exception exception) => exception is NpgsqlException || IsLost(exception);

    /// <summary>The error of a read, of a connection, or of what keeps nothing.</summary>
    public static RunstoneException Describe(Exception exception, string place) => new(Explain(exception, place, ""), exception);

    /// <summary>The error of a transaction that would have kept something.</summary>
    public static RunstoneException DescribeWrite(Exception exception, string place) => new(Explain(exception, place, "; nothing of this write was kept"), exception);

    /// <summary>Nothing is known about the last commit: the connection was lost while it was under way, and none came back.</summary>
    public static RunstoneException Unknown(Exception exception, string place) => new(
        new Error(
            ErrorCode.Unavailable,
            $"The connection to PostgreSQL at {place} was lost during a commit and did not come back. Whether the request was kept is not known; send it again. Cause: {Cause(exception)}"),
        exception);

    private static Error Explain(Exception exception, string place, string kept) => IsTimeout(exception)
        ? Unavailable($"PostgreSQL at {place} did not answer in time (Command Timeout of the connection string){kept}. It may be overloaded; ask for less, or try again later.")
        : Explain(exception, (exception as PostgresException)?.SqlState, place, kept);

    private static Error Explain(Exception exception, string? state, string place, string kept) => state switch
    {
        PostgresErrorCodes.DiskFull => new Error(
            ErrorCode.StorageFull, $"The disk of PostgreSQL at {place} is full{kept}. Free some space there and try again."),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Unavailable(
            $"PostgreSQL at {place} refused the user. Check Username and Password of the connection string, and pg_hba.conf. Cause: {Cause(exception)}"),
        PostgresErrorCodes.InvalidCatalogName => Unavailable(
            $"The database of {place} does not exist. Create it: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0."),
        PostgresErrorCodes.InsufficientPrivilege => Unavailable(
            $"The user may not do this on PostgreSQL at {place}. Use the user that made the tables, or make this one the owner of the database and of all its tables. Cause: {Cause(exception)}"),
        PostgresErrorCodes.TooManyConnections => Unavailable(
            $"PostgreSQL at {place} has no connection left. Raise max_connections, lower Maximum Pool Size of the nodes, or put pgbouncer between."),
        PostgresErrorCodes.CharacterNotInRepertoire => Error.Invalid("text", "A text has the character U+0000, which cannot be kept."),
        PostgresErrorCodes.ReadOnlySqlTransaction => Unavailable(
            $"PostgreSQL at {place} is a standby or read-only. Name the primary in the connection string, or all hosts of the cluster: Host=a,b."),
        null when IsPasswordMissing(exception) => Unavailable(
            $"PostgreSQL at {place} asks for a password, and there is none. Put it into the connection string, PGPASSWORD or ~/.pgpass."),
        null => Unavailable($"PostgreSQL at {place} cannot be reached{kept}. Check that it runs and that the address is right. Cause: {Cause(exception)}"),
        _ => Unavailable($"PostgreSQL at {place} failed{kept}. Cause: {Cause(exception)}"),
    };

    // The driver has no code for it.
    private static bool IsPasswordMissing(Exception exception) =>
        exception is NpgsqlException && exception.Message.StartsWith("No password has been provided", StringComparison.Ordinal);

    private static Error Unavailable(string message) => new(ErrorCode.Unavailable, message);

    private static string Cause(Exception exception) => exception switch
    {
        PostgresException e => $"{e.MessageText} ({e.SqlState})",
        { InnerException: SocketException or IOException or TimeoutException } => exception.InnerException!.Message,
        AggregateException or NpgsqlException { InnerException: AggregateException } => Inner(exception).Message,
        _ => exception.Message,
    };

    private static Exception Inner(Exception exception) => exception switch
    {
        AggregateException many when many.InnerExceptions.Count > 0 => Inner(many.InnerExceptions[0]),
        { InnerException: { } inner } => Inner(inner),
        _ => exception,
    };
}
