using Microsoft.Data.Sqlite;
using Runstone.Core.Errors;
using SQLitePCL;

namespace Runstone.Storage.Sqlite;

/// <summary>What an engine error means to a caller: one table.</summary>
internal static class SqliteErrors
{
    /// <summary>
    /// The file is not what was written, or the disk does not give it back. Statements fit the schema, so a name that is missing is
    /// one that was overwritten in it.
    /// </summary>
    public static bool IsDamage(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_IOERR }
        || (exception is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } missing && missing.Message.Contains("no such ", StringComparison.Ordinal));

    /// <summary>The error of a read, or of opening the file.</summary>
    public static RunstoneException Describe(SqliteException exception, string path) => new(Explain(exception, path, ""), exception);

    /// <summary>The error of a transaction that would have kept something.</summary>
    public static RunstoneException DescribeWrite(SqliteException exception, string path) => new(Explain(exception, path, "; nothing of this write was kept"), exception);

    private static Error Explain(SqliteException exception, string path, string kept) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new Error(ErrorCode.StorageFull, $"The disk that holds '{path}' is full{kept}. Free some space and try again."),
        raw.SQLITE_IOERR => new Error(ErrorCode.Unavailable, $"Reading or writing '{path}' failed{kept}. Check the disk. Cause: {exception.Message}"),
        raw.SQLITE_READONLY or raw.SQLITE_PERM => new Error(
            ErrorCode.Unavailable, $"'{path}' cannot be written. Check the permissions of the file and its folder. Cause: {exception.Message}"),
        raw.SQLITE_CANTOPEN => new Error(
            ErrorCode.Unavailable, $"'{path}' cannot be opened. Check the permissions of the file and its folder. Cause: {exception.Message}"),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new Error(
            ErrorCode.Unavailable, $"'{path}' is damaged or is no database of this program. Restore it from a backup. Cause: {exception.Message}"),
        _ => new Error(ErrorCode.Unavailable, $"The database '{path}' failed{kept}. Cause: {exception.Message}"),
    };
}
