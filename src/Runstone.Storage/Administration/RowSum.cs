using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Runstone.Storage.Administration;

/// <summary>
/// The number of rows of a set and a sum that says whether two sets have the same rows, in whatever order: the SHA-256 of each
/// row's values, added as four numbers of 64 bits (docs/formats/backup.md).
/// </summary>
internal record struct RowSum(long Count, ulong A, ulong B, ulong C, ulong D)
{
    private const byte Null = 0;
    private const byte Integer = 1;
    private const byte Number = 2;
    private const byte Characters = 3;
    private const byte Bytes = 4;

    public readonly string Hash => string.Create(CultureInfo.InvariantCulture, $"{A:x16}{B:x16}{C:x16}{D:x16}");

    public void Add(ReadOnlySpan<object?> values)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        foreach (var value in values)
            Write(writer, value);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.WrittenSpan, hash);
        Count++;
        unchecked
        {
            A += BinaryPrimitives.ReadUInt64BigEndian(hash);
            B += BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
            C += BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
            D += BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
        }
    }

    public void Add(RowSum other)
    {
        Count += other.Count;
        unchecked
        {
            A += other.A;
            B += other.B;
            C += other.C;
            D += other.D;
        }
    }

    private static void Write(ArrayBufferWriter<byte> writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Write([Null]);
                break;
            case long number:
                WriteNumber(writer, Integer, number);
                break;
            case double number:
                // Engines do not keep the sign of zero.
                WriteNumber(writer, Number, BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number));
                break;
            case string text:
                WriteNumber(writer, Characters, Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, writer);
                break;
            case byte[] bytes:
                WriteNumber(writer, Bytes, bytes.Length);
                writer.Write(bytes);
                break;
            default:
                throw new InvalidOperationException($"A {value.GetType().Name} is no value of a row.");
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> writer, byte kind, long number)
    {
        var span = writer.GetSpan(9);
        span[0] = kind;
        BinaryPrimitives.WriteInt64BigEndian(span[1..], number);
        writer.Advance(9);
    }
}
