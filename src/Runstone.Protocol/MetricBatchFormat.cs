using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Runstone.Protocol;

/// <summary>Names, limits and the frame of metric batches (docs/formats/metric-batch.md).</summary>
public static class MetricBatchFormat
{
    /// <summary>The media type of a body of batches.</summary>
    public const string MediaType = "application/vnd.runstone.batch";

    /// <summary>Bytes before the content of each batch: its length and its checksum.</summary>
    public const int FrameHeaderBytes = 8;

    /// <summary>Bytes that the content of a batch may have.</summary>
    public const int MaxContentBytes = 16 << 20;

    /// <summary>Points that a batch may have.</summary>
    public const int MaxPoints = 262_144;

    /// <summary>Batches that a request may have.</summary>
    public const int MaxBatches = 1024;

    /// <summary>Bytes that the body of a request may have, after a content coding is undone.</summary>
    public const long MaxBodyBytes = 64L << 20;

    internal const byte Version = 1;
    internal const byte VersionMask = 0x0F;
    internal const byte MicrosFlag = 0x10;
    internal const byte NoStepsFlag = 0x20;
    internal const byte NoTimesFlag = 0x40;

    /// <summary>In the column of millionths: the point has no step.</summary>
    internal const int UnsetMicros = 1_000_000;

    internal static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads the header of a frame, <see cref="FrameHeaderBytes"/> long: the bytes of the content that follows, and its checksum.
    /// Throws <see cref="InvalidDataException"/> when the length is 0 or above <see cref="MaxContentBytes"/>.
    /// </summary>
    public static (int Length, uint Checksum) ReadFrame(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length is 0 or > MaxContentBytes)
            throw new InvalidDataException($"The batch is announced with {length} bytes; 1 to {MaxContentBytes} are allowed.");
        return ((int)length, BinaryPrimitives.ReadUInt32LittleEndian(header[4..]));
    }

    /// <summary>CRC-32C (Castagnoli) of the bytes, as RFC 3720 has it.</summary>
    public static uint Checksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var b in content[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
