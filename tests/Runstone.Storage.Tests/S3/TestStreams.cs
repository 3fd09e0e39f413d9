namespace Runstone.Storage.Tests.S3;

/// <summary>Gives its content in pieces of odd sizes, as a network does, and may do something on the way.</summary>
internal sealed class SlowPieces(byte[] content, int at = int.MaxValue, Action? then = null) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Position >= at)
            then!();
        return base.ReadAsync(buffer[..Math.Min(buffer.Length, 77_777)], cancellationToken);
    }
}

/// <summary>So many zeros.</summary>
internal sealed class Zeros(long length) : Stream
{
    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new InvalidOperationException();

    public override long Position { get => throw new InvalidOperationException(); set => throw new InvalidOperationException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        count = (int)Math.Min(count, _left);
        Array.Clear(buffer, offset, count);
        _left -= count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new InvalidOperationException();

    public override void SetLength(long value) => throw new InvalidOperationException();

    public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException();
}
