using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>
/// A range of an object that never changes. When the connection breaks off or stalls, the rest is asked for again, a few times
/// without progress at most; then reading fails. It never ends short.
/// </summary>
internal sealed class S3ReadStream : SequentialStream
{
    private const int MaxAttempts = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly S3Place _place;
    private readonly string _key;
    private readonly string _etag;
    private readonly long _start;
    private readonly long _length;
    private GetObjectResponse? _response;
    private long _position;
    private int _failures;

    private S3ReadStream(S3Place place, string key, GetObjectResponse response, long start, long length) =>
        (_place, _key, _response, _etag, _start, _length) = (place, key, response, response.ETag, start, length);

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => throw NotSeekable();
    }

    /// <summary>What the object carries as metadata.</summary>
    public MetadataCollection Metadata { get; private init; } = new();

    /// <summary>Null when there is no such object; an empty stream when the range lies behind its end.</summary>
    public static async Task<Stream?> OpenAsync(S3Place place, string key, long offset, long? length, CancellationToken cancellationToken)
    {
        if (length == 0)
            return await S3Objects.HeadAsync(place, key, cancellationToken) is null ? null : Null;
        ByteRange? range = offset == 0 && length is null ? null : new ByteRange(offset, length is { } l && l < long.MaxValue - offset ? offset + l - 1 : long.MaxValue - 1);
        var behind = false;
        var response = await place.FindAsync(
            "read an object",
            async (s3, token) =>
            {
                try
                {
                    return await s3.GetObjectAsync(new GetObjectRequest { BucketName = place.Bucket, Key = key, ByteRange = range }, token);
                }
                catch (AmazonS3Exception e) when (e.StatusCode == System.Net.HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    behind = true;
                    return null!;
                }
            },
            cancellationToken);
        if (behind)
            return Null;
        return response is null ? null : new S3ReadStream(place, key, response, offset, response.ContentLength) { Metadata = response.Metadata };
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position < _length && buffer.Length > 0)
        {
            var read = await TryReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _position += read;
                _failures = 0;
                return read;
            }

            _response?.Dispose();
            _response = null;
            if (++_failures >= MaxAttempts)
                throw BrokenOff(null);
            await Task.Delay(FirstPause * (1 << _failures), _place.Time, cancellationToken);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _response?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>0 when the connection broke off or nothing came for too long.</summary>
    private async ValueTask<int> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var rest = _length - _position;
        _response ??= await ContinueAsync(rest, cancellationToken);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(_place.Options.StallTimeout);
        try
        {
            return await _response.ResponseStream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, rest)], stall.Token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or AmazonClientException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return 0;
        }
    }

    private async Task<GetObjectResponse> ContinueAsync(long rest, CancellationToken cancellationToken)
    {
        var from = _start + _position;
        var request = new GetObjectRequest { BucketName = _place.Bucket, Key = _key, ByteRange = new ByteRange(from, from + rest - 1) };
        var response = await _place.FindAsync("continue reading an object", (s3, token) => s3.GetObjectAsync(request, token), cancellationToken)
            ?? throw BrokenOff("it was removed meanwhile");
        if (response.ContentLength == rest && string.Equals(response.ETag, _etag, StringComparison.Ordinal))
            return response;
        response.Dispose();
        throw BrokenOff("it was replaced meanwhile");
    }

    private RunstoneException BrokenOff(string? cause) => new(new Error(ErrorCode.Unavailable, FormattableString.Invariant(
        $"Reading '{_key}' from the object store at {_place.Name} broke off after {_position} of {_length} bytes{(cause is null ? "" : $": {cause}")}. Read it again.")));
}
