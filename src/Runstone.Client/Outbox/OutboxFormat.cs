using System.Numerics;
using System.Runtime.InteropServices;

namespace Runstone.Client.Outbox;

/// <summary>What a record of a segment holds. The bytes are described in docs/formats/client-outbox.md.</summary>
internal enum RecordType
{
    /// <summary>Number and name of a metric key, for the points of the same segment.</summary>
    Key = 1,

    /// <summary>A metric point.</summary>
    Point = 2,

    /// <summary>JSON CreateRunRequest; the first record.</summary>
    Create = 3,

    /// <summary>JSON LogRequest with one param, tag, input, the notes or a status.</summary>
    Facts = 4,

    /// <summary>JSON <see cref="OutboxFile"/>.</summary>
    File = 5,

    /// <summary>JSON RunEnvironment.</summary>
    Environment = 6,

    /// <summary>JSON LogRequest with the final status; the last record.</summary>
    End = 7,

    /// <summary>A metric point whose value is an integer that no double holds.</summary>
    Integer = 8,

    /// <summary>JSON AppendConsoleRequest with lines alone.</summary>
    Console = 9,
}

/// <summary>The payload of a <see cref="RecordType.Point"/> or <see cref="RecordType.Integer"/>, as it lies in the file (little-endian).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct PointPayload
{
    public const int Size = 32;

    /// <summary><see cref="Micros"/> of a point without a step.</summary>
    public const int NoStep = -1;

    public uint Key;
    public int Micros;
    public long Step;
    public long Time;
    public double Value;

    /// <summary>The value of a <see cref="RecordType.Integer"/>, which lies in the place of <see cref="Value"/>.</summary>
    public readonly long Whole => BitConverter.DoubleToInt64Bits(Value);

    public static double OfWhole(long value) => BitConverter.Int64BitsToDouble(value);
}

/// <summary>A place in the log of an outbox.</summary>
/// <param name="Segment">Number of the segment file, from 1.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Ordinal">Number of the record that begins there, from 0 over all segments.</param>
internal readonly record struct OutboxPosition(int Segment, long Offset, long Ordinal)
{
    public static readonly OutboxPosition Start = new(1, OutboxFormat.SegmentHeaderBytes, 0);
}

/// <summary>Sizes, offsets and the checksum of the segment format.</summary>
internal static class OutboxFormat
{
    public const int SegmentHeaderBytes = 32;
    public const int RecordHeaderBytes = 16;
    public const int FirstSegmentBytes = 256 * 1024;
    public const int MinSegmentBytes = 64 * 1024;
    public const int MaxSegmentBytes = 1024 * 1024 * 1024;

    /// <summary>"RSOUTBX1", read as a little-endian number.</summary>
    public const ulong Magic = 0x3158_4254_554F_5352;

    /// <summary>Bytes a record takes with its header, a multiple of 8.</summary>
    public static long RecordBytes(int payload) => RecordHeaderBytes + (((long)payload + 7) & ~7L);

    /// <summary>CRC-32C over type, ordinal, payload and length, which keeps zeros from looking like a record.</summary>
    public static uint Checksum(uint type, uint ordinal, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, ((ulong)ordinal << 32) | type);
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var b in payload[(words.Length * 8)..])
            crc = BitOperations.Crc32C(crc, b);
        return ~BitOperations.Crc32C(crc, (uint)payload.Length);
    }

    public static uint HeaderChecksum(ReadOnlySpan<byte> header)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(header[..24]))
            crc = BitOperations.Crc32C(crc, word);
        return ~crc;
    }
}
