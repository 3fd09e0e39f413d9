namespace Runstone.Server.Hosting;

/// <summary>A body whose length is not announced: takes more memory before more of it is read than was taken.</summary>
internal sealed class GrowingBody(Stream inner, RequestMemory memory) : Stream
{
    private long _read;

    /// <summary>What the request holds.</summary>
    public long Taken { get; private set; } = RequestMemory.Step;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read == Taken)
        {
            await memory.TakeAsync(RequestMemory.Step, more: true, cancellationToken);
            Taken += RequestMemory.Step;
        }

        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Taken - _read)], cancellationToken);
        _read += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
}
