using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>Reads a column of values: docs/formats/metric-chunk.md, "Values".</summary>
internal sealed class ValueColumnReader(SectionReader sections, IntegerColumnReader integers)
{
    private double[] _distinct = [];
    private int[] _runs = [];
    private byte[] _bits = [];

    /// <summary>Fills <paramref name="values"/>, which are one or more.</summary>
    public void Read(ref ChunkReader reader, Span<double> values)
    {
        var coding = (ValueCoding)reader.Byte();
        if (coding == ValueCoding.Dictionary)
            ReadDictionary(ref reader, values);
        else
            ReadMapped(ref reader, coding, values);
    }

    private void ReadDictionary(ref ChunkReader reader, Span<double> values)
    {
        var distinct = reader.Count(1, values.Length, "distinct values");
        if (_distinct.Length < distinct)
            _distinct = new double[distinct];
        var dictionary = _distinct.AsSpan(0, distinct);
        ReadMapped(ref reader, (ValueCoding)reader.Byte(), dictionary);
        var indexes = MemoryMarshal.Cast<double, long>(values);
        integers.Read(ref reader, indexes);
        for (var i = 0; i < values.Length; i++)
        {
            if ((ulong)indexes[i] >= (ulong)dictionary.Length)
                throw ChunkFormat.Damaged($"a value is number {indexes[i]} of {distinct}");
            values[i] = dictionary[(int)indexes[i]];
        }
    }

    private void ReadMapped(ref ChunkReader reader, ValueCoding coding, Span<double> values)
    {
        if (coding > ValueCoding.Decimals)
            throw ChunkFormat.Damaged($"its values have the coding {(byte)coding}");
        var exponent = coding == ValueCoding.Decimals ? reader.Byte() : 0;
        if (exponent > ValueMap.MaxExponent)
            throw ChunkFormat.Damaged($"its values have {exponent} decimal digits");
        var patches = reader.Count(0, values.Length, "values apart");
        var runs = patches == 0 ? 0 : ReadPatches(ref reader, patches, values.Length);
        var mapped = values[..^patches];
        if (!mapped.IsEmpty)
        {
            int zeros = reader.Byte();
            if (zeros > 63)
                throw ChunkFormat.Damaged($"its values end with {zeros} zero bits");
            // The integers are read into the place of the values that they become.
            integers.Read(ref reader, MemoryMarshal.Cast<double, long>(mapped));
            Unmap(mapped, coding, exponent, zeros);
        }

        if (patches > 0)
            Patch(values, patches, runs);
    }

    private static void Unmap(Span<double> values, ValueCoding coding, int exponent, int zeros)
    {
        var numbers = MemoryMarshal.Cast<double, long>(values);
        switch (coding)
        {
            case ValueCoding.Doubles:
                for (var i = 0; i < numbers.Length; i++)
                    numbers[i] = ValueMap.FromOrdered(numbers[i] << zeros);
                return;
            case ValueCoding.Magnitudes:
                for (var i = 0; i < numbers.Length; i++)
                    numbers[i] = unchecked((((numbers[i] >> 1) << zeros) + ValueMap.One) & long.MaxValue) | (numbers[i] << 63);
                return;
            default:
                var power = ValueMap.PowersOfTen[exponent];
                for (var i = 0; i < numbers.Length; i++)
                    values[i] = (numbers[i] << zeros) / power;
                return;
        }
    }

    /// <summary>Reads where values stand apart, as places where runs begin and end, and their bits.</summary>
    private int ReadPatches(ref ChunkReader reader, int patches, int count)
    {
        if (_runs.Length < 2 * patches)
            (_runs, _bits) = (new int[2 * patches], new byte[patches * sizeof(double)]);
        var (runs, end, left) = (0, 0, patches);
        while (left > 0)
        {
            var start = end + reader.Count(0, count - end - 1, "values between those apart");
            var length = 1 + reader.Count(0, Math.Min(left, count - start) - 1, "values apart");
            end = start + length;
            left -= length;
            (_runs[2 * runs], _runs[(2 * runs) + 1]) = (start, end);
            runs++;
        }

        sections.Read(ref reader, _bits.AsSpan(0, patches * sizeof(double)));
        return runs;
    }

    /// <summary>Moves the values behind each run to their places, from the end, and puts in those of the run.</summary>
    private void Patch(Span<double> values, int patches, int runs)
    {
        var (to, mapped, patch) = (values.Length, values.Length - patches, patches);
        for (var run = runs - 1; run >= 0; run--)
        {
            var (start, end) = (_runs[2 * run], _runs[(2 * run) + 1]);
            var behind = to - end;
            mapped -= behind;
            values.Slice(mapped, behind).CopyTo(values[end..]);
            for (to = end; to > start; to--)
                values[to - 1] = BinaryPrimitives.ReadDoubleLittleEndian(_bits.AsSpan(--patch * sizeof(double)));
        }
    }
}
