using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Runstone.Protocol.Tests.Data;

/// <summary>Bytes that look random and are the same everywhere: SHA-256 of 0, 1, 2, ... as 8 bytes, little-endian, one behind the other.</summary>
internal static class SampleBytes
{
    public static byte[] Make(int length, long first = 0)
    {
        var bytes = new byte[(length + 31) / 32 * 32];
        Span<byte> counter = stackalloc byte[8];
        for (var i = 0; i < bytes.Length / 32; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(counter, first + i);
            SHA256.HashData(counter, bytes.AsSpan(i * 32));
        }

        return bytes[..length];
    }
}
