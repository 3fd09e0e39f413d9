using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Runstone.Storage.S3;

namespace Runstone.Storage.Tests.S3;

/// <summary>
/// A prefix of its own in the bucket that <c>RUNSTONE_TEST_S3</c> names (<c>endpoint=http://127.0.0.1:1234;bucket=test</c>, with AWS
/// credentials in the environment), removed at the end. Without it the test is skipped, except in CI.
/// </summary>
internal sealed class S3TestPlace : IAsyncDisposable
{
    private const string Variable = "RUNSTONE_TEST_S3";

    private readonly AmazonS3Client _client;

    private S3TestPlace(Uri endpoint, string bucket)
    {
        (Endpoint, Bucket, Prefix) = (endpoint, bucket, $"test-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        _client = new AmazonS3Client(new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    public Uri Endpoint { get; }

    public string Bucket { get; }

    public string Prefix { get; }

    /// <summary>The plain SDK, to look at what lies in the bucket.</summary>
    public AmazonS3Client Client => _client;

    public S3BlobOptions Options => new()
    {
        Bucket = Bucket,
        Prefix = Prefix,
        Endpoint = Endpoint,
        Region = "us-east-1",
        PartSize = S3BlobOptions.MinPartSize,
    };

    public static S3TestPlace Open()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
        {
            var reason = $"{Variable} does not name an object store (endpoint=http://127.0.0.1:1234;bucket=test)";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(reason);
            Assert.Skip(reason);
        }

        var parts = text.Split(';').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        return new S3TestPlace(new Uri(parts["endpoint"]), parts["bucket"]);
    }

    /// <summary>What lies below a part of the prefix: keys without the prefix.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string below = "")
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = $"{Prefix}/{below}" };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request);
            keys.AddRange((page.S3Objects ?? []).Select(o => o.Key[(Prefix.Length + 1)..]));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return keys;
    }

    /// <summary>Multipart uploads below the prefix that are neither completed nor aborted.</summary>
    public async Task<IReadOnlyList<MultipartUpload>> UnfinishedAsync() =>
        (await _client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = Prefix + "/" })).MultipartUploads ?? [];

    public async Task AssertNothingUnfinishedAsync()
    {
        Assert.Empty(await KeysAsync("incoming/"));
        Assert.Empty((await UnfinishedAsync()).Select(u => u.Key));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var upload in await UnfinishedAsync())
            await _client.AbortMultipartUploadAsync(Bucket, upload.Key, upload.UploadId);
        foreach (var key in await KeysAsync())
            await _client.DeleteObjectAsync(Bucket, $"{Prefix}/{key}");
        _client.Dispose();
    }
}
