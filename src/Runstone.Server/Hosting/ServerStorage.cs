namespace Runstone.Server.Hosting;

/// <summary>The opened data folder: storage engine and blobs.</summary>
internal sealed class ServerStorage : IAsyncDisposable
{
    public const string Engine = "sqlite";

    public static Task<ServerStorage> OpenAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(options.Data);
        return Task.FromResult(new ServerStorage());
    }

    public void Register(IServiceCollection services) => services.AddSingleton(this);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
