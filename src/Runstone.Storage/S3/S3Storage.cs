using Amazon.Runtime;
using Amazon.S3.Model;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>Blobs, uploads and direct transfer in one bucket; the same from every node.</summary>
public sealed class S3Storage : IDisposable
{
    private readonly S3Place _place;

    /// <summary>Makes the stores without a call to the object store, which may be away; see <see cref="CheckAsync"/>.</summary>
    /// <exception cref="RunstoneException"><see cref="ErrorCode.Invalid"/>: an option is not allowed; the field names its setting.</exception>
    public S3Storage(S3BlobOptions options, TimeProvider time)
        : this(options, credentials: null, time)
    {
    }

    internal S3Storage(S3BlobOptions options, AWSCredentials? credentials, TimeProvider time)
    {
        _place = new S3Place(options, credentials, time);
        Blobs = new S3BlobStore(_place);
        Uploads = new S3UploadStore(_place, Blobs);
        Direct = new S3DirectTransfer(_place);
    }

    /// <summary>Blobs by the hash of their content.</summary>
    public S3BlobStore Blobs { get; }

    /// <summary>Uploads in parts through the server.</summary>
    public S3UploadStore Uploads { get; }

    /// <summary>Transfers past the server.</summary>
    public S3DirectTransfer Direct { get; }

    /// <summary>
    /// Lists the bucket once. Throws <see cref="ErrorCode.Unavailable"/> that says what is wrong: the store cannot be reached, the
    /// bucket does not exist, credentials are missing, wrong or not sufficient.
    /// </summary>
    public Task CheckAsync(CancellationToken cancellationToken) => _place.CallAsync("list the bucket", (s3, token) => s3.ListObjectsV2Async(
        new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = _place.Keys.Root, MaxKeys = 1 }, token), cancellationToken);

    public void Dispose() => _place.Dispose();
}
