using Microsoft.Extensions.Logging;
using Runstone.Core.Artifacts;
using Runstone.Core.Comments;
using Runstone.Core.Console;
using Runstone.Core.Data;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Jobs;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Reports;
using Runstone.Core.Runs;
using Runstone.Core.Stars;
using Runstone.Core.Views;
using Runstone.Storage.Files;
using Runstone.Storage.Postgres;
using Runstone.Storage.S3;
using Runstone.Storage.Sql;
using Runstone.Storage.Sqlite;

namespace Runstone.Storage;

/// <summary>
/// An opened store of either size: every contract, whichever engine keeps it. Disposing it closes what was opened; work that
/// still runs must have ended.
/// </summary>
public sealed class RunstoneStorage : IAsyncDisposable
{
    // In the order of opening.
    private readonly Stack<IAsyncDisposable> _opened = new();

    private RunstoneStorage()
    {
    }

    /// <summary>"sqlite" or "postgresql".</summary>
    public string Engine { get; private set; } = "";

    /// <summary>A word and a place for each thing that is kept, for people; without secrets.</summary>
    public IReadOnlyList<(string Name, string Place)> Places { get; private set; } = [];

    public IExperimentStore Experiments { get; private set; } = null!;

    public IRunStore Runs { get; private set; } = null!;

    public IMetricStore Metrics { get; private set; } = null!;

    public ISealStore Seals { get; private set; } = null!;

    public IErasureStore Erasures { get; private set; } = null!;

    public IDatasetStore Datasets { get; private set; } = null!;

    public IArtifactStore Artifacts { get; private set; } = null!;

    public IModelStore Models { get; private set; } = null!;

    public ILoggedModelStore LoggedModels { get; private set; } = null!;

    /// <summary>The files of logged models, by ids of models.</summary>
    public IArtifactStore LoggedModelFiles { get; private set; } = null!;

    public IViewStore Views { get; private set; } = null!;

    public IStarStore Stars { get; private set; } = null!;

    public ICommentStore Comments { get; private set; } = null!;

    public IReportStore Reports { get; private set; } = null!;

    public IConsoleStore Consoles { get; private set; } = null!;

    public IMediaStore Media { get; private set; } = null!;

    public IDataStore Data { get; private set; } = null!;

    public IDataObjectStore DataObjects { get; private set; } = null!;

    public IIngestStore Ingest { get; private set; } = null!;

    public IBlobStore Blobs { get; private set; } = null!;

    /// <summary>Which blobs are in use, for their collection.</summary>
    public IBlobReferenceStore BlobReferences { get; private set; } = null!;

    public IUploadStore Uploads { get; private set; } = null!;

    /// <summary>Keeps the background work of all nodes of the store apart.</summary>
    public IJobLock Jobs { get; private set; } = null!;

    /// <summary>Null where there is one node only.</summary>
    public IChangeBus? Changes { get; private set; }

    /// <summary>Null where content is kept in a folder.</summary>
    public IDirectTransfer? DirectTransfer { get; private set; }

    internal SqlDatabase Database { get; private set; } = null!;

    /// <summary>The file of the embedded engine; null for the other one, and when it is only read.</summary>
    internal string? DatabaseFile { get; private set; }

    /// <summary>
    /// Opens the store and brings its schema up to date. Throws <see cref="RunstoneException"/> that names the part that cannot be
    /// used (data folder, database, bucket) and says why; nothing is then held open.
    /// </summary>
    public static async Task<RunstoneStorage> OpenAsync(
        StorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        return await OpenAsync(async storage =>
        {
            await storage.OpenPartsAsync(options, SchemaUse.Upgrade, time, loggers, cancellationToken);
            await CopyMark.RefuseIncompleteAsync(storage.Database, storage.Places[0].Place, cancellationToken);
            await CopyMark.ForgetAsync(storage.Database, cancellationToken);
        });
    }

    /// <summary>
    /// Opens a store that is there for looking at it, beside servers that use it: only <see cref="Blobs"/>,
    /// <see cref="BlobReferences"/> and what <see cref="Erasures"/> reads, and nothing is written. Throws when there is no store or its schema is not this program's.
    /// </summary>
    internal static Task<RunstoneStorage> OpenForReadingAsync(
        StorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(storage => storage.OpenReadersAsync(options, time, loggers, cancellationToken));

    /// <summary>
    /// Opens a store for administration, which may be an incomplete copy, and makes it where there is none. Throws when its schema
    /// is not this program's.
    /// </summary>
    internal static Task<RunstoneStorage> OpenForAdministrationAsync(
        StorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(storage => storage.OpenPartsAsync(options, SchemaUse.Create, time, loggers, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        while (_opened.TryPop(out var part))
            await part.DisposeAsync();
    }

    private static async Task<RunstoneStorage> OpenAsync(Func<RunstoneStorage, Task> open)
    {
        var storage = new RunstoneStorage();
        try
        {
            await open(storage);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    private async Task OpenReadersAsync(StorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var data = Path.GetFullPath(options.Data);
        var content = options.Blobs is { } place ? place.From(data).Folder : data;
        var (database, blobs) = DataFolder.FilesOf(data, content ?? data);
        if (options.Database is null)
        {
            var store = SqliteStore.OpenForReading(new SqliteStoreOptions { Path = database });
            _opened.Push(store);
            (Engine, BlobReferences, Erasures, Database) = ("sqlite", store.BlobReferences, store.Erasures, store.Database);
        }
        else
        {
            await OpenPostgresAsync(options, SchemaUse.Require, time, loggers, cancellationToken);
        }

        if (content is null)
            await OpenBucketAsync(options, time, cancellationToken);
        else
            Blobs = FileBlobStore.OpenForReading(blobs);
        Places = PlacesOf(options, data, content);
    }

    private async Task OpenPartsAsync(
        StorageOptions options, SchemaUse use, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var data = Path.GetFullPath(options.Data);
        var content = options.Blobs is { } place ? place.From(data).Folder : data;
        var folder = options.Database is null || content == data ? Hold(DataFolder.Open(data, options.DataOption)) : null;
        if (options.Database is null)
            await OpenSqliteAsync(folder!, use, time, loggers, cancellationToken);
        else
            await OpenPostgresAsync(options, use, time, loggers, cancellationToken);
        if (content is not null)
            OpenFiles(content == data ? folder! : Hold(DataFolder.Open(content, "--blobs")), time);
        else
            await OpenBucketAsync(options, time, cancellationToken);
        Places = PlacesOf(options, data, content);
    }

    private static (string Name, string Place)[] PlacesOf(StorageOptions options, string data, string? content) =>
        options.Database is null && content == data
            ? [("data", data)]
            : [("database", options.Database?.ToString() ?? DataFolder.FilesOf(data, data).Database), ("files", content ?? options.Blobs!.ToString())];

    private async Task OpenSqliteAsync(
        DataFolder folder, SchemaUse use, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = folder.Database }, use, time, loggers, cancellationToken);
        _opened.Push(store);
        (Engine, Jobs, DatabaseFile) = ("sqlite", new LocalJobLock(), folder.Database);
        (Experiments, Runs, Metrics, Seals, Datasets) = (store.Experiments, store.Runs, store.Metrics, store.Seals, store.Datasets);
        (Erasures, Artifacts, Models, Ingest) = (store.Erasures, store.Artifacts, store.Models, store.Ingest);
        (Views, Stars, Comments, Reports) = (store.Views, store.Stars, store.Comments, store.Reports);
        (Consoles, Media, Data, DataObjects) = (store.Consoles, store.Media, store.Data, store.DataObjects);
        (LoggedModels, LoggedModelFiles) = (store.LoggedModels, store.LoggedModelFiles);
        (BlobReferences, Database) = (store.BlobReferences, store.Database);
    }

    private async Task OpenPostgresAsync(
        StorageOptions options, SchemaUse use, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var addresses = new PostgresStoreOptions
        {
            ConnectionString = options.Database!.ConnectionString,
            ListenConnectionString = options.DatabaseListen?.ConnectionString,
        };
        var store = await PostgresStore.OpenAsync(addresses, use, time, loggers, cancellationToken);
        _opened.Push(store);
        (Engine, Jobs, Changes) = ("postgresql", store.Jobs, store.Changes);
        (Experiments, Runs, Metrics, Seals, Datasets) = (store.Experiments, store.Runs, store.Metrics, store.Seals, store.Datasets);
        (Erasures, Artifacts, Models, Ingest) = (store.Erasures, store.Artifacts, store.Models, store.Ingest);
        (Views, Stars, Comments, Reports) = (store.Views, store.Stars, store.Comments, store.Reports);
        (Consoles, Media, Data, DataObjects) = (store.Consoles, store.Media, store.Data, store.DataObjects);
        (LoggedModels, LoggedModelFiles) = (store.LoggedModels, store.LoggedModelFiles);
        (BlobReferences, Database) = (store.BlobReferences, store.Database);
    }

    private void OpenFiles(DataFolder folder, TimeProvider time)
    {
        try
        {
            Blobs = new FileBlobStore(folder.Blobs);
            Uploads = new FileUploadStore(folder.Uploads, Blobs, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunstoneException(
                new Error(ErrorCode.Unavailable, $"The content of files cannot be kept in '{folder.Path}': {e.Message} Check its permissions."), e);
        }
    }

    private async Task OpenBucketAsync(StorageOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var bucket = Hold(new S3Storage(options.ToBucket()!, time));
        (Blobs, Uploads, DirectTransfer) = (bucket.Blobs, bucket.Uploads, bucket.Direct);
        await bucket.CheckAsync(cancellationToken);
    }

    private T Hold<T>(T part)
        where T : IDisposable
    {
        _opened.Push(new Held(part));
        return part;
    }

    private sealed class Held(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
