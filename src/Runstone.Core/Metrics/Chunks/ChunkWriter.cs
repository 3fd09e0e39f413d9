using System.Buffers.Binary;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>A growing buffer with the numbers of docs/formats/metric-chunk.md.</summary>
internal sealed class ChunkWriter
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Begin() => Length = 0;

    public void Begin(byte kind)
    {
        Begin();
        Byte(kind);
    }

    /// <summary>Writes the checksum; the result is valid until the next beginning.</summary>
    public ReadOnlySpan<byte> End()
    {
        UInt32(Crc32C.Of(Written));
        return Written;
    }

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Varint(ulong value) => Length += Metrics.Varint.Write(Reserve(Metrics.Varint.MaxBytes), 0, value);

    public void ZigZag(long value) => Varint(Metrics.Varint.ZigZag(value));

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(sizeof(double)), value);
        Length += sizeof(double);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        Length += sizeof(uint);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Room for at least <paramref name="length"/> bytes after what is written; <see cref="Advance"/> takes them in.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_bytes.Length - Length < length)
            Array.Resize(ref _bytes, Math.Max(checked(Length + length), _bytes.Length * 2));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int length) => Length += length;
}
