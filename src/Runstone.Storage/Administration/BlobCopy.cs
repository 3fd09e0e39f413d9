using System.Runtime.CompilerServices;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage.Administration;

/// <summary>Copies content that the target lacks. The hash is checked while it streams; nothing wrong takes a name.</summary>
/// <param name="source">Where content is read.</param>
/// <param name="target">Where it is written.</param>
/// <param name="wanted">What the target is to have, ordered by hash.</param>
/// <param name="damaged">Hears what cannot be copied.</param>
internal sealed class BlobCopy(
    IBlobStore source, IBlobStore target, Func<CancellationToken, IAsyncEnumerable<BlobRef>> wanted, Action<string> damaged)
{
    private const int Transfers = 8;

    private long _blobs;
    private long _bytes;

    /// <summary>Copied so far.</summary>
    public (long Blobs, long Bytes) Copied => (Interlocked.Read(ref _blobs), Interlocked.Read(ref _bytes));

    public async Task RunAsync(IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var (count, total) = (0L, 0L);
        await foreach (var blob in MissingAsync(cancellationToken))
            (count, total) = (count + 1, total + blob.Size);
        if (count == 0)
            return;
        progress?.Report(new AdminProgress("blobs", 0, total, IsBytes: true));
        await Parallel.ForEachAsync(
            MissingAsync(cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = Transfers, CancellationToken = cancellationToken },
            async (blob, token) =>
            {
                await CopyAsync(blob, token);
                progress?.Report(new AdminProgress("blobs", Copied.Bytes, Math.Max(total, Copied.Bytes), IsBytes: true));
            });
    }

    private async ValueTask CopyAsync(BlobRef blob, CancellationToken cancellationToken)
    {
        await using var content = await source.OpenReadAsync(blob.Sha256, 0, null, cancellationToken);
        // Removed meanwhile; whether something refers to it is looked at in the end.
        if (content is null)
            return;
        try
        {
            await target.WriteAsync(content, blob, cancellationToken);
            Interlocked.Increment(ref _blobs);
            Interlocked.Add(ref _bytes, blob.Size);
        }
        catch (RunstoneException e) when (e.Error.Code == ErrorCode.Invalid)
        {
            damaged($"blob {blob.Sha256}: the source has other content under this name; it was not copied");
        }
    }

    /// <summary>What the target lacks now.</summary>
    public async IAsyncEnumerable<BlobRef> MissingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var present = target.ListAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await present.MoveNextAsync();
        await foreach (var blob in wanted(cancellationToken))
        {
            while (more && string.CompareOrdinal(present.Current.Sha256, blob.Sha256) < 0)
                more = await present.MoveNextAsync();
            if (!more || present.Current.Sha256 != blob.Sha256 || present.Current.Size != blob.Size)
                yield return blob;
        }
    }
}
