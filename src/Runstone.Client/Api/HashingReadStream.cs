using System.Security.Cryptography;

namespace Runstone.Client.Api;

/// <summary>Reads another stream, hashing and counting on the way. The inner stream stays open.</summary>
internal sealed class HashingReadStream(Stream inner, Action<long>? onRead) : Stream
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

    public override int Read(Span<byte> buffer) => Saw(buffer, inner.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            return Saw(buffer.Span, read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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

    private int Saw(ReadOnlySpan<byte> buffer, int read)
    {
        _hash.AppendData(buffer[..read]);
        _bytes += read;
        if (read > 0)
            onRead?.Invoke(_bytes);
        return read;
    }
}
