using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Runstone.Protocol;

/// <summary>
/// Reads the content of one batch (docs/formats/metric-batch.md) without memory of its own: the head when it is made, then all
/// keys, then all points, each in their order. Bytes that are no batch throw <see cref="InvalidDataException"/>, whose message
/// says at which byte of the content.
/// </summary>
public ref struct MetricBatchReader
{
    private readonly ReadOnlySpan<byte> _content;
    private readonly byte _flags;
    private int _keysRead;
    private int _at;
    private int _pointsRead;
    private Cursor _key;
    private Cursor _step;
    private Cursor _fraction;
    private Cursor _timeAt;
    private int _values;
    private long _whole;
    private long _time;

    /// <summary>Reads the head. The content is that of a frame whose checksum was found to be right.</summary>
    public MetricBatchReader(ReadOnlySpan<byte> content)
    {
        _content = content;
        _flags = content.IsEmpty ? (byte)0 : content[0];
        if ((_flags & MetricBatchFormat.VersionMask) != MetricBatchFormat.Version || (_flags & 0x80) != 0)
            throw Damaged(0, $"flags {_flags:x2} are not of version 1");
        if ((_flags & MetricBatchFormat.NoStepsFlag) != 0 && (_flags & MetricBatchFormat.MicrosFlag) != 0)
            throw Damaged(0, "flags announce millionths without steps");
        _at = 1;
        RunId = ReadText();
        Source = ReadText();
        var sequence = ReadNumber();
        Sequence = sequence <= long.MaxValue ? (long)sequence : throw Damaged(_at, "the sequence number is above 2^63 - 1");
        Count = ReadCount("points", MetricBatchFormat.MaxPoints, sizeof(double));
        KeyCount = ReadCount("keys", Count, 1);
    }

    /// <summary>The run, in UTF-8 as it came.</summary>
    public ReadOnlySpan<byte> RunId { get; }

    /// <summary>The source, in UTF-8 as it came.</summary>
    public ReadOnlySpan<byte> Source { get; }

    /// <summary>The number of the batch.</summary>
    public long Sequence { get; }

    /// <summary>Points in the batch, 1 to <see cref="MetricBatchFormat.MaxPoints"/>, no more than its bytes can hold.</summary>
    public int Count { get; }

    /// <summary>Keys in the batch, 1 to <see cref="Count"/>, no more than its bytes can hold.</summary>
    public int KeyCount { get; }

    /// <summary>Whether points have times; when not, the server's clock is meant.</summary>
    public readonly bool HasTimes => (_flags & MetricBatchFormat.NoTimesFlag) == 0;

    /// <summary>The text of a run id, source or key; throws when it is not UTF-8.</summary>
    public static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return MetricBatchFormat.Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("The batch is damaged: a text is not UTF-8.", e);
        }
    }

    /// <summary>The next key, in UTF-8 as it came; to be called <see cref="KeyCount"/> times before the first point is read.</summary>
    public ReadOnlySpan<byte> ReadKey()
    {
        var key = ReadText();
        if (++_keysRead == KeyCount)
            BeginColumns();
        return key;
    }

    /// <summary>
    /// The next point; to be called <see cref="Count"/> times. The step is unset when <paramref name="micros"/> is
    /// <see cref="MetricBatchColumns.NoStep"/>; the time is 0 without <see cref="HasTimes"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(out int key, out long whole, out int micros, out long time, out double value)
    {
        key = 0;
        if (KeyCount > 1)
        {
            var index = _key.Read(_content);
            key = index < (ulong)KeyCount ? (int)index : throw WrongKey(index);
        }

        (whole, micros) = (0, MetricBatchColumns.NoStep);
        if ((_flags & MetricBatchFormat.NoStepsFlag) == 0)
        {
            _whole = unchecked(_whole + MetricBatchFormat.UnZigZag(_step.Read(_content)));
            (whole, micros) = (_whole, 0);
        }

        if ((_flags & MetricBatchFormat.MicrosFlag) != 0)
            micros = ReadMicros();
        if ((_flags & MetricBatchFormat.NoTimesFlag) == 0)
            _time = unchecked(_time + MetricBatchFormat.UnZigZag(_timeAt.Read(_content)));
        time = _time;
        value = BinaryPrimitives.ReadDoubleLittleEndian(_content[_values..]);
        _values += sizeof(double);
        _pointsRead++;
    }

    /// <summary>Throws when a column has bytes left; to be called after the last point.</summary>
    public readonly void End()
    {
        if (_pointsRead != Count)
            throw new InvalidOperationException($"{_pointsRead} of {Count} points were read.");
        if (!_key.IsAtEnd || !_step.IsAtEnd || !_fraction.IsAtEnd || !_timeAt.IsAtEnd)
            throw Damaged(_content.Length, "a column has bytes left over");
    }

    private void BeginColumns()
    {
        var lengths = _at;
        if (_content.Length - _at < 4 * sizeof(uint))
            throw Damaged(_at, "it ends before the lengths of its columns");
        _at += 4 * sizeof(uint);
        _key = Column(lengths);
        _step = Column(lengths + 4);
        _fraction = Column(lengths + 8);
        _timeAt = Column(lengths + 12);
        _values = _at;
        if (_content.Length - _at != Count * sizeof(double))
            throw Damaged(_at, $"{_content.Length - _at} bytes are left for {Count} values");
    }

    private Cursor Column(int lengthAt)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_content[lengthAt..]);
        if (length > _content.Length - _at)
            throw Damaged(lengthAt, $"a column would have {length} bytes");
        var column = new Cursor(_at, _at + (int)length);
        _at += (int)length;
        return column;
    }

    private int ReadMicros()
    {
        var micros = _fraction.Read(_content);
        return micros switch
        {
            < MetricBatchFormat.UnsetMicros => (int)micros,
            MetricBatchFormat.UnsetMicros => MetricBatchColumns.NoStep,
            _ => throw Damaged(_fraction.At, $"point {_pointsRead} has a step with {micros} millionths"),
        };
    }

    private int ReadCount(string what, int most, int leastBytes)
    {
        var start = _at;
        var count = ReadNumber();
        if (count == 0 || count > (ulong)most || (long)count * leastBytes > _content.Length - _at)
            throw Damaged(start, $"it has {count} {what}, where 1 to {Math.Min(most, (_content.Length - _at) / leastBytes)} are possible");
        return (int)count;
    }

    private ReadOnlySpan<byte> ReadText()
    {
        var start = _at;
        var length = ReadNumber();
        if (length > (ulong)(_content.Length - _at))
            throw Damaged(start, $"a text would have {length} bytes");
        var text = _content.Slice(_at, (int)length);
        _at += text.Length;
        return text;
    }

    private ulong ReadNumber()
    {
        var cursor = new Cursor(_at, _content.Length);
        var number = cursor.Read(_content);
        _at = cursor.At;
        return number;
    }

    private readonly InvalidDataException WrongKey(ulong key) => Damaged(_key.At, $"point {_pointsRead} has key {key} of {KeyCount}");

    private static InvalidDataException Damaged(int at, string what) => new($"The batch is damaged at byte {at} of its content: {what}.");

    /// <summary>A place in a column.</summary>
    private struct Cursor(int at, int end)
    {
        public int At = at;

        public readonly bool IsAtEnd => At == end;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Read(ReadOnlySpan<byte> content)
        {
            if (At < end && content[At] < 0x80)
                return content[At++];
            return ReadLong(content);
        }

        private ulong ReadLong(ReadOnlySpan<byte> content)
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (At >= end)
                    throw Damaged(At, "it ends inside a number");
                var b = content[At++];
                if (shift == 63 && b > 1)
                    break;
                value |= (ulong)(b & 0x7F) << shift;
                if (b < 0x80)
                    return value;
            }

            throw Damaged(At, "a number has more than 64 bits");
        }
    }
}
