using System.IO.Pipelines;
using Runstone.Core.Artifacts;
using Runstone.Core.Data;
using Runstone.Core.Errors;
using Runstone.Protocol.Data;

namespace Runstone.Server.Data;

/// <summary>Takes packs: each object is hashed as it comes by on its way to the blobs, and nothing is kept of a pack that is not what it says.</summary>
internal sealed class PackIntake(IDataObjectStore store, IBlobStore blobs, TimeProvider time)
{
    private const int MaxObjects = 20_000;

    /// <summary>Reads a pack to its end. Throws <see cref="ErrorCode.Invalid"/> that says at which byte it is wrong.</summary>
    public async Task<(BlobRef Pack, int Objects)> ReceiveAsync(Stream content, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var writing = blobs.WriteAsync(pipe.Reader.AsStream(), expected: null, cancellationToken);
        List<PackObject> found;
        try
        {
            found = await ReadAsync(new EchoStream(content, pipe.Writer), cancellationToken);
            await pipe.Writer.CompleteAsync();
        }
        catch (Exception e)
        {
            // The write of the blob fails with the same and leaves nothing.
            await pipe.Writer.CompleteAsync(e);
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (e is InvalidDataException)
                throw new RunstoneException(Error.Invalid("pack", e.Message), e);
            throw;
        }

        var pack = await writing;
        DataObject[] objects =
        [
            .. found.Select(o => new DataObject(o.Id.ToString(), (int)o.Kind, (int)o.Flags, o.PlainLength, pack.Sha256, o.Offset, o.StoredLength)),
        ];
        await store.AddPackAsync(pack, objects, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        return (pack, objects.Length);
    }

    private static async Task<List<PackObject>> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var found = new List<PackObject>();
        using var reader = new PackReader(content);
        while (await reader.ReadAsync(cancellationToken) is { } next)
        {
            if (DataObjectId.Of(DataObjects.Plain(next.Flags, reader.Stored, next.PlainLength).Span) is var id && id != next.Id)
                throw new InvalidDataException($"The object at byte {next.Offset} of the pack has the SHA-256 {id}, where {next.Id} is said of it.");
            found.Add(next);
            if (found.Count > MaxObjects)
                throw new InvalidDataException($"The pack has more than {MaxObjects} objects; make another one.");
        }

        return found;
    }

    /// <summary>Writes what is read of a stream to a pipe.</summary>
    private sealed class EchoStream(Stream content, PipeWriter echo) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => content.Length;

        public override long Position { get => content.Position; set => content.Position = value; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await content.ReadAsync(buffer, cancellationToken);
            if (read > 0)
                await echo.WriteAsync(buffer[..read], cancellationToken);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override void Flush() => content.Flush();

        public override long Seek(long offset, SeekOrigin origin) => content.Seek(offset, origin);

        public override void SetLength(long value) => content.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count) => content.Write(buffer, offset, count);
    }
}
