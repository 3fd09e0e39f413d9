using System.Runtime.InteropServices;
using Runstone.Core.Metrics.Chunks;
using ZstdSharp;

namespace Runstone.Codecs.Contenders;

/// <summary>The bytes of the values as they are, compressed.</summary>
internal sealed class Plain(int level) : ICoding
{
    private readonly Compressor _compressor = new(level);
    private readonly Decompressor _decompressor = new();

    public string Name => $"plain + Zstd {level}";

    public int Encode(ReadOnlySpan<double> values, byte[] into) => _compressor.Wrap(MemoryMarshal.AsBytes(values), into);

    public void Decode(ReadOnlySpan<byte> bytes, Span<double> values) => _decompressor.Unwrap(bytes, MemoryMarshal.AsBytes(values));
}

/// <summary>
/// First byte of all values, then the second and so on, each stream compressed (BYTE_STREAM_SPLIT of Apache Parquet); of four bytes
/// when all values are singles.
/// </summary>
internal sealed class ByteStreams(int level) : ICoding
{
    private readonly Compressor _compressor = new(level);
    private readonly Decompressor _decompressor = new();
    private byte[] _streams = [];

    public string Name => $"byte streams + Zstd {level}";

    public int Encode(ReadOnlySpan<double> values, byte[] into)
    {
        var single = true;
        foreach (var value in values)
            single &= SingleBits.IsExact(value);
        var width = single ? 4 : 8;
        Reserve(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var word = single ? SingleBits.Narrow(values[i]) : BitConverter.DoubleToUInt64Bits(values[i]);
            for (var b = 0; b < width; b++)
                _streams[(b * values.Length) + i] = (byte)(word >> (8 * b));
        }

        into[0] = (byte)width;
        var at = 1;
        for (var b = 0; b < width; b++)
        {
            var length = _compressor.Wrap(_streams.AsSpan(b * values.Length, values.Length), into.AsSpan(at + 4));
            MemoryMarshal.Write(into.AsSpan(at), length);
            at += 4 + length;
        }

        return at;
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        var width = bytes[0];
        var at = 1;
        Reserve(values.Length);
        for (var b = 0; b < width; b++)
        {
            var length = MemoryMarshal.Read<int>(bytes[at..]);
            _decompressor.Unwrap(bytes.Slice(at + 4, length), _streams.AsSpan(b * values.Length, values.Length));
            at += 4 + length;
        }

        for (var i = 0; i < values.Length; i++)
        {
            var word = 0UL;
            for (var b = 0; b < width; b++)
                word |= (ulong)_streams[(b * values.Length) + i] << (8 * b);
            values[i] = width == 4 ? SingleBits.Widen((uint)word) : BitConverter.UInt64BitsToDouble(word);
        }
    }

    private void Reserve(int count)
    {
        if (_streams.Length < count * 8)
            _streams = new byte[count * 8];
    }
}
