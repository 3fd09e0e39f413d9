using Runstone.Core.Jobs;

namespace Runstone.Server.Hosting;

/// <summary>Does the background work of the store as long as the server runs.</summary>
internal sealed class JobHost(StoreJobs jobs, IJobLock locks, ServerOptions options, TimeProvider time, ILogger<JobRunner> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new JobRunner(jobs.List(options.BlobGrace, options.ToRetention()), locks, time, logger).RunAsync(stoppingToken);
}
