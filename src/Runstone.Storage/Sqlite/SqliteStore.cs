using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Runstone.Core.Artifacts;
using Runstone.Core.Comments;
using Runstone.Core.Console;
using Runstone.Core.Data;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Reports;
using Runstone.Core.Runs;
using Runstone.Core.Stars;
using Runstone.Core.Views;
using Runstone.Storage.Sql;
using Runstone.Storage.Sql.Consoles;
using Runstone.Storage.Sql.Erasing;
using Runstone.Storage.Sql.Sealing;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// The embedded engine: every storage contract but the blobs, on one SQLite file. One process opens a file at a time
/// (<see cref="Files.DataFolder"/> holds the lock).
/// </summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteIngestStore _ingest;

    private SqliteStore(SqliteDatabase database)
    {
        _database = database;
        var cache = new WriterCache();
        _ingest = new SqliteIngestStore(database, cache);
        Experiments = new SqlExperimentStore(database, runsMoved: cache.ForgetRuns);
        Runs = new SqlRunStore(database);
        Metrics = new SqlMetricStore(database);
        Seals = new SqlSealStore(database, runChanged: cache.ForgetRun);
        Erasures = new SqlErasureStore(database, Seals, runChanged: cache.ForgetRun);
        Datasets = new SqlDatasetStore(database);
        Artifacts = new SqlArtifactStore(database, ArtifactSql.Runs);
        Models = new SqlModelStore(database);
        LoggedModels = new SqlLoggedModelStore(database);
        LoggedModelFiles = new SqlArtifactStore(database, ArtifactSql.LoggedModels);
        BlobReferences = new SqlBlobReferenceStore(database);
        Views = new SqlViewStore(database);
        Stars = new SqlStarStore(database);
        Comments = new SqlCommentStore(database);
        Reports = new SqlReportStore(database);
        Consoles = new SqlConsoleStore(database);
        Media = new SqlMediaStore(database);
        Data = new SqlDataStore(database);
        DataObjects = new SqlDataObjectStore(database);
    }

    public IExperimentStore Experiments { get; }

    public IRunStore Runs { get; }

    public IMetricStore Metrics { get; }

    public ISealStore Seals { get; }

    public IErasureStore Erasures { get; }

    public IDatasetStore Datasets { get; }

    public IArtifactStore Artifacts { get; }

    public IModelStore Models { get; }

    public ILoggedModelStore LoggedModels { get; }

    /// <summary>The files of logged models, by ids of models.</summary>
    public IArtifactStore LoggedModelFiles { get; }

    public IBlobReferenceStore BlobReferences { get; }

    public IViewStore Views { get; }

    public IStarStore Stars { get; }

    public ICommentStore Comments { get; }

    public IReportStore Reports { get; }

    public IDataStore Data { get; }

    public IDataObjectStore DataObjects { get; }

    public IConsoleStore Consoles { get; }

    public IMediaStore Media { get; }

    public IIngestStore Ingest => _ingest;

    internal SqlDatabase Database => _database;

    /// <summary>
    /// Opens the file and brings its schema up to date. Throws <see cref="RunstoneException"/> with
    /// <see cref="ErrorCode.Unavailable"/> when it cannot be written, is damaged, or comes from a newer version.
    /// </summary>
    public static Task<SqliteStore> OpenAsync(
        SqliteStoreOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(options, SchemaUse.Upgrade, time, loggers, cancellationToken);

    /// <summary>The same, which does with another schema what <paramref name="use"/> says.</summary>
    internal static Task<SqliteStore> OpenAsync(
        SqliteStoreOptions options, SchemaUse use, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SQLitePCL.Batteries_V2.Init();
        try
        {
            new SchemaMigrations(options.Path, loggers.CreateLogger<SqliteStore>()).Run(use, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Describe(e, options.Path);
        }

        return Task.FromResult(new SqliteStore(new SqliteDatabase(options.Path, options.Readers, options.MaxPages)));
    }

    /// <summary>
    /// Opens a file that is there, beside the process that writes it. Throws <see cref="RunstoneException"/> when there is none or
    /// its schema is not this program's.
    /// </summary>
    public static SqliteStore OpenForReading(SqliteStoreOptions options)
    {
        if (!File.Exists(options.Path))
            throw new RunstoneException(new Error(ErrorCode.NotFound, $"There is no store at '{options.Path}', or its folder may not be entered. Check the path and the permissions."));
        SQLitePCL.Batteries_V2.Init();
        try
        {
            SchemaMigrations.RequireCurrent(options.Path);
            return new SqliteStore(SqliteDatabase.OpenForReading(options.Path, options.Readers));
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Describe(e, options.Path);
        }
    }

    /// <summary>Ends the write-ahead log of a file that nobody has open; opening it for writing begins one again.</summary>
    public static void Settle(string path)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString();
        try
        {
            new SqliteSession(connection, ["journal_mode = DELETE"]).Dispose();
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.DescribeWrite(e, path);
        }
    }

    /// <summary>Writes a file, which this process has alone, anew without the pages that it does not use; takes twice what is left of it in free room meanwhile.</summary>
    public static void Compact(string path)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString();
        try
        {
            using var session = new SqliteSession(connection, ["busy_timeout = 10000"]);
            session.Execute("VACUUM");
            session.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.DescribeWrite(e, path);
        }
    }

    /// <summary>Closes all connections; work that still runs must have ended.</summary>
    public ValueTask DisposeAsync()
    {
        _ingest.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}
