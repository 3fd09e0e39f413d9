using System.Buffers;
using System.Buffers.Binary;

namespace Runstone.Protocol.Data;

/// <summary>
/// Reads a pack out of a stream that may hold anything, one object after the other, and holds the bytes of one. The stream stays the caller's, who compares the SHA-256 of the plain bytes
/// with the id. Every method throws <see cref="InvalidDataException"/>, which says at which byte, when the bytes are no pack. Not safe for use by two threads.
/// </summary>
public sealed class PackReader : IDisposable
{
    private readonly Stream _content;
    private readonly byte[] _header = new byte[PackFormat.ObjectHeaderBytes];
    private byte[] _stored = [];
    private long _at;
    private int _count;
    private bool _hasEnded;

    /// <summary>Reads nothing yet.</summary>
    public PackReader(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        _content = content;
    }

    /// <summary>The stored bytes of the object that was read last, until the next is.</summary>
    public ReadOnlyMemory<byte> Stored { get; private set; }

    /// <summary>Reads the next object; null at the end of the pack, behind which the stream has nothing.</summary>
    public async ValueTask<PackObject?> ReadAsync(CancellationToken cancellationToken = default)
    {
        Stored = default;
        if (_hasEnded)
            return null;
        if (_at == 0)
            await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        var start = _at;
        await FillAsync(_header.AsMemory(0, 1), "the kind of an object", cancellationToken).ConfigureAwait(false);
        if (_header[0] == PackFormat.End)
        {
            await ReadTrailerAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }

        await FillAsync(_header.AsMemory(1), "the header of an object", cancellationToken).ConfigureAwait(false);
        var entry = ParseHeader(start);
        if (_stored.Length < entry.StoredLength)
        {
            ArrayPool<byte>.Shared.Return(_stored);
            _stored = [];
            _stored = ArrayPool<byte>.Shared.Rent(entry.StoredLength);
        }

        await FillAsync(_stored.AsMemory(0, entry.StoredLength), "the bytes of an object", cancellationToken).ConfigureAwait(false);
        Stored = _stored.AsMemory(0, entry.StoredLength);
        _count++;
        return entry;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        (Stored, _hasEnded) = (default, true);
        ArrayPool<byte>.Shared.Return(_stored);
        _stored = [];
    }

    private PackObject ParseHeader(long start)
    {
        var (kind, flags) = ((DataObjectKind)_header[0], (PackFlags)_header[1]);
        long plain = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(2));
        long stored = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(6));
        if (PackFormat.Problem(kind, flags, plain, stored) is { } problem)
            throw Damaged(start, problem);
        if (_at + stored + PackFormat.TrailerBytes > PackFormat.MaxBytes)
            throw Damaged(start, $"an object of {stored} stored bytes does not end within {PackFormat.MaxBytes} bytes");
        return new PackObject(kind, flags, new DataObjectId(_header.AsSpan(10)), (int)plain, (int)stored, _at);
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await FillAsync(_header.AsMemory(0, PackFormat.HeaderBytes), "the header", cancellationToken).ConfigureAwait(false);
        var same = _header.AsSpan(0, PackFormat.HeaderBytes).CommonPrefixLength(PackFormat.Header);
        if (same < PackFormat.HeaderBytes)
            throw Damaged(same, $"it begins with {Convert.ToHexString(_header, 0, PackFormat.HeaderBytes)}, where a pack of version {PackFormat.Version} begins with {Convert.ToHexString(PackFormat.Header)}");
    }

    private async ValueTask ReadTrailerAsync(CancellationToken cancellationToken)
    {
        var start = _at;
        await FillAsync(_header.AsMemory(1, sizeof(uint)), "the number of objects", cancellationToken).ConfigureAwait(false);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(1));
        if (count != _count)
            throw Damaged(start, $"it says that it has {count} objects, and has {_count}");
        if (await _content.ReadAsync(_header.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) > 0)
            throw Damaged(_at, "bytes are left over");
        _hasEnded = true;
    }

    private async ValueTask FillAsync(Memory<byte> target, string part, CancellationToken cancellationToken)
    {
        var read = await _content.ReadAtLeastAsync(target, target.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < target.Length)
            throw Damaged(_at + read, $"it ends inside {part}");
        _at += read;
    }

    private static InvalidDataException Damaged(long at, string problem) => new($"The pack is damaged at byte {at}: {problem}.");
}
