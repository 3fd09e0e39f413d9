using System.Numerics;

namespace Runstone.Codecs.Contenders;

/// <summary>The values of T. Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015, section 4.1.2.</summary>
internal sealed class Gorilla : ICoding
{
    public string Name => "Gorilla";

    public int Encode(ReadOnlySpan<double> values, byte[] into)
    {
        var bits = new BitWriter(into);
        var (previous, leading, length) = (0UL, 0, 0);
        foreach (var value in values)
        {
            var word = BitConverter.DoubleToUInt64Bits(value);
            var xor = word ^ previous;
            previous = word;
            if (xor == 0)
            {
                bits.Write(0, 1);
                continue;
            }

            var zeros = Math.Min(31, BitOperations.LeadingZeroCount(xor));
            var trailing = BitOperations.TrailingZeroCount(xor);
            if (length > 0 && zeros >= leading && trailing >= 64 - leading - length)
            {
                bits.Write(1, 2);
            }
            else
            {
                (leading, length) = (zeros, 64 - zeros - trailing);
                bits.Write(3, 2);
                bits.Write((ulong)leading, 5);
                bits.Write((ulong)(length - 1), 6);
            }

            bits.Write(xor >> (64 - leading - length), length);
        }

        return bits.End();
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        var bits = new BitReader(bytes);
        var (word, leading, length) = (0UL, 0, 0);
        foreach (ref var value in values)
        {
            if (bits.Read(1) != 0)
            {
                if (bits.Read(1) != 0)
                    (leading, length) = ((int)bits.Read(5), (int)bits.Read(6) + 1);
                word ^= bits.Read(length) << (64 - leading - length);
            }

            value = BitConverter.UInt64BitsToDouble(word);
        }
    }
}
