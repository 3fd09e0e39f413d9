using Microsoft.Extensions.Logging;
using Runstone.Core.Artifacts;
using Runstone.Core.Console;
using Runstone.Core.Metrics;

namespace Runstone.Core.Jobs;

/// <summary>The work that every store needs now and then.</summary>
public sealed partial class StoreJobs(
    IBlobStore blobs, IBlobReferenceStore references, IUploadStore uploads, Retention retention, ConsoleMerger consoles, TimeProvider time, ILogger<StoreJobs> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan MergeInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UploadLife = TimeSpan.FromDays(1);

    /// <summary>Blobs are collected when <paramref name="blobGrace"/> is set, and must be that old; uploads are abandoned after a day; small chunks of consoles are merged; points of runs go when <paramref name="keep"/> says so.</summary>
    public IReadOnlyList<Job> List(TimeSpan? blobGrace, RetentionOptions keep)
    {
        var jobs = new List<Job> { new("abandoned-uploads", Interval, RemoveUploadsAsync), new(ConsoleMerger.LockName, MergeInterval, consoles.RunAsync) };
        if (blobGrace is { } grace)
            jobs.Add(new Job(BlobCollection.LockName, Interval, token => CollectAsync(grace, token)));
        if (keep.IsOn)
            jobs.Add(new Job(Retention.LockName, Interval, token => RetainAsync(keep, token)));
        return jobs;
    }

    private async Task RemoveUploadsAsync(CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - UploadLife).ToUnixTimeMilliseconds();
        if (await uploads.RemoveAbandonedAsync(before, cancellationToken) is var count and > 0)
            LogUploads(count);
    }

    private async Task CollectAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        var report = await new BlobCollection(blobs, references, time).RunAsync(grace, delete: true, progress: null, cancellationToken);
        LogCollected(report.Unused + report.Finished, report.UnusedBytes, report.Blobs);
    }

    private async Task RetainAsync(RetentionOptions keep, CancellationToken cancellationToken)
    {
        var report = await retention.RunAsync(keep, apply: true, progress: null, cancellationToken);
        if (report.Runs > 0)
            LogRetained(report.Runs, report.Points, report.Bytes);
        if (report.ExcessBytes > 0)
            LogExcess(report.ExcessBytes);
    }

    [LoggerMessage(1111, LogLevel.Information, "{Count} uploads that nobody completed within a day were removed.")]
    private partial void LogUploads(int count);

    [LoggerMessage(1112, LogLevel.Information, "{Count} unused blobs ({Bytes} bytes) of {Blobs} were removed.")]
    private partial void LogCollected(long count, long bytes, long blobs);

    [LoggerMessage(1113, LogLevel.Information, "Retention erased the points of {Runs} runs: {Points} points, {Bytes} bytes.")]
    private partial void LogRetained(long runs, long points, long bytes);

    [LoggerMessage(1114, LogLevel.Warning, "The metrics of the store take {Bytes} bytes more than retention-size allows, and all that is left is of runs that are kept: raise it, or end runs.")]
    private partial void LogExcess(long bytes);
}
