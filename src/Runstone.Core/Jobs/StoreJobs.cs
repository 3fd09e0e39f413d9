using Microsoft.Extensions.Logging;
using Runstone.Core.Artifacts;

namespace Runstone.Core.Jobs;

/// <summary>The work that every store needs now and then.</summary>
public sealed partial class StoreJobs(
    IBlobStore blobs, IBlobReferenceStore references, IUploadStore uploads, TimeProvider time, ILogger<StoreJobs> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan UploadLife = TimeSpan.FromDays(1);

    /// <summary>Blobs are collected when <paramref name="blobGrace"/> is set, and must be that old; uploads are abandoned after a day.</summary>
    public IReadOnlyList<Job> List(TimeSpan? blobGrace)
    {
        var jobs = new List<Job> { new("abandoned-uploads", Interval, RemoveUploadsAsync) };
        if (blobGrace is { } grace)
            jobs.Add(new Job(BlobCollection.LockName, Interval, token => CollectAsync(grace, token)));
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

    [LoggerMessage(1111, LogLevel.Information, "{Count} uploads that nobody completed within a day were removed.")]
    private partial void LogUploads(int count);

    [LoggerMessage(1112, LogLevel.Information, "{Count} unused blobs ({Bytes} bytes) of {Blobs} were removed.")]
    private partial void LogCollected(long count, long bytes, long blobs);
}
