namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Reads chunks and packs (docs/formats/metric-chunk.md). Bytes that are none throw <see cref="InvalidDataException"/> and leave
/// what is read into as it was; memory is bounded by the most points a chunk or pack holds. Keeps its buffers: not safe for use by
/// two threads.
/// </summary>
public sealed class ChunkDecoder : IDisposable
{
    private readonly SectionReader _sections = new();
    private readonly SeriesPoints _packed = new();
    private readonly IntegerColumnReader _integers;
    private readonly ValueColumnReader _values;
    private readonly PackValuesReader _packValues;
    private readonly long[] _keys = new long[ChunkEncoder.MaxPackSeries];
    private readonly int[] _counts = new int[ChunkEncoder.MaxPackSeries];
    private long[] _millionths = [];
    private int _series;

    public ChunkDecoder()
    {
        _integers = new IntegerColumnReader(_sections);
        _values = new ValueColumnReader(_sections, _integers);
        _packValues = new PackValuesReader(_values);
    }

    /// <summary>The key ids, ascending, of the pack that was opened last.</summary>
    public ReadOnlySpan<long> OpenedKeys => _keys.AsSpan(0, _series);

    /// <summary>Appends the points of a chunk.</summary>
    public void Decode(ReadOnlySpan<byte> payload, SeriesPoints into)
    {
        var reader = new ChunkReader(payload, ChunkFormat.ChunkKind);
        var count = reader.Count(1, ChunkEncoder.MaxPoints, "points");
        ReadColumns(ref reader, count, into, []);
    }

    /// <summary>Appends the points of one series of a pack; false when the pack lacks it. To read several series, open the pack.</summary>
    public bool DecodePack(ReadOnlySpan<byte> payload, long keyId, SeriesPoints into)
    {
        OpenPack(payload);
        return ReadOpened(keyId, into);
    }

    /// <summary>Decodes a pack and keeps its points for <see cref="ReadOpened"/> until the next pack is decoded.</summary>
    public void OpenPack(ReadOnlySpan<byte> payload)
    {
        _series = 0;
        _packed.Clear();
        var reader = new ChunkReader(payload, ChunkFormat.PackKind);
        var count = ReadSeries(ref reader, out var series);
        ReadColumns(ref reader, count, _packed, _counts.AsSpan(0, series));
        _series = series;
    }

    /// <summary>Appends the points of one series of the pack that was opened last; false when it lacks it.</summary>
    public bool ReadOpened(long keyId, SeriesPoints into)
    {
        var start = 0;
        for (var i = 0; i < _series; i++)
        {
            if (_keys[i] == keyId)
            {
                into.AddRange(_packed, start, _counts[i]);
                return true;
            }

            start += _counts[i];
        }

        return false;
    }

    /// <summary>The key ids of a pack, ascending, without decoding its points. Forgets the pack that was opened.</summary>
    public IReadOnlyList<long> PackKeys(ReadOnlySpan<byte> payload)
    {
        _series = 0;
        _packed.Clear();
        var reader = new ChunkReader(payload, ChunkFormat.PackKind);
        ReadSeries(ref reader, out var series);
        return _keys[..series];
    }

    public void Dispose() => _sections.Dispose();

    private int ReadSeries(ref ChunkReader reader, out int series)
    {
        var group = reader.Varint();
        if (group > long.MaxValue / ChunkEncoder.MaxPackSeries)
            throw ChunkFormat.Damaged("its key ids have more than 63 bits");
        series = reader.Count(1, ChunkEncoder.MaxPackSeries, "series");
        var points = 0;
        for (var i = 0; i < series; i++)
        {
            var id = reader.Byte();
            if (id >= ChunkEncoder.MaxPackSeries)
                throw ChunkFormat.Damaged($"a key has place {id} in its pack");
            _keys[i] = ((long)group * ChunkEncoder.MaxPackSeries) + id;
            if (i > 0 && _keys[i] <= _keys[i - 1])
                throw ChunkFormat.Damaged("its key ids do not ascend");
            _counts[i] = reader.Count(1, ChunkEncoder.MaxPackPoints, "points");
            points += _counts[i];
        }

        return points;
    }

    /// <summary>Appends points; <paramref name="counts"/> are those of the series of a pack.</summary>
    private void ReadColumns(ref ChunkReader reader, int count, SeriesPoints into, ReadOnlySpan<int> counts)
    {
        var done = false;
        var columns = into.Append(count);
        try
        {
            ReadSteps(ref reader, columns.Steps, into);
            _integers.Read(ref reader, columns.Times);
            _integers.Read(ref reader, columns.Ranks);
            if (counts.IsEmpty)
                _values.Read(ref reader, columns.Values);
            else
                _packValues.Read(ref reader, columns.Values, counts);
            reader.End();
            done = true;
        }
        finally
        {
            if (!done)
                into.TakeBack(count);
        }
    }

    private void ReadSteps(ref ChunkReader reader, Span<long> steps, SeriesPoints into)
    {
        var form = reader.Byte();
        if (form > ChunkFormat.WholeStepsAndMillionths)
            throw ChunkFormat.Damaged($"its steps have the form {form}");
        _integers.Read(ref reader, steps);
        if (form == ChunkFormat.WholeSteps)
            return;
        var micros = into.AppendedMicros(steps.Length);
        if (form == ChunkFormat.StepsInMillionths)
        {
            for (var i = 0; i < steps.Length; i++)
            {
                var whole = Math.DivRem(steps[i], ChunkFormat.MillionthsOfOne, out var rest);
                (steps[i], micros[i]) = rest < 0 ? (whole - 1, (int)rest + ChunkFormat.MillionthsOfOne) : (whole, (int)rest);
            }

            return;
        }

        if (_millionths.Length < steps.Length)
            _millionths = new long[steps.Length];
        var millionths = _millionths.AsSpan(0, steps.Length);
        _integers.Read(ref reader, millionths);
        for (var i = 0; i < millionths.Length; i++)
        {
            if (millionths[i] is < 0 or >= ChunkFormat.MillionthsOfOne)
                throw ChunkFormat.Damaged($"a step has {millionths[i]} millionths");
            micros[i] = (int)millionths[i];
        }
    }
}
