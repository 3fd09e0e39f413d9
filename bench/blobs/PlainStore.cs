using System.Collections.Concurrent;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Runstone.BlobBench;

/// <summary>The limit: the SDK alone, without a hash of the whole, from memory, to the final name.</summary>
internal sealed class PlainStore(Uri endpoint, string bucket, string prefix) : IAsyncDisposable
{
    private const int AtOnce = 2;

    private readonly AmazonS3Client _client = new(new AmazonS3Config
    {
        ServiceURL = endpoint.ToString(),
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public async Task<double> SendAsync(string name, long length, int partSize)
    {
        var content = RandomNumberGenerator.GetBytes(partSize);
        var key = prefix + name;
        var upload = (await _client.InitiateMultipartUploadAsync(bucket, key)).UploadId;
        var tags = new ConcurrentBag<PartETag>();
        await Parallel.ForEachAsync(Enumerable.Range(1, (int)(length / partSize)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, token) =>
        {
            var sent = await _client.UploadPartAsync(
                new UploadPartRequest { BucketName = bucket, Key = key, UploadId = upload, PartNumber = number, InputStream = new MemoryStream(content), UseChunkEncoding = false }, token);
            tags.Add(new PartETag(number, sent.ETag));
        });
        await _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = bucket,
            Key = key,
            UploadId = upload,
            PartETags = [.. tags.OrderBy(t => t.PartNumber)],
        });
        return length / partSize * partSize;
    }

    public async Task<double> ReadAsync(string name)
    {
        using var found = await _client.GetObjectAsync(bucket, prefix + name);
        await found.ResponseStream.CopyToAsync(Stream.Null);
        return found.ContentLength;
    }

    public Task PutAsync(Stream content) => _client.PutObjectAsync(new PutObjectRequest
    {
        BucketName = bucket,
        Key = prefix + RandomNumberGenerator.GetHexString(64, lowercase: true),
        InputStream = content,
        UseChunkEncoding = false,
    });

    public async Task RemoveAllAsync(string below)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = below };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request);
            await Parallel.ForEachAsync(page.S3Objects ?? [], async (found, token) => await _client.DeleteObjectAsync(bucket, found.Key, token));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
