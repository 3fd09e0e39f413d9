using System.Buffers.Binary;
using System.Text;

namespace Runstone.Protocol.Data;

/// <summary>
/// Reads bytes that may be anything, front to back. What does not fit throws <see cref="InvalidDataException"/> that says at which byte. Numbers have one way to be written, so that
/// what is accepted is what would be written.
/// </summary>
internal ref struct DataReader(ReadOnlySpan<byte> bytes, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; }

    public readonly int Left => _bytes.Length - At;

    public byte ReadByte(string part) => ReadBytes(1, part)[0];

    public int ReadUInt16(string part) => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(sizeof(ushort), part));

    public DataObjectId ReadId(string part) => new(ReadBytes(DataObjectId.Length, part));

    public ReadOnlySpan<byte> ReadBytes(int count, string part)
    {
        if (count > Left)
            throw Damaged(At, $"{part} would have {count} bytes, where {Left} are left");
        var read = _bytes.Slice(At, count);
        At += count;
        return read;
    }

    /// <summary>A varint from least to most.</summary>
    public long ReadNumber(string part, long least, long most)
    {
        var start = At;
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (shift == 63)
                throw Damaged(start, $"{part} is a number of more than 63 bits");
            if (At == _bytes.Length)
                throw Damaged(start, $"it ends inside {part}");
            var b = _bytes[At++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b >= 0x80)
                continue;
            if (b == 0 && shift > 0)
                throw Damaged(start, $"{part} is a number with needless bytes");
            break;
        }

        if ((long)value < least || (long)value > most)
            throw Damaged(start, $"{part} is {value}, where {least} to {most} are possible");
        return (long)value;
    }

    /// <summary>UTF-8 behind its length in bytes.</summary>
    public string ReadText(string part, int least, int most)
    {
        var length = (int)ReadNumber($"the length of {part}", least, most);
        var start = At;
        return Text(ReadBytes(length, part), start, part);
    }

    public readonly string Text(ReadOnlySpan<byte> utf8, int at, string part)
    {
        try
        {
            return DataFormat.Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged(at, $"{part} is not UTF-8");
        }
    }

    public readonly void End()
    {
        if (Left > 0)
            throw Damaged(At, $"{Left} bytes are left over");
    }

    public readonly InvalidDataException Damaged(int at, string problem) => new($"The {what} is damaged at byte {at}: {problem}.");
}
