using System.Buffers.Binary;
using System.Numerics;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Values as integers of one coding. What is not finite or does not come back bit for bit is a patch: it is left out of the
/// integers and kept by place and bits.
/// </summary>
internal sealed class MappedValues
{
    /// <summary>Values looked at to find out whether a coding is worth trying.</summary>
    private const int Sample = 64;

    /// <summary>With so many digits behind the point any double below 1 is a decimal.</summary>
    private const int ExactDigits = 12;

    private long[] _numbers = [];
    private int[] _places = [];
    private byte[] _bits = [];
    private int _count;

    public ValueCoding Coding { get; private set; }

    public int Exponent { get; private set; }

    public int Patches { get; private set; }

    /// <summary>Zero bits at the end of every number, which <see cref="Numbers"/> lack.</summary>
    public int Zeros { get; private set; }

    public ReadOnlySpan<long> Numbers => _numbers.AsSpan(0, _count);

    /// <summary>Equal for series whose values are better written together: whole numbers, decimals, singles, or doubles.</summary>
    public static int KindOf(ReadOnlySpan<double> values) => FindExponent(values) switch
    {
        0 => 0,
        > 0 and < ExactDigits => 1,
        _ => AreSingles(values) ? 2 : 3,
    };

    /// <summary>Whether all finite values of a sample are singles.</summary>
    private static bool AreSingles(ReadOnlySpan<double> values)
    {
        var sampling = new Sampling(values.Length, Sample);
        for (var i = 0; i < sampling.Count; i++)
        {
            if (!SingleBits.IsExact(values[sampling.Place(i)]))
                return false;
        }

        return true;
    }

    /// <summary>The power of ten by which nearly all finite values of a sample become integers; -1 when there is none.</summary>
    public static int FindExponent(ReadOnlySpan<double> values)
    {
        Span<int> needed = stackalloc int[ValueMap.MaxExponent + 1];
        needed.Clear();
        var (finite, others) = (0, 0);
        var sampling = new Sampling(values.Length, Sample);
        for (var i = 0; i < sampling.Count; i++)
        {
            var value = values[sampling.Place(i)];
            if (!double.IsFinite(value))
                continue;
            finite++;
            if (ExponentOf(value) is var exponent and >= 0)
                needed[exponent]++;
            else if (++others > Sample / 16)
                return -1;
        }

        if (finite == 0 || others > finite / 16)
            return -1;
        var greatest = ValueMap.MaxExponent;
        for (var left = finite / 32; greatest > 0 && needed[greatest] <= left; greatest--)
            left -= needed[greatest];
        return greatest;
    }

    public void MapDoubles(ReadOnlySpan<double> values)
    {
        Begin(ValueCoding.Doubles, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.DoubleToInt64Bits(values[i]);
            if (double.IsFinite(values[i]) && bits != long.MinValue)
                _numbers[_count++] = ValueMap.ToOrdered(bits);
            else
                Patch(i, values[i]);
        }

        DropZeros();
    }

    /// <summary>False, and nothing to be used, when all values have one sign: then the sign needs no place of its own.</summary>
    public bool TryMapMagnitudes(ReadOnlySpan<double> values)
    {
        Begin(ValueCoding.Magnitudes, values.Length);
        var negative = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.DoubleToInt64Bits(values[i]);
            if (!double.IsFinite(values[i]))
            {
                Patch(i, values[i]);
                continue;
            }

            _numbers[_count++] = (bits & long.MaxValue) - ValueMap.One;
            negative += (int)((ulong)bits >> 63);
        }

        if (negative == 0 || negative == _count)
            return false;
        DropZeros();
        var at = 0;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
                _numbers[at] = (_numbers[at++] << 1) | (BitConverter.DoubleToInt64Bits(value) >>> 63);
        }

        return true;
    }

    public void MapDecimals(ReadOnlySpan<double> values, int exponent)
    {
        Begin(ValueCoding.Decimals, values.Length);
        Exponent = exponent;
        var power = ValueMap.PowersOfTen[exponent];
        for (var i = 0; i < values.Length; i++)
        {
            if (TryDecimal(values[i], power, out var number))
                _numbers[_count++] = number;
            else
                Patch(i, values[i]);
        }

        DropZeros();
    }

    /// <summary>Writes where the patches are, as runs, and their bits.</summary>
    public void WritePatches(ChunkWriter writer, SectionWriter sections)
    {
        writer.Varint((ulong)Patches);
        if (Patches == 0)
            return;
        var end = 0;
        for (var i = 0; i < Patches;)
        {
            var start = i++;
            while (i < Patches && _places[i] == _places[i - 1] + 1)
                i++;
            writer.Varint((ulong)(_places[start] - end));
            writer.Varint((ulong)(i - start - 1));
            end = _places[i - 1] + 1;
        }

        sections.Write(writer, _bits.AsSpan(0, Patches * sizeof(double)));
    }

    private static int ExponentOf(double value)
    {
        for (var exponent = 0; exponent <= ValueMap.MaxExponent; exponent++)
        {
            var power = ValueMap.PowersOfTen[exponent];
            if (Math.Abs(value * power) > ValueMap.MaxDecimal)
                return -1;
            if (TryDecimal(value, power, out _))
                return exponent;
        }

        return -1;
    }

    private static bool TryDecimal(double value, double power, out long number)
    {
        var rounded = Math.Round(value * power);
        number = (long)rounded;
        return Math.Abs(rounded) <= ValueMap.MaxDecimal
            && BitConverter.DoubleToInt64Bits(number / power) == BitConverter.DoubleToInt64Bits(value);
    }

    private void Begin(ValueCoding coding, int length)
    {
        (Coding, Exponent, Patches, _count) = (coding, 0, 0, 0);
        if (_numbers.Length < length)
            _numbers = new long[length];
    }

    private void DropZeros()
    {
        var numbers = _numbers.AsSpan(0, _count);
        var any = 0L;
        foreach (var number in numbers)
            any |= number;
        Zeros = any == 0 ? 0 : BitOperations.TrailingZeroCount(any);
        if (Zeros == 0)
            return;
        foreach (ref var number in numbers)
            number >>= Zeros;
    }

    private void Patch(int place, double value)
    {
        if (_places.Length < _numbers.Length)
            (_places, _bits) = (new int[_numbers.Length], new byte[_numbers.Length * sizeof(double)]);
        _places[Patches] = place;
        BinaryPrimitives.WriteDoubleLittleEndian(_bits.AsSpan(Patches * sizeof(double)), value);
        Patches++;
    }
}
