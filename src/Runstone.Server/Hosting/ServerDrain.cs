namespace Runstone.Server.Hosting;

/// <summary>
/// Whether the server is about to stop. From then on it says that it is not ready, ends streams and closes connections after
/// their request, but answers what still comes until the balancer before it has noticed.
/// </summary>
internal sealed class ServerDrain : IDisposable
{
    private readonly CancellationTokenSource _begun = new();
    private readonly CancellationTokenRegistration _stopping;

    public ServerDrain(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping.Register(Begin);

    public bool IsDraining => _begun.IsCancellationRequested;

    /// <summary>Cancelled when draining begins; ends what would never end by itself.</summary>
    public CancellationToken Token => _begun.Token;

    public void Begin() => _begun.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _begun.Dispose();
    }
}
