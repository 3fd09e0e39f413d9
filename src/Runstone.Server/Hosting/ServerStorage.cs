using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Models;
using Runstone.Storage;

namespace Runstone.Server.Hosting;

/// <summary>The opened store and the loggers it writes to. Disposed last, after all that writes.</summary>
internal sealed class ServerStorage : IAsyncDisposable
{
    private readonly RunstoneStorage _storage;
    private readonly StorageLoggers _loggers;

    private ServerStorage(RunstoneStorage storage, StorageLoggers loggers) => (_storage, _loggers) = (storage, loggers);

    /// <summary>What answers call the engine.</summary>
    public string Engine => _storage.Engine;

    /// <summary>A word and a place for each thing that is kept, without secrets.</summary>
    public IReadOnlyList<(string Name, string Place)> Places => _storage.Places;

    /// <summary>Throws <see cref="StartFailure"/> when a part of the store cannot be used.</summary>
    public static async Task<ServerStorage> OpenAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var loggers = new StorageLoggers(options);
        try
        {
            return new ServerStorage(await RunstoneStorage.OpenAsync(options.ToStorage(), TimeProvider.System, loggers, cancellationToken), loggers);
        }
        catch (RunstoneException e)
        {
            loggers.Dispose();
            throw new StartFailure(ExitCodes.Storage, e.Message, e);
        }
    }

    /// <summary>From now on the store logs where the server does.</summary>
    public void LogTo(ILoggerFactory loggers) => _loggers.Connect(loggers);

    public void Register(IServiceCollection services)
    {
        // By a factory, so that the container disposes it; the parts as instances, so that it does not dispose them on its own.
        services.AddSingleton(_ => this);
        services.AddSingleton(_storage.Experiments);
        services.AddSingleton(_storage.Runs);
        services.AddSingleton(_storage.Metrics);
        services.AddSingleton(_storage.Seals);
        services.AddSingleton(_storage.Erasures);
        services.AddSingleton(_storage.Datasets);
        services.AddSingleton(_storage.Artifacts);
        services.AddSingleton(_storage.Models);
        services.AddSingleton(_storage.LoggedModels);
        services.AddSingleton(provider => new LoggedModelFiles(
            _storage.LoggedModels, _storage.LoggedModelFiles, provider.GetRequiredService<IBlobStore>(), _storage.Uploads,
            provider.GetRequiredService<BlobLinks>(), provider.GetRequiredService<TimeProvider>(), _storage.DirectTransfer));
        services.AddSingleton(_storage.Views);
        services.AddSingleton(_storage.Stars);
        services.AddSingleton(_storage.Comments);
        services.AddSingleton(_storage.Reports);
        services.AddSingleton(_storage.Consoles);
        services.AddSingleton(_storage.Media);
        services.AddSingleton(_storage.Data);
        services.AddSingleton(_storage.DataObjects);
        services.AddSingleton(_storage.Ingest);
        services.AddSingleton<IBlobStore>(new MeteredBlobStore(_storage.Blobs));
        services.AddSingleton(_storage.Uploads);
        services.AddSingleton(_storage.BlobReferences);
        services.AddSingleton(_storage.Jobs);
        if (_storage.Changes is { } changes)
            services.AddSingleton(changes);
        if (_storage.DirectTransfer is { } direct)
            services.AddSingleton(direct);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _loggers.Dispose();
    }
}
