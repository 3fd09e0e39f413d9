using Runstone.Core.Ingest;

namespace Runstone.Server.Live;

/// <summary>Joins the live changes of this node with those of the others, when the store has others.</summary>
internal sealed class NodeChanges(ChangeFeed feed, TimeProvider time, ILogger<ChangeRelay> logger, IServiceProvider services) : IHostedService
{
    private ChangeRelay? _relay;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IChangeBus>() is { } bus)
            _relay = new ChangeRelay(feed, bus, time, logger);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_relay is { } relay)
            await relay.DisposeAsync();
    }
}
