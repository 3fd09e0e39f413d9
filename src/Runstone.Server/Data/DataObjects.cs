using Runstone.Core.Artifacts;
using Runstone.Core.Data;
using Runstone.Core.Errors;
using Runstone.Protocol.Data;
using ZstdSharp;

namespace Runstone.Server.Data;

/// <summary>Reads objects out of the packs that they lie in. Pages are kept for a while, because who walks a tree comes by its upper ones again and again.</summary>
internal sealed class DataObjects(IDataObjectStore store, IBlobStore blobs) : IDataObjectSource
{
    /// <summary>Chunks that are looked up, and read when they lie behind each other, at a time.</summary>
    private const int MaxTogether = 64;

    private readonly PageCache _pages = new();

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(DataObjectId id, CancellationToken cancellationToken)
    {
        if (_pages.Find(id) is { } kept)
            return kept;
        if (await store.FindAsync([id.ToString()], cancellationToken) is not [var place])
            return null;
        var bytes = await ReadPlainAsync(place, cancellationToken);
        if (place.Kind != (int)DataObjectKind.Chunk)
            _pages.Keep(id, bytes);
        return bytes;
    }

    /// <summary>Writes a part of a file to the target, chunk after chunk.</summary>
    public async Task CopyAsync(DataFile file, long offset, long length, Stream target, CancellationToken cancellationToken)
    {
        await foreach (var (chunk, bytes) in ReadChunksAsync(file, offset, length, cancellationToken))
        {
            var skip = (int)Math.Max(0, offset - chunk.Offset);
            var take = (int)Math.Min(chunk.Length - skip, offset + length - chunk.Offset - skip);
            await target.WriteAsync(bytes.Slice(skip, take), cancellationToken);
        }
    }

    /// <summary>
    /// The chunks that have a part of a file, in order. Each was compared with its id. Throws <see cref="InvalidDataException"/> or <see cref="MissingDataObjectException"/>.
    /// </summary>
    public async IAsyncEnumerable<(FileChunk Chunk, ReadOnlyMemory<byte> Bytes)> ReadChunksAsync(
        DataFile file, long offset, long length, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var some = new List<FileChunk>(MaxTogether);
        await foreach (var chunk in ChunksAsync(file, offset, length, cancellationToken))
        {
            some.Add(chunk);
            if (some.Count < MaxTogether)
                continue;
            await foreach (var read in ReadAsync(some, cancellationToken))
                yield return read;
            some.Clear();
        }

        await foreach (var read in ReadAsync(some, cancellationToken))
            yield return read;
    }

    /// <summary>A file of one chunk is its own recipe.</summary>
    private IAsyncEnumerable<FileChunk> ChunksAsync(DataFile file, long offset, long length, CancellationToken cancellationToken)
    {
        var recipe = Id(file.Recipe);
        if (length == 0)
            return AsyncEnumerable.Empty<FileChunk>();
        return string.Equals(file.Recipe, file.Sha256, StringComparison.Ordinal)
            ? new[] { new FileChunk(recipe, 0, checked((int)file.Size)) }.ToAsyncEnumerable()
            : new RecipeReader(this, recipe, file.Size).RangeAsync(offset, length, cancellationToken);
    }

    private async IAsyncEnumerable<(FileChunk Chunk, ReadOnlyMemory<byte> Bytes)> ReadAsync(
        List<FileChunk> chunks, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (chunks.Count == 0)
            yield break;
        var hashes = chunks.ConvertAll(c => c.Id.ToString());
        var places = (await store.FindAsync([.. hashes.Distinct(StringComparer.Ordinal)], cancellationToken)).ToDictionary(p => p.Sha256, StringComparer.Ordinal);
        for (var i = 0; i < chunks.Count; i++)
        {
            if (!places.TryGetValue(hashes[i], out var place))
                throw new MissingDataObjectException(DataObjectKind.Chunk, chunks[i].Id);
            var bytes = await ReadPlainAsync(place, cancellationToken);
            if (bytes.Length != chunks[i].Length || DataObjectId.Of(bytes.Span) != chunks[i].Id)
                throw new InvalidDataException($"The chunk {hashes[i]} in the pack {place.Pack} is damaged: its bytes have another SHA-256.");
            yield return (chunks[i], bytes);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadPlainAsync(DataObject place, CancellationToken cancellationToken)
    {
        await using var content = await blobs.OpenReadAsync(place.Pack, place.Start, place.Stored, cancellationToken)
            ?? throw new InvalidDataException($"The pack {place.Pack}, which the object {place.Sha256} lies in, is missing.");
        var stored = new byte[place.Stored];
        await content.ReadExactlyAsync(stored, cancellationToken);
        return Plain((PackFlags)place.Flags, stored, (int)place.Length);
    }

    /// <summary>The plain bytes of stored ones; throws <see cref="InvalidDataException"/> when these are not what they are said to be.</summary>
    public static ReadOnlyMemory<byte> Plain(PackFlags flags, ReadOnlyMemory<byte> stored, int length)
    {
        if (!flags.HasFlag(PackFlags.Zstd))
            return stored;
        var plain = new byte[length];
        using var decompressor = new Decompressor();
        try
        {
            return decompressor.TryUnwrap(stored.Span, plain, out var written) && written == length
                ? plain
                : throw new InvalidDataException($"An object that should have {length} bytes has another number.");
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException($"An object cannot be decompressed: {e.Message}", e);
        }
    }

    public static DataObjectId Id(string sha256) => DataObjectId.TryParse(sha256, out var id)
        ? id
        : throw new RunstoneException(Error.Invalid("sha256", $"'{sha256}' is no SHA-256: give 64 hexadecimal digits in lower case."));
}
