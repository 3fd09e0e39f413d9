using Microsoft.Extensions.Logging;
using Runstone.Core.Errors;
using Runstone.Storage.Administration;
using Runstone.Storage.Sql;
using Runstone.Storage.Sqlite;

namespace Runstone.Storage;

/// <summary>A database file of the embedded engine outside of a server's data folder: of a backup.</summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private readonly SqliteStore _store;

    private SqliteFile(SqliteStore store) => _store = store;

    /// <summary>The schema that this program writes.</summary>
    public static string Schema => SchemaMigrations.Known[^1];

    /// <summary>Whether a file could not be opened because it is damaged.</summary>
    public static bool IsDamage(RunstoneException exception) => exception.InnerException is { } cause && SqliteErrors.IsDamage(cause);

    /// <summary>Throws when the backup in the place was made by a program with a newer schema, also one that lets this program's servers work on its stores.</summary>
    public static void RefuseNewer(string schema, string writer, string place) => SchemaMigrations.RefuseNewer(schema, writer, place);

    public SqlDatabase Database => _store.Database;

    public SqlBlobReferenceStore References => new(_store.Database);

    /// <summary>Opens the file, which is made when it is not there, and brings its schema up to date.</summary>
    public static async Task<SqliteFile> CreateAsync(string path, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        new(await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, time, loggers, cancellationToken));

    public static SqliteFile OpenForReading(string path) => new(SqliteStore.OpenForReading(new SqliteStoreOptions { Path = path }));

    /// <summary>Gives a file that nobody has open a journal that leaves nothing beside it when it is read.</summary>
    public static void Settle(string path) => SqliteStore.Settle(path);

    /// <summary>Writes a file, which this process has alone, anew without the pages that it does not use.</summary>
    public static CompactReport Compact(string path)
    {
        var before = new FileInfo(path).Length;
        SqliteStore.Compact(path);
        return new CompactReport(path, before, new FileInfo(path).Length);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
