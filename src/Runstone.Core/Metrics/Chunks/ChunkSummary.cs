namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// What is known of a chunk without its payload (docs/formats/metric-chunk.md): its first and last point, the ranges of times and
/// of ranks, and the figures of each block of <see cref="ChunkEncoder.BlockPoints"/> points, of which only the last may have fewer.
/// Does not change; safe for use by many threads.
/// </summary>
public sealed class ChunkSummary
{
    private ChunkSummary(BlockFigures figures) => Figures = figures;

    /// <summary>Points of the chunk.</summary>
    public int Count { get; private init; }

    /// <summary>The first point in order of steps.</summary>
    public SeriesPoint First => new(Figures.Steps[0], Figures.Times[0], Figures.First[0]);

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

    /// <summary>Number of blocks.</summary>
    public int Blocks => Figures.Counts.Length;

    /// <summary>The figures of the blocks.</summary>
    public BlockFigures Figures { get; }

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
        blocks.CountsColumn.AsSpan().Fill(ChunkEncoder.BlockPoints);
        blocks.CountsColumn[^1] = count - ((blocks.Counts.Length - 1) * ChunkEncoder.BlockPoints);
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
