using System.Buffers;
using System.IO.Compression;
using Runstone.Core.Errors;
using Runstone.Protocol;
using Runstone.Server.Hosting;
using ZstdSharp;

namespace Runstone.Server.Api;

/// <summary>
/// The frames of a body of metric batches, one after the other. What is held is the content of one batch, in a pooled buffer whose
/// size is taken from the memory of all requests before it is rented.
/// </summary>
internal sealed class MetricBatchBody(Stream body, RequestMemory memory) : IAsyncDisposable
{
    private readonly byte[] _header = new byte[MetricBatchFormat.FrameHeaderBytes];
    private byte[]? _content;
    private int _length;
    private long _start;
    private long _read;

    /// <summary>The number of the batch that is read, from 0.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>The content of the batch, its checksum verified, until the next one is read.</summary>
    public ReadOnlySpan<byte> Content => _content.AsSpan(0, _length);

    /// <summary>The body without its content coding; null when the server does not know the coding.</summary>
    public static Stream? Decode(Stream body, string coding) => coding.ToLowerInvariant() switch
    {
        "" or "identity" => body,
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "zstd" => new DecompressionStream(body),
        _ => null,
    };

    /// <summary>Reads the next batch; false at the end of the body. Throws when the bytes are no batch, or there is no memory for it.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Release();
        Index++;
        _start = _read;
        try
        {
            var read = await body.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0 && Index > 0)
                return false;
            if (read < _header.Length)
                throw new InvalidDataException(read == 0 ? "The body is empty." : "The body ends inside the header of a batch.");
            var (length, checksum) = MetricBatchFormat.ReadFrame(_header);
            await ReadContentAsync(length, cancellationToken);
            if (MetricBatchFormat.Checksum(Content) != checksum)
                throw new InvalidDataException($"The checksum of the batch is {MetricBatchFormat.Checksum(Content):x8} and not {checksum:x8} as its header says.");
            _read += _header.Length + length;
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or InvalidOperationException or ZstdException)
        {
            throw Refuse(e.Message);
        }
    }

    /// <summary>The refusal of a body whose present batch cannot be read.</summary>
    public RunstoneException Refuse(string message) => new(Error.Invalid(
        $"batches[{Index}]",
        $"Batch {Index}, at byte {_start} of the body, cannot be read. {message} {WhatIsKept}"));

    private string WhatIsKept => Index <= 0 ? "Nothing was kept." : $"Of the {Index} before it some may be kept; send them again to hear which.";

    public ValueTask DisposeAsync()
    {
        Release();
        return body.DisposeAsync();
    }

    private async ValueTask ReadContentAsync(int length, CancellationToken cancellationToken)
    {
        if (_read + _header.Length + length > MetricBatchFormat.MaxBodyBytes || Index >= MetricBatchFormat.MaxBatches)
        {
            throw new RunstoneException(new Error(
                ErrorCode.TooLarge,
                $"The body has more than {MetricBatchFormat.MaxBodyBytes >> 20} MiB or {MetricBatchFormat.MaxBatches} batches; send it in several requests.",
                $"batches[{Index}]"));
        }

        await memory.TakeAsync(length, more: false, cancellationToken);
        _length = length;
        _content = ArrayPool<byte>.Shared.Rent(length);
        await body.ReadExactlyAsync(_content.AsMemory(0, length), cancellationToken);
    }

    private void Release()
    {
        if (_content is null)
            return;
        ArrayPool<byte>.Shared.Return(_content);
        _content = null;
        memory.Return(_length);
        _length = 0;
    }
}
