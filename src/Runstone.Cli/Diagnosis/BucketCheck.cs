using System.Security.Cryptography;
using Runstone.Cli.Output;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Storage;
using Runstone.Storage.S3;

namespace Runstone.Cli.Diagnosis;

/// <summary>
/// Whether content can be kept in the bucket: everything that a node does there is done once with content that nobody else has,
/// and removed again.
/// </summary>
internal sealed class BucketCheck : IDisposable
{
    private const string Check = "bucket";
    private const int Size = 64 << 10;
    private const string Advice = "No file can be kept until this is put right.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(10);

    private readonly List<Finding> _findings = [];
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(Size);
    private readonly string _hash;
    private readonly string _place;
    private readonly S3Storage _storage;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    private BucketCheck(StorageOptions options, S3BlobOptions bucket, TimeProvider time)
    {
        (_place, _time, _storage) = (options.Blobs!.ToString(), time, new S3Storage(bucket, time));
        _hash = Convert.ToHexStringLower(SHA256.HashData(_content));
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = options.BlobsEndpoint?.IsLoopback != true }) { Timeout = Patience };
    }

    public static async Task<IReadOnlyList<Finding>> RunAsync(StorageOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.ToBucket() is not { } bucket)
            return [];
        try
        {
            using var check = new BucketCheck(options, bucket, time);
            await check.RunAsync(cancellationToken);
            return check._findings;
        }
        catch (RunstoneException e)
        {
            return [Finding.Fail(Check, e.Message, Advice)];
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _storage.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _storage.CheckAsync(cancellationToken);
            _findings.Add(Finding.Ok(Check, $"{_place} can be listed"));
            await KeepAsync(cancellationToken);
            await TransferAsync(cancellationToken);
        }
        catch (RunstoneException e)
        {
            _findings.Add(Finding.Fail(Check, e.Message, Advice));
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        await _storage.Blobs.WriteAsync(new MemoryStream(_content), null, cancellationToken);
        var whole = await ReadAsync(0, null, cancellationToken);
        var part = await ReadAsync(1000, 500, cancellationToken);
        var removed = await _storage.Blobs.DeleteAsync(_hash, cancellationToken);
        if (!whole.AsSpan().SequenceEqual(_content))
            _findings.Add(Finding.Fail(Check, "what was written cannot be read back as it was", "Look for a proxy or gateway before the store that changes content."));
        else if (!part.AsSpan().SequenceEqual(_content.AsSpan(1000, 500)))
            _findings.Add(Finding.Fail(Check, "a part of a file cannot be read: the store does not keep to the Range header", "Use a store, or a version of it, that knows ranges."));
        else if (!removed)
            _findings.Add(Finding.Warn(Check, "content cannot be removed", "Allow s3:DeleteObject below the prefix."));
        else
            _findings.Add(Finding.Ok(Check, "content can be written, read, read in part and removed"));
    }

    private async Task<byte[]> ReadAsync(long offset, long? length, CancellationToken cancellationToken)
    {
        await using var stream = await _storage.Blobs.OpenReadAsync(_hash, offset, length, cancellationToken);
        using var bytes = new MemoryStream();
        await (stream ?? Stream.Null).CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    // As a client does that sends and loads content past the server.
    private async Task TransferAsync(CancellationToken cancellationToken)
    {
        var upload = await _storage.Direct.BeginAsync(cancellationToken);
        try
        {
            var target = (await _storage.Direct.SignPartsAsync(upload, 1, 1, cancellationToken))![0];
            var (tag, _) = await SendAsync(target, _content, cancellationToken);
            var blob = await _storage.Direct.CompleteAsync(upload, [new UploadPart(1, tag)], cancellationToken);
            var source = await _storage.Direct.SignReadAsync(blob!.Sha256, "doctor.bin", cancellationToken);
            var (_, loaded) = await SendAsync(source!, null, cancellationToken);
            _findings.Add(loaded.AsSpan().SequenceEqual(_content)
                ? Finding.Ok(Check, "uploads in parts and signed addresses work from this machine")
                : Finding.Fail(Check, "a signed address gives other content than was sent to one", "Look for a proxy before the store that changes content."));
        }
        catch (HttpRequestException e)
        {
            _findings.Add(Finding.Warn(
                Check, $"a signed address does not work from this machine: {e.Message}", "Clients that load and send directly need to reach --blobs-endpoint as the nodes do, with host and path unchanged."));
        }
        finally
        {
            await _storage.Direct.AbortAsync(upload, CancellationToken.None);
            await _storage.Blobs.DeleteAsync(_hash, CancellationToken.None);
        }
    }

    private async Task<(string? Tag, byte[] Content)> SendAsync(SignedRequest signed, byte[]? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(signed.Method), signed.Address);
        if (content is not null)
            request.Content = new ByteArrayContent(content);
        foreach (var (name, value) in signed.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        var before = _time.GetUtcNow();
        using var answer = await _client.SendAsync(request, cancellationToken);
        if (content is not null && answer.Headers.Date is { } date)
            _findings.Add(Clock(date - before));
        answer.EnsureSuccessStatusCode();
        return (answer.Headers.ETag?.Tag, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static Finding Clock(TimeSpan skew) => skew.Duration() < MostSkew
        ? Finding.Ok("clock", "the object store's clock agrees with this machine's")
        : Finding.Warn(
            "clock", Say.Invariant($"the object store's clock is {skew.Duration().TotalSeconds:0} seconds {(skew > TimeSpan.Zero ? "ahead" : "behind")}"),
            "Set both clocks by the network (NTP): from 15 minutes on requests are refused.");
}
