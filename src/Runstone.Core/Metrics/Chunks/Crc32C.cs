using System.Buffers.Binary;
using System.Numerics;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>CRC-32C (Castagnoli, RFC 3720): one instruction for eight bytes where the processor has it.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
