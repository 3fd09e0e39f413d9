using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Reading;

/// <summary>What a read knows of a chunk before it reads its payload.</summary>
public sealed record KnownChunk
{
    /// <summary>The number of the chunk in its run.</summary>
    public required long No { get; init; }

    /// <summary>The first point.</summary>
    public required SeriesPoint First { get; init; }

    /// <summary>The last point.</summary>
    public required SeriesPoint Last { get; init; }

    /// <summary>Points.</summary>
    public required int Count { get; init; }

    public required long TimeMin { get; init; }

    public required long TimeMax { get; init; }

    /// <summary>Whether no point is earlier than the one before it.</summary>
    public required bool TimesAscend { get; init; }

    public required long RankMin { get; init; }

    public required long RankMax { get; init; }

    /// <summary>The figures of the whole chunk, when it was read from a rollup.</summary>
    public ChunkFigures? Figures { get; init; }

    /// <summary>The figures of its blocks, when they were read.</summary>
    public ChunkSummary? Summary { get; init; }

    /// <summary>A chunk as its summary tells of it.</summary>
    public static KnownChunk Of(long no, ChunkSummary summary) => new()
    {
        No = no,
        First = summary.First,
        Last = summary.Last,
        Count = summary.Count,
        TimeMin = summary.TimeMin,
        TimeMax = summary.TimeMax,
        TimesAscend = summary.TimesAscend,
        RankMin = summary.RankMin,
        RankMax = summary.RankMax,
        Summary = summary,
    };

    /// <summary>A chunk as an entry of a rollup tells of it.</summary>
    public static KnownChunk Of(ChunkRollup rollup, int entry) => new()
    {
        No = rollup.Nos[entry],
        First = new SeriesPoint(rollup.Figures.Steps[entry], rollup.Figures.Times[entry], rollup.Figures.First[entry]),
        Last = new SeriesPoint(rollup.LastSteps[entry], rollup.LastTimes[entry], rollup.Figures.Last[entry]),
        Count = rollup.Figures.Counts[entry],
        TimeMin = rollup.TimeMin[entry],
        TimeMax = rollup.TimeMax[entry],
        TimesAscend = rollup.TimesAscend[entry],
        RankMin = rollup.RankMin[entry],
        RankMax = rollup.RankMax[entry],
        Figures = new ChunkFigures(rollup.Figures.FiniteCounts[entry], rollup.Figures.Min[entry], rollup.Figures.Max[entry], rollup.Figures.Mean[entry]),
    };
}

/// <summary>Figures over the finite values of a chunk; with none, least, greatest and mean are NaN.</summary>
public sealed record ChunkFigures(int FiniteCount, double Min, double Max, double Mean);
