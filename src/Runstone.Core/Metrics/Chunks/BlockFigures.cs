using System.Buffers.Binary;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// The figures of consecutive parts of a series, column by column: blocks of a chunk or whole chunks. Least, greatest and mean are
/// over finite values, NaN where there are none.
/// </summary>
internal sealed class BlockFigures(int length)
{
    private const byte SingleWidth = sizeof(float);
    private const byte DoubleWidth = sizeof(double);

    public Step[] Steps { get; } = new Step[length];

    public long[] Times { get; } = new long[length];

    public int[] Counts { get; } = new int[length];

    public int[] FiniteCounts { get; } = new int[length];

    public double[] Min { get; } = new double[length];

    public double[] Max { get; } = new double[length];

    public double[] Mean { get; } = new double[length];

    public double[] First { get; } = new double[length];

    public double[] Last { get; } = new double[length];

    /// <summary>Writes the first <paramref name="count"/> parts, all but the counts of points.</summary>
    public void Write(ChunkWriter writer, int count)
    {
        WriteSteps(writer, Steps.AsSpan(0, count));
        WriteNumbers(writer, Times.AsSpan(0, count));
        for (var i = 0; i < count; i++)
            writer.Varint((ulong)(Counts[i] - FiniteCounts[i]));
        WriteValues(writer, Min.AsSpan(0, count));
        WriteValues(writer, Max.AsSpan(0, count));
        WriteValues(writer, Mean.AsSpan(0, count));
        WriteValues(writer, First.AsSpan(0, count));
        WriteValues(writer, Last.AsSpan(0, count));
    }

    /// <summary>Reads all parts; <see cref="Counts"/> are known before.</summary>
    public void Read(ref ChunkReader reader)
    {
        ReadSteps(ref reader, Steps);
        ReadNumbers(ref reader, Times);
        for (var i = 0; i < Counts.Length; i++)
            FiniteCounts[i] = Counts[i] - reader.Count(0, Counts[i], "values that are not finite");
        ReadValues(ref reader, Min);
        ReadValues(ref reader, Max);
        ReadValues(ref reader, Mean);
        ReadValues(ref reader, First);
        ReadValues(ref reader, Last);
    }

    public static void WriteSteps(ChunkWriter writer, ReadOnlySpan<Step> steps)
    {
        var numbers = new Strides();
        var micros = 0;
        foreach (var step in steps)
        {
            writer.ZigZag(numbers.Out(step.Whole));
            micros |= step.Micros;
        }

        writer.Byte(micros == 0 ? (byte)0 : (byte)1);
        if (micros == 0)
            return;
        foreach (var step in steps)
            writer.Varint((ulong)step.Micros);
    }

    public static void ReadSteps(ref ChunkReader reader, Span<Step> steps)
    {
        var numbers = new Strides();
        foreach (ref var step in steps)
            step = new Step(numbers.In(reader.ZigZag()));
        if (reader.Byte() is var form && form > 1)
            throw ChunkFormat.Damaged($"its steps have the form {form}");
        if (form == 0)
            return;
        foreach (ref var step in steps)
            step = step with { Micros = reader.Count(0, ChunkFormat.MillionthsOfOne - 1, "millionths") };
    }

    public static void WriteNumbers(ChunkWriter writer, ReadOnlySpan<long> numbers)
    {
        var strides = new Strides();
        foreach (var number in numbers)
            writer.ZigZag(strides.Out(number));
    }

    public static void ReadNumbers(ref ChunkReader reader, Span<long> numbers)
    {
        var strides = new Strides();
        foreach (ref var number in numbers)
            number = strides.In(reader.ZigZag());
    }

    /// <summary>Four bytes each when all values are, bit for bit, singles.</summary>
    private static void WriteValues(ChunkWriter writer, ReadOnlySpan<double> values)
    {
        var single = true;
        foreach (var value in values)
            single &= SingleBits.IsExact(value);
        writer.Byte(single ? SingleWidth : DoubleWidth);
        foreach (var value in values)
        {
            if (single)
                writer.UInt32(SingleBits.Narrow(value));
            else
                writer.Double(value);
        }
    }

    private static void ReadValues(ref ChunkReader reader, Span<double> values)
    {
        var width = reader.Byte();
        if (width is not (SingleWidth or DoubleWidth))
            throw ChunkFormat.Damaged($"values of {width} bytes");
        var bytes = reader.Bytes(values.Length * width);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = width == SingleWidth
                ? SingleBits.Widen(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * SingleWidth)..]))
                : BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * DoubleWidth)..]);
        }
    }

    /// <summary>The first number as it is, the second as its distance, each further one as the change of that distance.</summary>
    private struct Strides
    {
        private long _number;
        private long _stride;
        private int _seen;

        public long Out(long number)
        {
            var change = unchecked(number - _number - _stride);
            Next(number);
            return change;
        }

        public long In(long change)
        {
            var number = unchecked(_number + _stride + change);
            Next(number);
            return number;
        }

        private void Next(long number)
        {
            if (_seen++ > 0)
                _stride = unchecked(number - _number);
            _number = number;
        }
    }
}
