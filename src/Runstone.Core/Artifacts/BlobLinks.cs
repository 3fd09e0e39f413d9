using Runstone.Core.Errors;
using Runstone.Core.Ingest;

namespace Runstone.Core.Artifacts;

/// <summary>
/// Links content that was just written to a run or another owner, beside a collection that may have condemned the same content a moment before.
/// </summary>
public sealed class BlobLinks(IBlobStore blobs, IBlobReferenceStore references, IngestService ingest, TimeProvider time)
{
    private const int Attempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Writes the batch, whose files refer to blobs that this caller wrote. Throws <see cref="BlobCondemned"/> when a collection
    /// took one of them away after it was written: it must be sent again.
    /// </summary>
    public Task WriteAsync(IngestBatch batch, CancellationToken cancellationToken) =>
        LinkAsync(async () => await ingest.WriteAsync(batch, cancellationToken), cancellationToken);

    /// <summary>The same with another write, which is tried again as long as it throws <see cref="BlobCondemned"/> and content is there.</summary>
    public async Task LinkAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await write();
                return;
            }
            catch (RunstoneException e) when (e.Error is BlobCondemned && attempt < Attempts)
            {
                if (!await ReclaimAsync(((BlobCondemned)e.Error).Sha256, cancellationToken))
                    throw;
            }
        }
    }

    /// <summary>
    /// True when linking is worth another attempt. While content is being removed nobody can know whether it stays, so this
    /// waits; afterwards what is there was written later, and the collection that is through with it does not touch it again.
    /// </summary>
    private async Task<bool> ReclaimAsync(string sha256, CancellationToken cancellationToken)
    {
        var mark = await references.FindCondemnedAsync(sha256, cancellationToken);
        if (mark is null)
            return true;
        if (mark.RemovedAt is null)
        {
            await Task.Delay(Pause, time, cancellationToken);
            return true;
        }

        await using var content = await blobs.OpenReadAsync(sha256, 0, 0, cancellationToken);
        if (content is null)
            return false;
        await references.ReleaseAsync([mark], cancellationToken);
        return true;
    }
}
