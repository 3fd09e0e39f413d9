namespace Runstone.Storage;

/// <summary>Content that is read once, asynchronously, from its beginning to its end.</summary>
internal abstract class SequentialStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    /// <summary>For content whose length is known, to be overridden.</summary>
    public override long Length => throw NotSeekable();

    public override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Read it asynchronously.");

    public sealed override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    public sealed override void Flush()
    {
        // Nothing is written.
    }

    public sealed override void SetLength(long value) => throw NotSeekable();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw NotSeekable();

    protected static InvalidOperationException NotSeekable() => new("The content is read once, from the first byte to the last.");
}
