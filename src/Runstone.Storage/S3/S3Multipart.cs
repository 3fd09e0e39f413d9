using System.Collections.Concurrent;
using System.Globalization;
using Amazon.S3.Model;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>One multipart upload of this process: begun, sent in parts, completed or aborted.</summary>
internal sealed class S3Multipart
{
    // Longer than a retried call takes; after that the abandoned upload is left to the collection.
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(20);

    private readonly S3Place _place;
    private readonly string _id;
    private readonly ConcurrentDictionary<int, string> _tags = [];

    private S3Multipart(S3Place place, string key, string id) => (_place, Key, _id) = (place, key, id);

    public string Key { get; }

    public static async Task<S3Multipart> BeginAsync(S3Place place, string key, CancellationToken cancellationToken)
    {
        var begun = await place.CallAsync("begin an upload", (s3, token) => s3.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = place.Bucket, Key = key, ContentType = S3Writer.ContentType }, token), cancellationToken);
        return new S3Multipart(place, key, begun.UploadId);
    }

    public async Task SendAsync(int number, PartBuffer part, CancellationToken cancellationToken)
    {
        if (number > S3BlobOptions.MaxParts)
        {
            throw new RunstoneException(new Error(ErrorCode.TooLarge, string.Create(
                CultureInfo.InvariantCulture, $"The file is larger than {(long)_place.Options.PartSize * S3BlobOptions.MaxParts >> 30} GiB, which is the most that fits in {S3BlobOptions.MaxParts} parts. Send it in parts past the server, which may be larger."), "content"));
        }

        // Signed with its hash, so that the store itself refuses what was damaged on the way.
        await using var content = part.AsStream();
        var sent = await _place.CallAsync("send a part", (s3, token) => s3.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _place.Bucket,
                Key = Key,
                UploadId = _id,
                PartNumber = number,
                InputStream = content,
                PartSize = part.Length,
                UseChunkEncoding = false,
            },
            token), cancellationToken);
        _tags[number] = sent.ETag;
    }

    public async Task CopyAsync(int number, string source, long first, long last, CancellationToken cancellationToken)
    {
        var copied = await _place.CallAsync("copy a part", (s3, token) => s3.CopyPartAsync(
            new CopyPartRequest
            {
                SourceBucket = _place.Bucket,
                SourceKey = source,
                DestinationBucket = _place.Bucket,
                DestinationKey = Key,
                UploadId = _id,
                PartNumber = number,
                FirstByte = first,
                LastByte = last,
            },
            token), cancellationToken);
        _tags[number] = copied.ETag;
    }

    /// <summary>Makes the object of the parts. When the answer to a first attempt was lost, the second finds no upload, but the object.</summary>
    public async Task CompleteAsync(long size, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _place.Bucket,
            Key = Key,
            UploadId = _id,
            PartETags = [.. _tags.OrderBy(t => t.Key).Select(t => new PartETag(t.Key, t.Value))],
        };
        if (await _place.FindAsync("complete an upload", (s3, token) => s3.CompleteMultipartUploadAsync(request, token), cancellationToken) is not null)
            return;
        if (await S3Objects.HeadAsync(_place, Key, cancellationToken) is { } found && found.ContentLength == size)
            return;
        throw new RunstoneException(new Error(
            ErrorCode.Unavailable, $"The upload to {_place.Location} was removed from the object store while it was running. Send the file again."));
    }

    /// <summary>Removes the parts; when that fails too, the collection of abandoned uploads does it later.</summary>
    public async Task AbortAsync()
    {
        using var limit = new CancellationTokenSource(AbortTimeout, _place.Time);
        try
        {
            await _place.FindAsync("abort an upload", (s3, token) => s3.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = _place.Bucket, Key = Key, UploadId = _id }, token), limit.Token);
        }
        catch (Exception e) when (e is RunstoneException or OperationCanceledException)
        {
            // What went wrong before is what the caller has to hear of.
        }
    }
}
