using System.Buffers;
using System.IO.Pipelines;

namespace Runstone.Server.Api;

/// <summary>
/// The response as a stream for writers that also write and flush without waiting, which a response does not allow: such bytes wait in memory for the next write that waits.
/// </summary>
internal sealed class ResponsePipeStream(PipeWriter output) : Stream
{
    private const int FlushBytes = 1 << 16;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("The length of a response is not known.");

    public override long Position
    {
        get => throw new NotSupportedException("A response has no position.");
        set => throw new NotSupportedException("A response has no position.");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        output.Write(buffer.Span);
        if (output.UnflushedBytes >= FlushBytes)
            await output.FlushAsync(cancellationToken);
    }

    /// <summary>Sends nothing: see above.</summary>
    public override void Flush()
    {
    }

    public override async Task FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A response is not read.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A response has no position.");

    public override void SetLength(long value) => throw new NotSupportedException("The length of a response is not known.");
}
