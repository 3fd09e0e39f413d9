using System.Numerics;

namespace Runstone.Codecs.Contenders;

/// <summary>P. Liakos, K. Papakonstantinopoulou, Y. Kotidis, "Chimp: Efficient Lossless Floating Point Compression for Time Series Databases", VLDB 2022; 128 values back.</summary>
internal sealed class Chimp128 : ICoding
{
    private const int Back = 128;
    private const int BackBits = 7;
    private const int Threshold = 6 + BackBits;
    private const int KeyBits = Threshold + 1;

    private static readonly int[] Rounded = [0, 8, 12, 16, 18, 20, 22, 24];

    private readonly int[] _lastWith = new int[1 << KeyBits];

    public string Name => "Chimp128";

    public int Encode(ReadOnlySpan<double> values, byte[] into)
    {
        _lastWith.AsSpan().Fill(-Back);
        var bits = new BitWriter(into);
        var leadingBefore = -1;
        for (var i = 0; i < values.Length; i++)
        {
            var word = BitConverter.DoubleToUInt64Bits(values[i]);
            var key = (int)(word & ((1 << KeyBits) - 1));
            if (i == 0)
                bits.Write(word, 64);
            else
                WriteNext(ref bits, values, i, word, key, ref leadingBefore);
            _lastWith[key] = i;
        }

        return bits.End();
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        var bits = new BitReader(bytes);
        var leading = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (i == 0)
            {
                values[0] = BitConverter.UInt64BitsToDouble(bits.Read(64));
                continue;
            }

            var previous = BitConverter.DoubleToUInt64Bits(values[i - 1]);
            switch (bits.Read(2))
            {
                case 0:
                    values[i] = values[i - (int)bits.Read(BackBits) - 1];
                    continue;
                case 1:
                    var reference = BitConverter.DoubleToUInt64Bits(values[i - (int)bits.Read(BackBits) - 1]);
                    var zeros = Rounded[bits.Read(3)];
                    var length = (int)bits.Read(6) + 1;
                    values[i] = BitConverter.UInt64BitsToDouble(reference ^ (bits.Read(length) << (64 - zeros - length)));
                    leading = zeros;
                    continue;
                case 2:
                    break;
                default:
                    leading = Rounded[bits.Read(3)];
                    break;
            }

            values[i] = BitConverter.UInt64BitsToDouble(previous ^ bits.Read(64 - leading));
        }
    }

    private void WriteNext(ref BitWriter bits, ReadOnlySpan<double> values, int i, ulong word, int key, ref int leadingBefore)
    {
        var candidate = _lastWith[key];
        var near = i - candidate <= Back && candidate >= 0;
        var xor = near ? word ^ BitConverter.DoubleToUInt64Bits(values[candidate]) : 1;
        var trailing = BitOperations.TrailingZeroCount(xor);
        if (near && (xor == 0 || trailing > Threshold))
        {
            bits.Write(xor == 0 ? 0UL : 1UL, 2);
            bits.Write((ulong)(i - candidate - 1), BackBits);
            if (xor == 0)
                return;
            var zeros = Round(xor);
            var length = 64 - Rounded[zeros] - trailing;
            bits.Write((ulong)zeros, 3);
            bits.Write((ulong)(length - 1), 6);
            bits.Write(xor >> trailing, length);
            leadingBefore = zeros;
            return;
        }

        xor = word ^ BitConverter.DoubleToUInt64Bits(values[i - 1]);
        var leading = Round(xor);
        bits.Write(leading == leadingBefore ? 2UL : 3UL, 2);
        if (leading != leadingBefore)
            bits.Write((ulong)leading, 3);
        bits.Write(xor, 64 - Rounded[leading]);
        leadingBefore = leading;
    }

    private static int Round(ulong xor)
    {
        var zeros = BitOperations.LeadingZeroCount(xor);
        var index = Rounded.Length - 1;
        while (Rounded[index] > zeros)
            index--;
        return index;
    }
}
