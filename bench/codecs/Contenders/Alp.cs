using System.Numerics;
using System.Runtime.InteropServices;

namespace Runstone.Codecs.Contenders;

/// <summary>
/// A. Afroozeh, L. Kuffó, P. Boncz, "ALP: Adaptive Lossless floating-Point Compression", SIGMOD 2024: vectors of 1,024 values as
/// decimal integers with a frame of reference, or as a dictionary of upper bits and packed lower bits (ALP-RD).
/// One pair of exponents is chosen for each vector from 32 of its values.
/// </summary>
internal sealed class Alp : ICoding
{
    private const int VectorLength = 1024;
    private const int MaxExponent = 18;
    private const int MaxLeftBits = 16;
    private const double RoundBySum = (1L << 51) + (1L << 52);

    private static readonly double[] Up = [.. Enumerable.Range(0, MaxExponent + 1).Select(e => double.Parse($"1e{e}", System.Globalization.CultureInfo.InvariantCulture))];
    private static readonly double[] Down = [.. Enumerable.Range(0, MaxExponent + 1).Select(e => double.Parse($"1e-{e}", System.Globalization.CultureInfo.InvariantCulture))];

    private readonly long[] _numbers = new long[VectorLength];

    public string Name => "ALP, ALP-RD";

    public int Encode(ReadOnlySpan<double> values, byte[] into)
    {
        var at = 0;
        for (; !values.IsEmpty; values = values[Math.Min(VectorLength, values.Length)..])
        {
            var vector = values[..Math.Min(VectorLength, values.Length)];
            var (e, f, bits) = ChooseExponents(vector);
            at += bits < 48 ? EncodeDecimal(vector, e, f, into.AsSpan(at)) : EncodeReal(vector, into.AsSpan(at));
        }

        return at;
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        for (; !values.IsEmpty; values = values[Math.Min(VectorLength, values.Length)..])
        {
            var vector = values[..Math.Min(VectorLength, values.Length)];
            bytes = bytes[(bytes[0] == byte.MaxValue ? DecodeReal(bytes, vector) : DecodeDecimal(bytes, vector))..];
        }
    }

    private static (int E, int F, double Bits) ChooseExponents(ReadOnlySpan<double> vector)
    {
        var best = (E: 0, F: 0, Bits: double.MaxValue);
        var pace = Math.Max(1, vector.Length / 32);
        for (var e = 0; e <= MaxExponent; e++)
        {
            for (var f = 0; f <= e; f++)
            {
                var (min, max, exceptions, seen) = (long.MaxValue, long.MinValue, 0, 0);
                for (var i = 0; i < vector.Length; i += pace, seen++)
                {
                    if (TryDecimal(vector[i], e, f, out var number))
                        (min, max) = (Math.Min(min, number), Math.Max(max, number));
                    else
                        exceptions++;
                }

                var width = exceptions == seen ? 64 : 64 - BitOperations.LeadingZeroCount((ulong)(max - min));
                var bits = width + (80.0 * exceptions / seen);
                if (bits < best.Bits)
                    best = (e, f, bits);
            }
        }

        return best;
    }

    private static bool TryDecimal(double value, int e, int f, out long number)
    {
        var scaled = value * Up[e] * Down[f];
        number = 0;
        if (!(Math.Abs(scaled) < 1L << 51))
            return false;
        number = (long)(scaled + RoundBySum - RoundBySum);
        return BitConverter.DoubleToInt64Bits(number * Up[f] * Down[e]) == BitConverter.DoubleToInt64Bits(value);
    }

    private int EncodeDecimal(ReadOnlySpan<double> vector, int e, int f, Span<byte> into)
    {
        Span<short> exceptions = stackalloc short[VectorLength];
        var (count, min, max, any) = (0, long.MaxValue, long.MinValue, 0L);
        for (var i = 0; i < vector.Length; i++)
        {
            if (!TryDecimal(vector[i], e, f, out _numbers[i]))
            {
                exceptions[count++] = (short)i;
                continue;
            }

            (min, max, any) = (Math.Min(min, _numbers[i]), Math.Max(max, _numbers[i]), _numbers[i]);
        }

        foreach (var i in exceptions[..count])
            _numbers[i] = any;
        if (count == vector.Length)
            min = max = 0;
        var width = 64 - BitOperations.LeadingZeroCount((ulong)(max - min));
        (into[0], into[1], into[2]) = ((byte)e, (byte)f, (byte)width);
        MemoryMarshal.Write(into[3..], count);
        MemoryMarshal.Write(into[7..], min);
        var at = 15;
        foreach (var i in exceptions[..count])
        {
            MemoryMarshal.Write(into[at..], i);
            MemoryMarshal.Write(into[(at + 2)..], vector[i]);
            at += 10;
        }

        var bits = new BitWriter(into[at..]);
        for (var i = 0; i < vector.Length; i++)
            bits.Write((ulong)(_numbers[i] - min), width);
        return at + bits.End();
    }

    private static int DecodeDecimal(ReadOnlySpan<byte> bytes, Span<double> vector)
    {
        var (up, down, width) = (Up[bytes[1]], Down[bytes[0]], bytes[2]);
        var count = MemoryMarshal.Read<int>(bytes[3..]);
        var min = MemoryMarshal.Read<long>(bytes[7..]);
        var packed = 15 + (count * 10);
        var bits = new BitReader(bytes[packed..]);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (min + (long)bits.Read(width)) * up * down;
        for (var i = 0; i < count; i++)
            vector[MemoryMarshal.Read<short>(bytes[(15 + (i * 10))..])] = MemoryMarshal.Read<double>(bytes[(17 + (i * 10))..]);
        return packed + (((vector.Length * width) + 7) / 8);
    }

    private static int EncodeReal(ReadOnlySpan<double> vector, Span<byte> into)
    {
        var (bestRight, best, bestLeft) = (48, double.MaxValue, Array.Empty<ulong>());
        for (var right = 64 - MaxLeftBits; right < 64; right++)
        {
            var counts = new Dictionary<ulong, int>();
            for (var i = 0; i < vector.Length; i += Math.Max(1, vector.Length / 256))
                counts[BitConverter.DoubleToUInt64Bits(vector[i]) >> right] = counts.GetValueOrDefault(BitConverter.DoubleToUInt64Bits(vector[i]) >> right) + 1;
            var left = counts.OrderByDescending(c => c.Value).Take(8).ToArray();
            var seen = counts.Values.Sum();
            var bits = right + Width(left.Length) + (32.0 * (seen - left.Sum(l => l.Value)) / seen);
            if (bits < best)
                (bestRight, best, bestLeft) = (right, bits, [.. left.Select(l => l.Key)]);
        }

        (into[0], into[1], into[2]) = (byte.MaxValue, (byte)bestRight, (byte)bestLeft.Length);
        var at = 7;
        foreach (var left in bestLeft)
        {
            MemoryMarshal.Write(into[at..], (ushort)left);
            at += 2;
        }

        var count = 0;
        for (var i = 0; i < vector.Length; i++)
        {
            var left = BitConverter.DoubleToUInt64Bits(vector[i]) >> bestRight;
            if (Array.IndexOf(bestLeft, left) >= 0)
                continue;
            MemoryMarshal.Write(into[at..], (short)i);
            MemoryMarshal.Write(into[(at + 2)..], (ushort)left);
            at += 4;
            count++;
        }

        MemoryMarshal.Write(into[3..], count);
        var bits2 = new BitWriter(into[at..]);
        var width = Width(bestLeft.Length);
        foreach (var value in vector)
        {
            var word = BitConverter.DoubleToUInt64Bits(value);
            bits2.Write((ulong)Math.Max(0, Array.IndexOf(bestLeft, word >> bestRight)), width);
            bits2.Write(word, bestRight);
        }

        return at + bits2.End();
    }

    private static int DecodeReal(ReadOnlySpan<byte> bytes, Span<double> vector)
    {
        var (right, entries) = (bytes[1], bytes[2]);
        var count = MemoryMarshal.Read<int>(bytes[3..]);
        var left = MemoryMarshal.Cast<byte, ushort>(bytes.Slice(7, entries * 2));
        var exceptions = 7 + (entries * 2);
        var packed = exceptions + (count * 4);
        var bits = new BitReader(bytes[packed..]);
        var width = Width(entries);
        for (var i = 0; i < vector.Length; i++)
        {
            var upper = (ulong)left[(int)bits.Read(width)] << right;
            vector[i] = BitConverter.UInt64BitsToDouble(upper | bits.Read(right));
        }

        for (var i = 0; i < count; i++)
        {
            ref var value = ref vector[MemoryMarshal.Read<short>(bytes[(exceptions + (i * 4))..])];
            var lower = BitConverter.DoubleToUInt64Bits(value) & ((1UL << right) - 1);
            value = BitConverter.UInt64BitsToDouble(((ulong)MemoryMarshal.Read<ushort>(bytes[(exceptions + 2 + (i * 4))..]) << right) | lower);
        }

        return packed + (((vector.Length * (right + width)) + 7) / 8);
    }

    private static int Width(int entries) => entries <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount((uint)(entries - 1));
}
