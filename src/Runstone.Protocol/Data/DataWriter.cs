using System.Buffers.Binary;

namespace Runstone.Protocol.Data;

/// <summary>Bytes that grow at their end.</summary>
internal sealed class DataWriter
{
    private const int MaxVarint = 9;

    private byte[] _buffer = new byte[256];
    private int _end;

    public int Length => _end;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _end);

    public byte[] ToArray() => Written.ToArray();

    public void Clear() => _end = 0;

    public void WriteByte(byte value) => Reserve(1)[0] = value;

    public void WriteUInt16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(sizeof(ushort)), (ushort)value);

    public void WriteId(DataObjectId id) => id.CopyTo(Reserve(DataObjectId.Length));

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>A varint: seven bits a byte, least first, the top bit says that another follows.</summary>
    public void WriteNumber(long value)
    {
        var target = Reserve(MaxVarint);
        var (left, length) = ((ulong)value, 0);
        for (; left >= 0x80; left >>= 7)
            target[length++] = (byte)(left | 0x80);
        target[length++] = (byte)left;
        _end -= MaxVarint - length;
    }

    public void WriteText(string text)
    {
        var length = DataFormat.Utf8.GetByteCount(text);
        WriteNumber(length);
        DataFormat.Utf8.GetBytes(text, Reserve(length));
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _end < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _end + count));
        _end += count;
        return _buffer.AsSpan(_end - count, count);
    }
}
