using System.Security.Cryptography;

namespace Runstone.Client.Api;

/// <summary>
/// Reads another stream, hashing and counting on the way; exactly <paramref name="length"/> bytes when that is given, also while the
/// stream grows. The inner stream stays open.
/// </summary>
internal sealed class HashingReadStream(Stream inner, Action<long>? onRead, long? length = null) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;
    private string? _sha256;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => _bytes; set => throw new NotSupportedException(); }

    /// <summary>The SHA-256 of what was read so far, 64 hex digits.</summary>
    public string Sha256() => _sha256 ?? Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Why the inner stream could not be read; null when it could.</summary>
    public Exception? ReadError { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var part = buffer[..Room(buffer.Length)];
            return Saw(part, part.IsEmpty ? 0 : inner.Read(part));
        }
        catch (Exception e)
        {
            ReadError = e;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var part = buffer[..Room(buffer.Length)];
            var read = part.IsEmpty ? 0 : await inner.ReadAsync(part, cancellationToken);
            return Saw(part.Span, read);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            ReadError = e;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _sha256 is null)
        {
            // The request disposes its body before its answer can be compared.
            _sha256 = Sha256();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Room(int asked) => length is { } all ? (int)Math.Min(asked, all - _bytes) : asked;

    private int Saw(ReadOnlySpan<byte> buffer, int read)
    {
        if (read == 0 && buffer.Length > 0 && _bytes < length)
            throw new EndOfStreamException($"It became shorter while it was read: {_bytes} bytes instead of {length}.");
        _hash.AppendData(buffer[..read]);
        _bytes += read;
        if (read > 0)
            onRead?.Invoke(_bytes);
        return read;
    }
}
