namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Writes chunks, packs and summaries (docs/formats/metric-chunk.md). Keeps its buffers and allocates nothing once they have grown:
/// one instance a writer, not safe for use by two threads.
/// </summary>
public sealed class ChunkEncoder : IDisposable
{
    /// <summary>The most points a chunk holds.</summary>
    public const int MaxPoints = 8192;

    /// <summary>Points of a block of a summary.</summary>
    public const int BlockPoints = 256;

    /// <summary>The most series a pack holds.</summary>
    public const int MaxPackSeries = 64;

    /// <summary>The most points of one series in a pack.</summary>
    public const int MaxPackPoints = 511;

    private readonly ChunkWriter _writer = new();
    private readonly SectionWriter _sections = new();
    private readonly SummaryWriter _summary = new();
    private readonly SeriesPoints _packed = new();
    private readonly IntegerColumnWriter _integers;
    private readonly ValueColumnWriter _values;
    private readonly PackValuesWriter _packValues;
    private readonly int[] _counts = new int[MaxPackSeries];
    private long[] _millionths = [];

    public ChunkEncoder()
    {
        _integers = new IntegerColumnWriter(_sections);
        _values = new ValueColumnWriter(_sections, _integers);
        _packValues = new PackValuesWriter(_values);
    }

    /// <summary>
    /// Encodes 1 to <see cref="MaxPoints"/> points that are in the order of <see cref="SeriesPoints.Compare"/>; the order is not
    /// checked. The spans are valid until the next call.
    /// </summary>
    public EncodedChunk Encode(SeriesPoints points, int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxPoints);
        var summary = _summary.Write(points, start, count);
        _writer.Begin(ChunkFormat.ChunkKind);
        _writer.Varint((ulong)count);
        WriteSteps(points, start, count);
        _integers.Write(_writer, points.Times.Slice(start, count));
        _integers.Write(_writer, points.Ranks.Slice(start, count));
        _values.Write(_writer, points.Values.Slice(start, count));
        return new EncodedChunk(_writer.End(), summary);
    }

    /// <summary>
    /// Encodes 1 to <see cref="MaxPackSeries"/> series of 1 to <see cref="MaxPackPoints"/> sorted points each, whose key ids ascend
    /// and agree but for their last six bits. The span is valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> EncodePack(IReadOnlyList<(long KeyId, SeriesPoints Points)> series)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(series.Count, 1, nameof(series));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(series.Count, MaxPackSeries, nameof(series));
        var group = series[0].KeyId & -MaxPackSeries;
        _packed.Clear();
        _writer.Begin(ChunkFormat.PackKind);
        _writer.Varint((ulong)group / MaxPackSeries);
        _writer.Varint((ulong)series.Count);
        var previous = group - 1;
        for (var i = 0; i < series.Count; i++)
        {
            var (id, points) = series[i];
            if (group < 0 || id <= previous || id >= group + MaxPackSeries)
                throw new ArgumentException($"Key id {id} does not belong behind {previous} into the pack of the ids from {group} on.", nameof(series));
            if (points.Count is < 1 or > MaxPackPoints)
                throw new ArgumentException($"The series with the key id {id} has {points.Count} points; 1 to {MaxPackPoints} fit a pack.", nameof(series));
            _writer.Byte((byte)(id - group));
            _writer.Varint((ulong)points.Count);
            _packed.AddRange(points, 0, points.Count);
            _counts[i] = points.Count;
            previous = id;
        }

        WriteSteps(_packed, 0, _packed.Count);
        _integers.Write(_writer, _packed.Times);
        _integers.Write(_writer, _packed.Ranks);
        _packValues.Write(_writer, _packed.Values, _counts.AsSpan(0, series.Count));
        return _writer.End();
    }

    public void Dispose() => _sections.Dispose();

    /// <summary>Fractions that follow a pace are cheap only when the pace goes through whole and fraction, so both are one number where it fits.</summary>
    private void WriteSteps(SeriesPoints points, int start, int count)
    {
        var steps = points.Steps.Slice(start, count);
        var micros = points.Micros.IsEmpty ? [] : points.Micros.Slice(start, count);
        if (!micros.ContainsAnyExcept(0))
        {
            _writer.Byte(ChunkFormat.WholeSteps);
            _integers.Write(_writer, steps);
            return;
        }

        if (_millionths.Length < count)
            _millionths = new long[count];
        var together = Together(steps);
        for (var i = 0; i < count; i++)
            _millionths[i] = micros[i] + (together ? steps[i] * ChunkFormat.MillionthsOfOne : 0);
        _writer.Byte(together ? ChunkFormat.StepsInMillionths : ChunkFormat.WholeStepsAndMillionths);
        if (!together)
            _integers.Write(_writer, steps);
        _integers.Write(_writer, _millionths.AsSpan(0, count));
    }

    private static bool Together(ReadOnlySpan<long> steps)
    {
        const long Limit = (long.MaxValue / ChunkFormat.MillionthsOfOne) - 1;
        foreach (var step in steps)
        {
            if (step is > Limit or < -Limit)
                return false;
        }

        return true;
    }
}

/// <summary>A chunk and its summary, valid until the encoder is used again.</summary>
public readonly ref struct EncodedChunk
{
    internal EncodedChunk(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> summary)
    {
        Payload = payload;
        Summary = summary;
    }

    /// <summary>What <see cref="ChunkDecoder.Decode"/> reads.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>What <see cref="ChunkSummary.Read"/> reads.</summary>
    public ReadOnlySpan<byte> Summary { get; }
}
