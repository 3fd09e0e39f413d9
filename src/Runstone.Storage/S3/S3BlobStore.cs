using System.Runtime.CompilerServices;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>
/// Blobs as objects named by the hash of their content. Content of one part is hashed in memory and put under its name at once;
/// more is received at <c>incoming/</c> and copied to its name by the store, or straight to its name when that is known before.
/// An object is there whole or not at all, so a name never stands for less than its content. What is there is written again:
/// that renews the time by which collection tells what is in use.
/// </summary>
public sealed class S3BlobStore : IBlobStore
{
    private readonly S3Place _place;
    private readonly S3Writer _writer;

    internal S3BlobStore(S3Place place) => (_place, _writer) = (place, new S3Writer(place));

    public async Task<BlobRef> WriteAsync(Stream content, BlobRef? expected, CancellationToken cancellationToken)
    {
        var known = expected is not null && S3Keys.IsHash(expected.Sha256);
        var target = new S3Target(
            Small: blob => _place.Keys.Blob(blob.Sha256),
            Large: () => known ? _place.Keys.Blob(expected!.Sha256) : _place.Keys.NewIncoming(),
            Check: blob =>
            {
                if (expected is not null && blob != expected)
                    throw new RunstoneException(BlobErrors.Differs(expected, blob));
            });
        var (blob, key) = await _writer.WriteAsync(content, target, cancellationToken);
        if (key != _place.Keys.Blob(blob.Sha256))
            await MoveAsync(key, blob, cancellationToken);
        return blob;
    }

    public Task<Stream?> OpenReadAsync(string sha256, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return S3Keys.IsHash(sha256)
            ? S3ReadStream.OpenAsync(_place, _place.Keys.Blob(sha256), offset, length, cancellationToken)
            : Task.FromResult<Stream?>(null);
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in S3Objects.ListAsync(_place, _place.Keys.Blobs, cancellationToken))
        {
            if (_place.Keys.HashOf(found.Key) is { } sha256)
                yield return new StoredBlob(sha256, found.Size ?? 0, S3Objects.TimeOf(found.LastModified));
        }
    }

    public async Task<bool> DeleteAsync(string sha256, CancellationToken cancellationToken)
    {
        if (!S3Keys.IsHash(sha256) || await S3Objects.HeadAsync(_place, _place.Keys.Blob(sha256), cancellationToken) is null)
            return false;
        await S3Objects.RemoveAsync(_place, _place.Keys.Blob(sha256), cancellationToken);
        return true;
    }

    /// <summary>Gives received content its name.</summary>
    internal async Task MoveAsync(string from, BlobRef blob, CancellationToken cancellationToken)
    {
        try
        {
            await S3Objects.CopyAsync(_place, from, _place.Keys.Blob(blob.Sha256), blob.Size, cancellationToken);
        }
        finally
        {
            await S3Objects.CleanUpAsync(_place, from);
        }
    }
}
