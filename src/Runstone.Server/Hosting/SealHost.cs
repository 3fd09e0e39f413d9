using Runstone.Core.Metrics;

namespace Runstone.Server.Hosting;

/// <summary>Seals the metrics of the store as long as the server runs.</summary>
internal sealed class SealHost(MetricSealer sealer) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => sealer.RunAsync(stoppingToken), CancellationToken.None);
}
