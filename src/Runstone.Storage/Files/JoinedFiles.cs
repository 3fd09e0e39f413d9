namespace Runstone.Storage.Files;

/// <summary>Several files read one after the other as one stream; one of them is open at a time.</summary>
internal sealed class JoinedFiles(IReadOnlyList<string> paths) : Stream
{
    private FileStream? _current;
    private int _next;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw NotSeekable();

    public override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_current is not null || _next < paths.Count)
        {
            _current ??= new FileStream(paths[_next++], FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            var read = await _current.ReadAsync(buffer, cancellationToken);
            if (read > 0)
                return read;
            await _current.DisposeAsync();
            _current = null;
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Read it asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw NotSeekable();

    public override void Write(byte[] buffer, int offset, int count) => throw NotSeekable();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _current?.Dispose();
        base.Dispose(disposing);
    }

    private static InvalidOperationException NotSeekable() => new("Parts are read once, from the first to the last.");
}
