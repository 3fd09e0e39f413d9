namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// What is known of a chunk without its payload (docs/formats/metric-chunk.md): its first and last point, the ranges of times and
/// of ranks, and the figures of each block of <see cref="ChunkEncoder.BlockPoints"/> points, of which only the last may have fewer.
/// Does not change; safe for use by many threads.
/// </summary>
public sealed class ChunkSummary
{
    private readonly BlockFigures _blocks;

    private ChunkSummary(BlockFigures blocks) => _blocks = blocks;

    /// <summary>Points of the chunk.</summary>
    public int Count { get; private init; }

    /// <summary>The first point in order of steps.</summary>
    public SeriesPoint First => new(_blocks.Steps[0], _blocks.Times[0], _blocks.First[0]);

    /// <summary>The last point in order of steps.</summary>
    public SeriesPoint Last { get; private init; }

    /// <summary>The earliest time.</summary>
    public long TimeMin { get; private init; }

    /// <summary>The latest time.</summary>
    public long TimeMax { get; private init; }

    /// <summary>Whether no point is earlier than the one before it.</summary>
    public bool TimesAscend { get; private init; }

    /// <summary>The least rank.</summary>
    public long RankMin { get; private init; }

    /// <summary>The greatest rank.</summary>
    public long RankMax { get; private init; }

    /// <summary>Whether every point arrived after the one before it.</summary>
    public bool RanksAscend { get; private init; }

    /// <summary>Number of blocks; the spans below have this length.</summary>
    public int Blocks => _blocks.Steps.Length;

    /// <summary>Step of the first point of each block.</summary>
    public ReadOnlySpan<Step> BlockSteps => _blocks.Steps;

    /// <summary>Time of the first point of each block.</summary>
    public ReadOnlySpan<long> BlockTimes => _blocks.Times;

    /// <summary>Least finite value; NaN when the block has none, as in <see cref="Max"/> and <see cref="Mean"/>.</summary>
    public ReadOnlySpan<double> Min => _blocks.Min;

    /// <summary>Greatest finite value.</summary>
    public ReadOnlySpan<double> Max => _blocks.Max;

    /// <summary>Arithmetic mean of the finite values, between <see cref="Min"/> and <see cref="Max"/>.</summary>
    public ReadOnlySpan<double> Mean => _blocks.Mean;

    /// <summary>Value of the first point, whatever it is.</summary>
    public ReadOnlySpan<double> FirstValues => _blocks.First;

    /// <summary>Value of the last point, whatever it is.</summary>
    public ReadOnlySpan<double> LastValues => _blocks.Last;

    /// <summary>Points of each block.</summary>
    public ReadOnlySpan<int> Counts => _blocks.Counts;

    /// <summary>Points of each block whose value is finite.</summary>
    public ReadOnlySpan<int> FiniteCounts => _blocks.FiniteCounts;

    /// <summary>Reads a summary; throws <see cref="InvalidDataException"/> when the bytes are none.</summary>
    public static ChunkSummary Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ChunkReader(bytes, ChunkFormat.SummaryKind);
        var count = reader.Count(1, ChunkEncoder.MaxPoints, "points");
        var flags = reader.Byte();
        if ((flags & ~(SummaryWriter.TimesAscend | SummaryWriter.RanksAscend)) != 0)
            throw ChunkFormat.Damaged("a reserved flag of its summary is set");
        var timeMin = reader.ZigZag();
        var timeMax = unchecked(timeMin + (long)reader.Varint());
        var rankMin = reader.ZigZag();
        var rankMax = unchecked(rankMin + (long)reader.Varint());
        var lastTime = unchecked(timeMin + (long)reader.Varint());
        var lastStep = new Step(reader.ZigZag(), reader.Count(0, ChunkFormat.MillionthsOfOne - 1, "millionths"));
        var blocks = new BlockFigures((count + ChunkEncoder.BlockPoints - 1) / ChunkEncoder.BlockPoints);
        blocks.Counts.AsSpan().Fill(ChunkEncoder.BlockPoints);
        blocks.Counts[^1] = count - ((blocks.Counts.Length - 1) * ChunkEncoder.BlockPoints);
        blocks.Read(ref reader);
        reader.End();
        return new ChunkSummary(blocks)
        {
            Count = count,
            TimesAscend = (flags & SummaryWriter.TimesAscend) != 0,
            RanksAscend = (flags & SummaryWriter.RanksAscend) != 0,
            TimeMin = timeMin,
            TimeMax = timeMax,
            RankMin = rankMin,
            RankMax = rankMax,
            Last = new SeriesPoint(lastStep, lastTime, blocks.Last[^1]),
        };
    }
}
