using System.Buffers;

namespace Runstone.Protocol.Data;

/// <summary>
/// The chunks of a stream, read in large blocks: a chunk lies in the block as it was read, and only one that a block ends in is moved, once, to the beginning of the buffer. The stream
/// stays the caller's. Not safe for use by two threads.
/// </summary>
public sealed class ChunkReader : IDisposable
{
    /// <summary>Bytes of the buffer when nothing else is said.</summary>
    public const int DefaultBufferBytes = 1 << 20;

    private readonly Chunker _chunker = new();
    private readonly Stream _content;
    private readonly int _length;
    private byte[]? _buffer;
    private int _start;
    private int _looked;
    private int _end;

    /// <summary>Begins with the next byte of the stream. The buffer has at least twice <see cref="Chunker.MaxBytes"/>.</summary>
    public ChunkReader(Stream content, int bufferBytes = DefaultBufferBytes)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferBytes, 2 * Chunker.MaxBytes);
        _content = content;
        _length = bufferBytes;
        _buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
    }

    /// <summary>Bytes of the chunks that were returned.</summary>
    public long Position { get; private set; }

    /// <summary>The next chunk, valid until the next call; empty at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var buffer = _buffer ?? throw new ObjectDisposedException(nameof(ChunkReader));
        while (true)
        {
            _looked += _chunker.Push(buffer.AsSpan(_looked, _end - _looked), out var ends);
            if (ends)
                return Take(_looked);
            if (_end == _length)
                MoveToFront(buffer);
            var read = await _content.ReadAsync(buffer.AsMemory(_end, _length - _end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                _chunker.Reset();
                return Take(_end);
            }

            _end += read;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
    }

    private ReadOnlyMemory<byte> Take(int end)
    {
        var chunk = _buffer.AsMemory(_start, end - _start);
        Position += chunk.Length;
        _start = _looked = end;
        return chunk;
    }

    private void MoveToFront(byte[] buffer)
    {
        buffer.AsSpan(_start, _end - _start).CopyTo(buffer);
        (_start, _looked, _end) = (0, _looked - _start, _end - _start);
    }
}
