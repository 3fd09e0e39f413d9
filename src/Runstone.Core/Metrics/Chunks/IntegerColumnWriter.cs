using System.Buffers.Binary;
using System.Numerics;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>Writes a column of integers: docs/formats/metric-chunk.md, "Integers".</summary>
internal sealed class IntegerColumnWriter(SectionWriter sections)
{
    private readonly IntegerModeler _modeler = new();
    private long[] _residuals = [];
    private byte[] _symbols = [];
    private ulong[] _far = [];
    private byte[] _farBytes = [];

    /// <summary>The model that <see cref="Write(ChunkWriter, ReadOnlySpan{long}, IntegerModel)"/> should take.</summary>
    public IntegerModel Choose(ReadOnlySpan<long> numbers) => _modeler.Choose(numbers);

    public void Write(ChunkWriter writer, ReadOnlySpan<long> numbers) => Write(writer, numbers, Choose(numbers));

    /// <summary>Writes one or more numbers.</summary>
    public void Write(ChunkWriter writer, ReadOnlySpan<long> numbers, IntegerModel model)
    {
        writer.Byte((byte)(model.Order + 1));
        if (model.IsLine)
        {
            writer.ZigZag(numbers[0]);
            writer.ZigZag(numbers.Length > 1 ? unchecked(numbers[1] - numbers[0]) : 0);
            return;
        }

        if (_residuals.Length < numbers.Length)
            (_residuals, _symbols) = (new long[numbers.Length], new byte[numbers.Length]);
        var residuals = Difference(writer, numbers, model.Order);
        writer.Byte((byte)model.Shift);
        writer.ZigZag(model.Start);
        WriteSymbols(writer, residuals, model);
        if (model.Shift > 0)
            WriteLowBits(writer, residuals, model);
    }

    /// <summary>Writes the numbers that differences begin with and returns the differences.</summary>
    private Span<long> Difference(ChunkWriter writer, ReadOnlySpan<long> numbers, int order)
    {
        var residuals = _residuals.AsSpan(0, numbers.Length - order);
        if (order == 0)
        {
            numbers.CopyTo(residuals);
            return residuals;
        }

        writer.ZigZag(numbers[0]);
        if (order == 1)
        {
            for (var i = 0; i < residuals.Length; i++)
                residuals[i] = unchecked(numbers[i + 1] - numbers[i]);
            return residuals;
        }

        writer.ZigZag(unchecked(numbers[1] - numbers[0]));
        for (var i = 0; i < residuals.Length; i++)
            residuals[i] = unchecked(numbers[i + 2] - (2 * numbers[i + 1]) + numbers[i]);
        return residuals;
    }

    private void WriteSymbols(ChunkWriter writer, ReadOnlySpan<long> residuals, IntegerModel model)
    {
        var symbols = _symbols.AsSpan(0, residuals.Length);
        var (far, greatest) = (0, 0UL);
        for (var i = 0; i < symbols.Length; i++)
        {
            var distance = unchecked((ulong)(residuals[i] - model.Start));
            var high = distance >> model.Shift;
            if (high < IntegerModel.Escape)
            {
                symbols[i] = (byte)high;
                continue;
            }

            symbols[i] = IntegerModel.Escape;
            Grow(ref _far, far + 1);
            _far[far++] = distance;
            greatest = Math.Max(greatest, distance);
        }

        sections.Write(writer, symbols);
        if (far > 0)
            WriteFar(writer, _far.AsSpan(0, far), greatest);
    }

    /// <summary>All in the width of the greatest; one that recurs costs little, as it does in any width.</summary>
    private void WriteFar(ChunkWriter writer, ReadOnlySpan<ulong> far, ulong greatest)
    {
        var width = ((63 - BitOperations.LeadingZeroCount(greatest)) / 8) + 1;
        writer.Byte((byte)width);
        Grow(ref _farBytes, (far.Length * width) + sizeof(ulong));
        for (var i = 0; i < far.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(_farBytes.AsSpan(i * width), far[i]);
        sections.Write(writer, _farBytes.AsSpan(0, far.Length * width));
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            Array.Resize(ref buffer, Math.Max(length, Math.Max(64, buffer.Length * 2)));
    }

    private static void WriteLowBits(ChunkWriter writer, ReadOnlySpan<long> residuals, IntegerModel model)
    {
        var shift = model.Shift;
        var target = writer.Reserve(((residuals.Length * shift) / 8) + (2 * sizeof(ulong)));
        var mask = (1UL << shift) - 1;
        var (pending, bits, at) = (0UL, 0, 0);
        foreach (var residual in residuals)
        {
            var distance = unchecked((ulong)(residual - model.Start));
            if (distance >> shift >= IntegerModel.Escape)
                continue;
            var low = distance & mask;
            pending |= low << bits;
            bits += shift;
            if (bits < 64)
                continue;
            BinaryPrimitives.WriteUInt64LittleEndian(target[at..], pending);
            at += sizeof(ulong);
            bits -= 64;
            pending = bits == 0 ? 0 : low >> (shift - bits);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(target[at..], pending);
        writer.Advance(at + ((bits + 7) / 8));
    }
}
