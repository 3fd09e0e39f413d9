using System.Security.Cryptography;
using Runstone.Core.Artifacts;

namespace Runstone.BlobBench;

/// <summary>Content of any length that does not compress, the same for the same seed.</summary>
internal sealed class Noise(long length, int seed = 0) : Stream
{
    private static readonly byte[] Block = RandomNumberGenerator.GetBytes(1 << 20);

    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => throw new InvalidOperationException(); }

    /// <summary>What a client knows that hashed its file before.</summary>
    public static BlobRef Describe(long length, int seed) => new(Convert.ToHexStringLower(SHA256.HashData(new Noise(length, seed))), length);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var at = (int)(_position % Block.Length);
        var count = (int)Math.Min(Math.Min(buffer.Length, Block.Length - at), length - _position);
        Block.AsSpan(at, count).CopyTo(buffer);
        if (count > 0 && at == 0)
            buffer[0] = (byte)(seed + (_position >> 20));
        _position += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new InvalidOperationException();

    public override void SetLength(long value) => throw new InvalidOperationException();

    public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException();
}
