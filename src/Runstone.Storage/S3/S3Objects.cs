using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace Runstone.Storage.S3;

/// <summary>Calls about single objects and listings that several stores make.</summary>
internal static class S3Objects
{
    private const int CopiesAtOnce = 4;
    private const int RemovalsAtOnce = 8;

    // Longer than a retried call takes.
    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(20);

    public static Task<GetObjectMetadataResponse?> HeadAsync(S3Place place, string key, CancellationToken cancellationToken) =>
        place.FindAsync("look up an object", (s3, token) => s3.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = place.Bucket, Key = key }, token), cancellationToken);

    public static Task RemoveAsync(S3Place place, string key, CancellationToken cancellationToken) =>
        place.FindAsync("remove an object", (s3, token) => s3.DeleteObjectAsync(
            new DeleteObjectRequest { BucketName = place.Bucket, Key = key }, token), cancellationToken);

    /// <summary>Removes one by one: stores differ in what they demand of a request for many.</summary>
    public static Task RemoveAllAsync(S3Place place, IEnumerable<string> keys, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(keys, Parallelism(RemovalsAtOnce, cancellationToken), async (key, token) => await RemoveAsync(place, key, token));

    /// <summary>Removes what is not needed any more, whatever became of the caller; what remains is collected later.</summary>
    public static async Task CleanUpAsync(S3Place place, string key)
    {
        using var limit = new CancellationTokenSource(CleanUpTimeout, place.Time);
        try
        {
            await RemoveAsync(place, key, limit.Token);
        }
        catch (Exception e) when (e is Core.Errors.RunstoneException or OperationCanceledException)
        {
            // Collected later.
        }
    }

    /// <summary>Copies within the store; the copy is there whole or not at all.</summary>
    public static async Task CopyAsync(S3Place place, string from, string to, long size, CancellationToken cancellationToken)
    {
        if (size <= place.Options.CopyPartSize)
        {
            await place.CallAsync("copy an object", (s3, token) => s3.CopyObjectAsync(
                new CopyObjectRequest { SourceBucket = place.Bucket, SourceKey = from, DestinationBucket = place.Bucket, DestinationKey = to }, token), cancellationToken);
            return;
        }

        var upload = await S3Multipart.BeginAsync(place, to, cancellationToken);
        try
        {
            var part = Math.Max(place.Options.CopyPartSize, (size + S3BlobOptions.MaxParts - 1) / S3BlobOptions.MaxParts);
            var count = (int)((size + part - 1) / part);
            await Parallel.ForEachAsync(Enumerable.Range(0, count), Parallelism(CopiesAtOnce, cancellationToken), async (i, token) =>
                await upload.CopyAsync(i + 1, from, i * part, Math.Min(size, (i + 1) * part) - 1, token));
            await upload.CompleteAsync(size, cancellationToken);
        }
        catch
        {
            await upload.AbortAsync();
            throw;
        }
    }

    /// <summary>All objects below the prefix, ordered by key.</summary>
    public static async IAsyncEnumerable<S3Object> ListAsync(S3Place place, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = place.Bucket, Prefix = prefix, ContinuationToken = next };
            var page = await place.CallAsync("list objects", (s3, token) => s3.ListObjectsV2Async(request, token), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
                yield return found;
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    public static long TimeOf(DateTime? moment) =>
        new DateTimeOffset(DateTime.SpecifyKind((moment ?? DateTime.UnixEpoch).ToUniversalTime(), DateTimeKind.Utc)).ToUnixTimeMilliseconds();

    private static ParallelOptions Parallelism(int degree, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = degree, CancellationToken = cancellationToken };
}
