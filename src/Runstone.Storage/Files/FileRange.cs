namespace Runstone.Storage.Files;

/// <summary>A part of a file as a stream that ends where the part ends.</summary>
internal sealed class FileRange : Stream
{
    private readonly FileStream _file;
    private readonly long _start;
    private readonly long _length;

    public FileRange(FileStream file, long offset, long? length)
    {
        _file = file;
        _start = Math.Min(offset, file.Length);
        _length = Math.Clamp(length ?? long.MaxValue, 0, file.Length - _start);
        file.Position = _start;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _file.Position - _start;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => _file.Read(buffer[..Allowed(buffer.Length)]);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _file.ReadAsync(buffer[..Allowed(buffer.Length)], cancellationToken);

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => _length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        _file.Position = _start + target;
        return target;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new InvalidOperationException("The content of a blob does not change.");

    public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("The content of a blob does not change.");

    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private int Allowed(int wanted) => (int)Math.Clamp(_length - Position, 0, wanted);
}
