using Runstone.Core.Errors;

namespace Runstone.Storage.Sql;

/// <summary>Tells a damaged database from one that cannot be reached.</summary>
internal static class Damage
{
    public const string Advice = "Stop the servers, look at what the disk reports, and restore the store from a backup.";

    /// <summary>Whether the engine, or the order of what it returned, says that the database is damaged.</summary>
    public static bool Is(SqlDatabase database, Exception exception) =>
        exception is RunstoneException { InnerException: { } cause } && (cause is InvalidDataException || database.Dialect.IsDamage(cause));

    /// <summary>Throws when a block does not continue behind the one before: what is damaged could be read for ever.</summary>
    public static void RequireProgress(bool progress, string table)
    {
        if (progress)
            return;
        var message = $"The rows of {table} do not come in the order of their keys: the database is damaged.";
        throw new RunstoneException(new Error(ErrorCode.Unavailable, $"{message} {Advice}"), new InvalidDataException(message));
    }
}
