using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Storage.Files;
using Runstone.Storage.Sqlite;

namespace Runstone.Server.Hosting;

/// <summary>The opened data folder: the embedded engine and the files. Disposed last, after all that writes.</summary>
internal sealed class ServerStorage : IAsyncDisposable
{
    public const string Engine = "sqlite";

    private readonly DataFolder _folder;
    private readonly SqliteStore _store;
    private readonly FileBlobStore _blobs;
    private readonly FileUploadStore _uploads;

    private ServerStorage(DataFolder folder, SqliteStore store)
    {
        (_folder, _store) = (folder, store);
        _blobs = new FileBlobStore(folder.Blobs);
        _uploads = new FileUploadStore(folder.Uploads, _blobs, TimeProvider.System);
    }

    /// <summary>Throws <see cref="StartFailure"/> when the folder is in use, cannot be written or comes from a newer version.</summary>
    public static async Task<ServerStorage> OpenAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        if (options.Database is not null || options.Blobs is not null)
            throw new StartFailure(ExitCodes.Storage, "This version keeps everything in the data folder: --database and --blobs are not available in it. Leave them out.");
        try
        {
            var folder = DataFolder.Open(options.Data);
            try
            {
                using var loggers = options.Verbose ? LoggerFactory.Create(ServerLogging.Verbose) : null;
                var store = await SqliteStore.OpenAsync(
                    new SqliteStoreOptions { Path = folder.Database }, TimeProvider.System, loggers ?? (ILoggerFactory)NullLoggerFactory.Instance, cancellationToken);
                return new ServerStorage(folder, store);
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (RunstoneException e)
        {
            throw new StartFailure(ExitCodes.Storage, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure(ExitCodes.Storage, $"The data folder '{options.Data}' cannot be used: {e.Message} Check its permissions, or choose another folder with --data.", e);
        }
    }

    public void Register(IServiceCollection services)
    {
        // By a factory, so that the container disposes it; the parts as instances, so that it does not dispose them on its own.
        services.AddSingleton(_ => this);
        services.AddSingleton(_store.Experiments);
        services.AddSingleton(_store.Runs);
        services.AddSingleton(_store.Metrics);
        services.AddSingleton(_store.Datasets);
        services.AddSingleton(_store.Artifacts);
        services.AddSingleton(_store.Models);
        services.AddSingleton(_store.Ingest);
        services.AddSingleton<IBlobStore>(_blobs);
        services.AddSingleton<IUploadStore>(_uploads);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }
}
