using System.Buffers.Binary;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>Reads the numbers of docs/formats/metric-chunk.md; throws <see cref="InvalidDataException"/> past the end.</summary>
internal ref struct ChunkReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    /// <summary>Reads bytes that were taken out of a chunk.</summary>
    public ChunkReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Checks kind, version and checksum.</summary>
    public ChunkReader(ReadOnlySpan<byte> bytes, byte kind)
    {
        if (bytes.Length <= ChunkFormat.ChecksumBytes)
            throw ChunkFormat.Damaged($"it has only {bytes.Length} bytes");
        if (bytes[0] != kind)
            throw new InvalidDataException($"The metric chunk begins with {bytes[0]:X2}; this program reads {kind:X2} here.");
        _bytes = bytes[..^ChunkFormat.ChecksumBytes];
        _at = 1;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[_bytes.Length..]) != Crc32C.Of(_bytes))
            throw ChunkFormat.Damaged("its checksum differs");
    }

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length > _bytes.Length - _at)
            throw ChunkFormat.Damaged("it ends early");
        _at += length;
        return _bytes.Slice(_at - length, length);
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _bytes.Length)
                throw ChunkFormat.Damaged("it ends inside a number");
            var b = _bytes[_at++];
            if (shift == 63 && b > 1)
                break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw ChunkFormat.Damaged("a number has more than 64 bits");
    }

    public long ZigZag() => Metrics.Varint.UnZigZag(Varint());

    /// <summary>A count from <paramref name="least"/> to <paramref name="greatest"/>.</summary>
    public int Count(int least, int greatest, string what)
    {
        var count = Varint();
        if (greatest < least || count < (ulong)least || count > (ulong)greatest)
            throw ChunkFormat.Damaged($"{count} {what}; {least} to {greatest} are allowed");
        return (int)count;
    }

    public readonly void End()
    {
        if (_at != _bytes.Length)
            throw ChunkFormat.Damaged($"{_bytes.Length - _at} bytes are left over");
    }
}
