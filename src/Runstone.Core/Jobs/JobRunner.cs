using Microsoft.Extensions.Logging;

namespace Runstone.Core.Jobs;

/// <summary>
/// Does the jobs of a node until it is stopped. The nodes of a store do not agree on times: each tries on its own, somewhat
/// irregularly, and passes over work that another one is doing. A failure is logged and the job tried again next time.
/// </summary>
public sealed partial class JobRunner(IReadOnlyList<Job> jobs, IJobLock locks, TimeProvider time, ILogger<JobRunner> logger)
{
    private const double Jitter = 0.1;

    /// <summary>Ends when the token is cancelled and the work that was under way has stopped.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(jobs.Select(job => RunAsync(job, cancellationToken)));

    private async Task RunAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            // Not at once: a server that starts has better things to do, and many may start together.
            var wait = job.Interval * Random.Shared.NextDouble() * Jitter;
            while (true)
            {
                await Task.Delay(wait, time, cancellationToken);
                await TryAsync(job, cancellationToken);
                wait = job.Interval * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryAsync(Job job, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(job.Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var started = time.GetTimestamp();
        try
        {
            if (await locks.TryRunAsync(job.Name, job.Work, both.Token))
                LogDone(job.Name, time.GetElapsedTime(started).TotalSeconds);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            LogStopped(e, job.Name, job.Limit);
        }
        catch (Exception e)
        {
            LogFailed(e, job.Name);
        }
    }

    [LoggerMessage(1101, LogLevel.Information, "The job {Job} is done, in {Seconds:0.0} s.")]
    private partial void LogDone(string job, double seconds);

    [LoggerMessage(1102, LogLevel.Warning, "The job {Job} was stopped after {Limit}; it is tried again.")]
    private partial void LogStopped(Exception exception, string job, TimeSpan limit);

    [LoggerMessage(1103, LogLevel.Error, "The job {Job} failed; it is tried again.")]
    private partial void LogFailed(Exception exception, string job);
}
