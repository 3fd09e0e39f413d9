using System.Buffers.Binary;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>Reads a column of integers: docs/formats/metric-chunk.md, "Integers".</summary>
internal sealed class IntegerColumnReader(SectionReader sections)
{
    private byte[] _symbols = [];
    private byte[] _far = [];

    /// <summary>Fills <paramref name="numbers"/>, which are one or more.</summary>
    public void Read(ref ChunkReader reader, Span<long> numbers)
    {
        var order = reader.Byte() - 1;
        if (order < 0)
        {
            ReadLine(ref reader, numbers);
            return;
        }

        if (order > 2 || order >= numbers.Length)
            throw ChunkFormat.Damaged($"a column of {numbers.Length} numbers has the coding {order + 1}");
        if (_symbols.Length < numbers.Length)
            _symbols = new byte[numbers.Length];
        var first = order > 0 ? reader.ZigZag() : 0;
        var stride = order > 1 ? reader.ZigZag() : 0;
        var residuals = numbers[order..];
        ReadResiduals(ref reader, residuals);
        if (order == 0)
            return;
        numbers[0] = first;
        if (order == 1)
        {
            Sum(first, residuals);
            return;
        }

        numbers[1] = unchecked(first + stride);
        SumTwice(numbers[1], stride, residuals);
    }

    private static void ReadLine(ref ChunkReader reader, Span<long> numbers)
    {
        var first = reader.ZigZag();
        var stride = reader.ZigZag();
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = unchecked(first + (i * stride));
    }

    private static void Sum(long number, Span<long> residuals)
    {
        foreach (ref var residual in residuals)
        {
            number = unchecked(number + residual);
            residual = number;
        }
    }

    private static void SumTwice(long number, long stride, Span<long> residuals)
    {
        foreach (ref var residual in residuals)
        {
            stride = unchecked(stride + residual);
            number = unchecked(number + stride);
            residual = number;
        }
    }

    private void ReadResiduals(ref ChunkReader reader, Span<long> residuals)
    {
        int shift = reader.Byte();
        if (shift > IntegerModel.MaxShift)
            throw ChunkFormat.Damaged($"a column has {shift} low bits");
        var start = reader.ZigZag();
        var symbols = _symbols.AsSpan(0, residuals.Length);
        sections.Read(ref reader, symbols);
        var far = symbols.Count(IntegerModel.Escape);
        var distances = ReadFar(ref reader, far, out var width);
        if (shift == 0)
            AddStart(symbols, start, residuals);
        else
            AddLowBits(reader.Bytes((((residuals.Length - far) * shift) + 7) / 8), symbols, shift, start, residuals);
        if (far > 0)
            PlaceFar(distances, width, symbols, start, residuals);
    }

    /// <summary>Reads the far distances, each in the same number of bytes; what is returned has eight more at its end.</summary>
    private ReadOnlySpan<byte> ReadFar(ref ChunkReader reader, int far, out int width)
    {
        width = far == 0 ? 0 : reader.Byte();
        if (far == 0)
            return [];
        if (width is 0 or > sizeof(ulong))
            throw ChunkFormat.Damaged($"its far numbers have {width} bytes");
        var length = far * width;
        if (_far.Length < length + sizeof(ulong))
            _far = new byte[length + sizeof(ulong)];
        sections.Read(ref reader, _far.AsSpan(0, length));
        return _far.AsSpan(0, length + sizeof(ulong));
    }

    private static void AddStart(ReadOnlySpan<byte> symbols, long start, Span<long> residuals)
    {
        for (var i = 0; i < residuals.Length; i++)
            residuals[i] = unchecked(start + symbols[i]);
    }

    /// <summary>Far numbers have no low bits; what stands in their place is written over.</summary>
    private static void AddLowBits(ReadOnlySpan<byte> low, ReadOnlySpan<byte> symbols, int shift, long start, Span<long> residuals)
    {
        var mask = (1UL << shift) - 1;
        var bit = 0;
        var i = 0;
        for (; i < residuals.Length && (bit >> 3) + sizeof(ulong) <= low.Length; i++)
        {
            var bits = (BinaryPrimitives.ReadUInt64LittleEndian(low[(bit >> 3)..]) >> (bit & 7)) & mask;
            residuals[i] = unchecked(start + (long)(((ulong)symbols[i] << shift) | bits));
            bit += symbols[i] == IntegerModel.Escape ? 0 : shift;
        }

        Span<byte> last = stackalloc byte[2 * sizeof(ulong)];
        last.Clear();
        var at = Math.Min(bit >> 3, low.Length);
        low[at..].CopyTo(last);
        for (; i < residuals.Length; i++)
        {
            var bits = (BinaryPrimitives.ReadUInt64LittleEndian(last[((bit >> 3) - at)..]) >> (bit & 7)) & mask;
            residuals[i] = unchecked(start + (long)(((ulong)symbols[i] << shift) | bits));
            bit += symbols[i] == IntegerModel.Escape ? 0 : shift;
        }
    }

    private static void PlaceFar(ReadOnlySpan<byte> far, int width, ReadOnlySpan<byte> symbols, long start, Span<long> residuals)
    {
        var mask = ulong.MaxValue >> (64 - (8 * width));
        var at = 0;
        for (var i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] != IntegerModel.Escape)
            {
                var next = symbols[i..].IndexOf(IntegerModel.Escape);
                if (next < 0)
                    return;
                i += next;
            }

            residuals[i] = unchecked(start + (long)(BinaryPrimitives.ReadUInt64LittleEndian(far[at..]) & mask));
            at += width;
        }
    }
}
