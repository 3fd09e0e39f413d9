namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// The figures of up to 256 consecutive chunks of a series, an entry a chunk (docs/formats/metric-chunk.md). Does not change; safe
/// for use by many threads.
/// </summary>
public sealed class ChunkRollup
{
    /// <summary>The most chunks a rollup holds.</summary>
    public const int MaxChunks = 256;

    private readonly long[] _nos;
    private readonly Step[] _lastSteps;
    private readonly long[] _lastTimes;
    private readonly long[] _timeMin;
    private readonly long[] _timeMax;
    private readonly long[] _rankMin;
    private readonly long[] _rankMax;
    private readonly bool[] _timesAscend;

    private ChunkRollup(int chunks)
    {
        Figures = new BlockFigures(chunks);
        _lastSteps = new Step[chunks];
        _timesAscend = new bool[chunks];
        (_nos, _lastTimes, _timeMin) = (new long[chunks], new long[chunks], new long[chunks]);
        (_timeMax, _rankMin, _rankMax) = (new long[chunks], new long[chunks], new long[chunks]);
    }

    /// <summary>Chunks told of; the spans have this length and follow the order of steps.</summary>
    public int Chunks => _nos.Length;

    /// <summary>Points of all chunks.</summary>
    public long Points { get; private set; }

    /// <summary>Number of each chunk in its run.</summary>
    public ReadOnlySpan<long> Nos => _nos;

    /// <summary>Step of the last point of each chunk.</summary>
    public ReadOnlySpan<Step> LastSteps => _lastSteps;

    /// <summary>Time of the last point of each chunk.</summary>
    public ReadOnlySpan<long> LastTimes => _lastTimes;

    /// <summary>Earliest time of each chunk.</summary>
    public ReadOnlySpan<long> TimeMin => _timeMin;

    /// <summary>Latest time of each chunk.</summary>
    public ReadOnlySpan<long> TimeMax => _timeMax;

    /// <summary>Least rank of each chunk.</summary>
    public ReadOnlySpan<long> RankMin => _rankMin;

    /// <summary>Greatest rank of each chunk.</summary>
    public ReadOnlySpan<long> RankMax => _rankMax;

    /// <summary>Whether, within each chunk, no point is earlier than the one before it.</summary>
    public ReadOnlySpan<bool> TimesAscend => _timesAscend;

    /// <summary>The figures of the chunks.</summary>
    public BlockFigures Figures { get; }

    /// <summary>Encodes 1 to 256 chunks in order of steps, each with its number.</summary>
    public static byte[] Encode(IReadOnlyList<(long No, ChunkSummary Summary)> chunks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunks.Count, 1, nameof(chunks));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunks.Count, MaxChunks, nameof(chunks));
        var rollup = new ChunkRollup(chunks.Count);
        for (var i = 0; i < chunks.Count; i++)
            rollup.Take(i, chunks[i].No, chunks[i].Summary);
        return rollup.Write();
    }

    /// <summary>Reads a rollup; throws <see cref="InvalidDataException"/> when the bytes are none.</summary>
    public static ChunkRollup Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ChunkReader(bytes, ChunkFormat.RollupKind);
        var rollup = new ChunkRollup(reader.Count(1, MaxChunks, "chunks"));
        foreach (ref var count in rollup.Figures.CountsColumn.AsSpan())
        {
            count = reader.Count(1, ChunkEncoder.MaxPoints, "points");
            rollup.Points += count;
        }

        BlockFigures.ReadNumbers(ref reader, rollup._nos);
        BlockFigures.ReadSteps(ref reader, rollup._lastSteps);
        BlockFigures.ReadNumbers(ref reader, rollup._lastTimes);
        BlockFigures.ReadNumbers(ref reader, rollup._timeMin);
        BlockFigures.ReadNumbers(ref reader, rollup._timeMax);
        BlockFigures.ReadNumbers(ref reader, rollup._rankMin);
        BlockFigures.ReadNumbers(ref reader, rollup._rankMax);
        foreach (ref var ascend in rollup._timesAscend.AsSpan())
            ascend = reader.Byte() switch { 0 => false, 1 => true, var other => throw ChunkFormat.Damaged($"a flag of its rollup is {other}") };
        rollup.Figures.Read(ref reader);
        reader.End();
        return rollup;
    }

    private void Take(int at, long no, ChunkSummary summary)
    {
        (_nos[at], _timesAscend[at]) = (no, summary.TimesAscend);
        (_lastSteps[at], _lastTimes[at]) = (summary.Last.Step, summary.Last.Time);
        (_timeMin[at], _timeMax[at], _rankMin[at], _rankMax[at]) = (summary.TimeMin, summary.TimeMax, summary.RankMin, summary.RankMax);
        (Figures.StepsColumn[at], Figures.TimesColumn[at]) = (summary.First.Step, summary.First.Time);
        (Figures.FirstColumn[at], Figures.LastColumn[at], Figures.CountsColumn[at]) = (summary.First.Value, summary.Last.Value, summary.Count);
        var (finite, min, max, mean) = (0, double.NaN, double.NaN, double.NaN);
        for (var i = 0; i < summary.Blocks; i++)
        {
            if (summary.Figures.FiniteCounts[i] == 0)
                continue;
            var share = (double)summary.Figures.FiniteCounts[i] / (finite + summary.Figures.FiniteCounts[i]);
            mean = finite == 0 ? summary.Figures.Mean[i] : (mean * (1 - share)) + (summary.Figures.Mean[i] * share);
            min = finite == 0 ? summary.Figures.Min[i] : Math.Min(min, summary.Figures.Min[i]);
            max = finite == 0 ? summary.Figures.Max[i] : Math.Max(max, summary.Figures.Max[i]);
            finite += summary.Figures.FiniteCounts[i];
        }

        Figures.FiniteCountsColumn[at] = finite;
        (Figures.MinColumn[at], Figures.MaxColumn[at], Figures.MeanColumn[at]) = (min, max, finite == 0 ? mean : Math.Clamp(mean, min, max));
    }

    private byte[] Write()
    {
        var writer = new ChunkWriter();
        writer.Begin(ChunkFormat.RollupKind);
        writer.Varint((ulong)Chunks);
        foreach (var count in Figures.Counts)
            writer.Varint((ulong)count);
        BlockFigures.WriteNumbers(writer, _nos);
        BlockFigures.WriteSteps(writer, _lastSteps);
        BlockFigures.WriteNumbers(writer, _lastTimes);
        BlockFigures.WriteNumbers(writer, _timeMin);
        BlockFigures.WriteNumbers(writer, _timeMax);
        BlockFigures.WriteNumbers(writer, _rankMin);
        BlockFigures.WriteNumbers(writer, _rankMax);
        foreach (var ascend in _timesAscend)
            writer.Byte(ascend ? (byte)1 : (byte)0);
        Figures.Write(writer, Chunks);
        return writer.End().ToArray();
    }
}
