using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Runstone.Protocol;

/// <summary>
/// Writes batches behind each other as the body of a request (docs/formats/metric-batch.md). Keeps its buffer: not safe for use
/// by two threads.
/// </summary>
public sealed class MetricBatchWriter
{
    private const int MaxVarint = 10;

    private byte[] _buffer = new byte[256];
    private int _end;

    /// <summary>The batches since the last <see cref="Clear"/>, valid until the next call of another member.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _end);

    /// <summary>Begins a new body.</summary>
    public void Clear() => _end = 0;

    /// <summary>
    /// Appends a batch. Throws <see cref="ArgumentException"/> when columns differ in length, a key is outside its range, or a text
    /// is not well-formed; limits of size are the server's to check.
    /// </summary>
    public void Add(in MetricBatchColumns batch)
    {
        Check(batch);
        var (start, flags) = (_end, Flags(batch));
        try
        {
            Reserve(MetricBatchFormat.FrameHeaderBytes + 1);
            _end += MetricBatchFormat.FrameHeaderBytes;
            _buffer[_end++] = flags;
            WriteText(batch.RunId);
            WriteText(batch.Source);
            WriteNumber((ulong)batch.Sequence);
            WriteNumber((ulong)batch.Values.Length);
            WriteNumber((ulong)batch.Keys.Count);
            for (var i = 0; i < batch.Keys.Count; i++)
                WriteText(batch.Keys[i]);
            WriteColumns(batch, flags);
            WriteValues(batch.Values);
        }
        catch
        {
            _end = start;
            throw;
        }

        var content = _buffer.AsSpan(start + MetricBatchFormat.FrameHeaderBytes, _end - start - MetricBatchFormat.FrameHeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(start), (uint)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(start + 4), MetricBatchFormat.Checksum(content));
    }

    private static void Check(in MetricBatchColumns batch)
    {
        var count = batch.Values.Length;
        ArgumentOutOfRangeException.ThrowIfZero(count, nameof(batch));
        ArgumentOutOfRangeException.ThrowIfZero(batch.Keys.Count, nameof(batch));
        ArgumentOutOfRangeException.ThrowIfNegative(batch.Sequence, nameof(batch));
        if (batch.Key.Length != count && (batch.Keys.Count > 1 || !batch.Key.IsEmpty))
            throw new ArgumentException($"There are {batch.Key.Length} keys for {count} values.", nameof(batch));
        if ((!batch.Steps.IsEmpty && batch.Steps.Length != count) || (!batch.Micros.IsEmpty && batch.Micros.Length != batch.Steps.Length))
            throw new ArgumentException($"There are {batch.Steps.Length} steps with {batch.Micros.Length} fractions for {count} values.", nameof(batch));
        if (!batch.Times.IsEmpty && batch.Times.Length != count)
            throw new ArgumentException($"There are {batch.Times.Length} times for {count} values.", nameof(batch));
        foreach (var key in batch.Key)
        {
            if ((uint)key >= (uint)batch.Keys.Count)
                throw new ArgumentException($"A point has key {key} of {batch.Keys.Count}.", nameof(batch));
        }

        foreach (var micros in batch.Micros)
        {
            if (micros is < MetricBatchColumns.NoStep or >= MetricBatchFormat.UnsetMicros)
                throw new ArgumentException($"A step has {micros} millionths.", nameof(batch));
        }
    }

    private static byte Flags(in MetricBatchColumns batch)
    {
        var flags = MetricBatchFormat.Version;
        if (batch.Steps.IsEmpty)
            flags |= MetricBatchFormat.NoStepsFlag;
        else if (batch.Micros.ContainsAnyExcept(0))
            flags |= MetricBatchFormat.MicrosFlag;
        if (batch.Times.IsEmpty)
            flags |= MetricBatchFormat.NoTimesFlag;
        return flags;
    }

    private void WriteColumns(in MetricBatchColumns batch, byte flags)
    {
        var lengths = _end;
        var count = batch.Values.Length;
        // The lengths stand before the columns and are known after them; four bytes each are kept free.
        Reserve(4 * sizeof(uint));
        _end += 4 * sizeof(uint);
        var at = _end;
        if (batch.Keys.Count > 1)
        {
            Reserve(count * MaxVarint);
            foreach (var key in batch.Key)
                WriteUnchecked((ulong)key);
        }

        EndColumn(ref lengths, ref at);
        if (!batch.Steps.IsEmpty)
            WriteDeltas(batch.Steps);
        EndColumn(ref lengths, ref at);
        if ((flags & MetricBatchFormat.MicrosFlag) != 0)
        {
            Reserve(count * MaxVarint);
            foreach (var micros in batch.Micros)
                WriteUnchecked(micros < 0 ? MetricBatchFormat.UnsetMicros : (ulong)micros);
        }

        EndColumn(ref lengths, ref at);
        WriteDeltas(batch.Times);
        EndColumn(ref lengths, ref at);
    }

    private void EndColumn(ref int lengths, ref int at)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(lengths), (uint)(_end - at));
        lengths += sizeof(uint);
        at = _end;
    }

    private void WriteDeltas(ReadOnlySpan<long> numbers)
    {
        Reserve(numbers.Length * MaxVarint);
        long previous = 0;
        foreach (var number in numbers)
        {
            WriteUnchecked(MetricBatchFormat.ZigZag(unchecked(number - previous)));
            previous = number;
        }
    }

    private void WriteValues(ReadOnlySpan<double> values)
    {
        Reserve(values.Length * sizeof(double));
        var target = _buffer.AsSpan(_end, values.Length * sizeof(double));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(target);
        }
        else
        {
            for (var i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteDoubleLittleEndian(target[(i * sizeof(double))..], values[i]);
        }

        _end += target.Length;
    }

    private void WriteText(string text)
    {
        var bytes = MetricBatchFormat.Utf8.GetByteCount(text);
        WriteNumber((ulong)bytes);
        Reserve(bytes);
        _end += MetricBatchFormat.Utf8.GetBytes(text, _buffer.AsSpan(_end));
    }

    private void WriteNumber(ulong value)
    {
        Reserve(MaxVarint);
        WriteUnchecked(value);
    }

    private void WriteUnchecked(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer[_end++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_end++] = (byte)value;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _end < bytes)
            Array.Resize(ref _buffer, Math.Max(checked(_end + bytes), (int)Math.Min(Array.MaxLength, _buffer.Length * 2L)));
    }
}
