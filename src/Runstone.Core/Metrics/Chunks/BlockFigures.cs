using System.Buffers.Binary;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// The figures of consecutive parts of a series, column by column: of the blocks of a chunk (<see cref="ChunkSummary"/>) or of whole chunks
/// (<see cref="ChunkRollup"/>). The columns have one length.
/// </summary>
public sealed class BlockFigures
{
    private const byte SingleWidth = sizeof(float);
    private const byte DoubleWidth = sizeof(double);

    internal BlockFigures(int length)
    {
        (StepsColumn, TimesColumn) = (new Step[length], new long[length]);
        (CountsColumn, FiniteCountsColumn) = (new int[length], new int[length]);
        (MinColumn, MaxColumn, MeanColumn) = (new double[length], new double[length], new double[length]);
        (FirstColumn, LastColumn) = (new double[length], new double[length]);
    }

    /// <summary>Step of the first point of each part.</summary>
    public ReadOnlySpan<Step> Steps => StepsColumn;

    /// <summary>Time of the first point of each part.</summary>
    public ReadOnlySpan<long> Times => TimesColumn;

    /// <summary>Points of each part.</summary>
    public ReadOnlySpan<int> Counts => CountsColumn;

    /// <summary>Points of each part whose value is finite.</summary>
    public ReadOnlySpan<int> FiniteCounts => FiniteCountsColumn;

    /// <summary>Least finite value; NaN when the part has none, as in <see cref="Max"/> and <see cref="Mean"/>.</summary>
    public ReadOnlySpan<double> Min => MinColumn;

    /// <summary>Greatest finite value.</summary>
    public ReadOnlySpan<double> Max => MaxColumn;

    /// <summary>Arithmetic mean of the finite values, between <see cref="Min"/> and <see cref="Max"/>.</summary>
    public ReadOnlySpan<double> Mean => MeanColumn;

    /// <summary>Value of the first point, whatever it is.</summary>
    public ReadOnlySpan<double> First => FirstColumn;

    /// <summary>Value of the last point, whatever it is.</summary>
    public ReadOnlySpan<double> Last => LastColumn;

    internal Step[] StepsColumn { get; }

    internal long[] TimesColumn { get; }

    internal int[] CountsColumn { get; }

    internal int[] FiniteCountsColumn { get; }

    internal double[] MinColumn { get; }

    internal double[] MaxColumn { get; }

    internal double[] MeanColumn { get; }

    internal double[] FirstColumn { get; }

    internal double[] LastColumn { get; }

    /// <summary>Writes the first <paramref name="count"/> parts, all but the counts of points.</summary>
    internal void Write(ChunkWriter writer, int count)
    {
        WriteSteps(writer, Steps[..count]);
        WriteNumbers(writer, Times[..count]);
        for (var i = 0; i < count; i++)
            writer.Varint((ulong)(Counts[i] - FiniteCounts[i]));
        WriteValues(writer, Min[..count]);
        WriteValues(writer, Max[..count]);
        WriteValues(writer, Mean[..count]);
        WriteValues(writer, First[..count]);
        WriteValues(writer, Last[..count]);
    }

    /// <summary>Reads all parts; <see cref="Counts"/> are known before.</summary>
    internal void Read(ref ChunkReader reader)
    {
        ReadSteps(ref reader, StepsColumn);
        ReadNumbers(ref reader, TimesColumn);
        for (var i = 0; i < Counts.Length; i++)
            FiniteCountsColumn[i] = Counts[i] - reader.Count(0, Counts[i], "values that are not finite");
        ReadValues(ref reader, MinColumn);
        ReadValues(ref reader, MaxColumn);
        ReadValues(ref reader, MeanColumn);
        ReadValues(ref reader, FirstColumn);
        ReadValues(ref reader, LastColumn);
    }

    internal static void WriteSteps(ChunkWriter writer, ReadOnlySpan<Step> steps)
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

    internal static void ReadSteps(ref ChunkReader reader, Span<Step> steps)
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

    internal static void WriteNumbers(ChunkWriter writer, ReadOnlySpan<long> numbers)
    {
        var strides = new Strides();
        foreach (var number in numbers)
            writer.ZigZag(strides.Out(number));
    }

    internal static void ReadNumbers(ref ChunkReader reader, Span<long> numbers)
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
