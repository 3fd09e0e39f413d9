using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Runstone.Core.Artifacts;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Checks that files have their content, and that content is what its name says.</summary>
internal sealed class BlobCheck(StoreParts store, Findings findings)
{
    private const int Parallelism = 4;
    private const int BufferLength = 128 << 10;

    private readonly SqlBlobReferenceStore _references = new(store.Database);
    private long _read;

    public BlobTotals Present { get; private set; } = new(0, 0);

    public BlobTotals Used { get; private set; } = new(0, 0);

    public async Task RunAsync(bool fast, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        // Links come after content: what is referred to now was there before it is listed.
        await ComparePlacesAsync(cancellationToken);
        if (fast)
            return;
        var total = Present.Bytes;
        await Parallel.ForEachAsync(
            store.Blobs.ListAsync(cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (blob, token) =>
            {
                await HashAsync(blob, token);
                progress?.Report(new AdminProgress("blobs", Interlocked.Add(ref _read, blob.Size), Math.Max(total, _read), IsBytes: true));
            });
    }

    private async Task ComparePlacesAsync(CancellationToken cancellationToken)
    {
        await using var present = ListAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await present.MoveNextAsync();
        await foreach (var used in _references.ListAsync(cancellationToken))
        {
            if (Used.Count == 0 && !more)
                findings.Add("store", $"There is no content in '{store.Place}' at all, though files refer to some.", "Check that it is the place that the store's servers use.");
            Used = new BlobTotals(Used.Count + 1, Used.Bytes + used.Size);
            while (more && string.CompareOrdinal(present.Current.Sha256, used.Sha256) < 0)
                more = await present.MoveNextAsync();
            if (!more || present.Current.Sha256 != used.Sha256)
                await ReportMissingAsync(used, cancellationToken);
            else if (present.Current.Size != used.Size)
                ReportSize(used, present.Current.Size);
        }

        while (more)
            more = await present.MoveNextAsync();
    }

    private async IAsyncEnumerable<StoredBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in store.Blobs.ListAsync(cancellationToken))
        {
            Present = new BlobTotals(Present.Count + 1, Present.Bytes + blob.Size);
            yield return blob;
        }
    }

    /// <summary>What was written since it was listed, or is not referred to any more, is not missing.</summary>
    private async Task ReportMissingAsync(BlobRef blob, CancellationToken cancellationToken)
    {
        await using var content = await store.Blobs.OpenReadAsync(blob.Sha256, 0, 0, cancellationToken);
        if (content is not null)
            return;
        var paths = await store.Database.QueryAsync(
            SqlText.Fixed(BlobReferenceSql.OneFile, blob.Sha256), row => (Owner: row.Text(0), Path: row.Text(1)), cancellationToken);
        if (paths.Count > 0)
        {
            findings.Add(
                "blob", $"The content {blob.Sha256} is missing; '{paths[0].Path}' of {paths[0].Owner} refers to it.",
                "Copy this blob from a backup into the blob store, or log the file again.");
        }
    }

    private void ReportSize(BlobRef blob, long size) => findings.Add(
        "blob", FormattableString.Invariant($"The content {blob.Sha256} has {size} bytes; files say {blob.Size}."),
        "Copy this blob from a backup into the blob store, or log the file again.");

    private async Task HashAsync(StoredBlob blob, CancellationToken cancellationToken)
    {
        await using var content = await store.Blobs.OpenReadAsync(blob.Sha256, 0, null, cancellationToken);
        if (content is null)
            return;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken) is var read and > 0)
                hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (!string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), blob.Sha256, StringComparison.Ordinal))
            findings.Add("blob", $"The content {blob.Sha256} is not what its name says: it is damaged.", "Copy this blob from a backup into the blob store, or log the file again.");
    }
}
