using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics;

/// <summary>A chunk as the sealer plans with it.</summary>
/// <param name="No">Its number in the run.</param>
/// <param name="FirstStep">The whole part of its first step.</param>
/// <param name="LastStep">The whole part of its last step.</param>
/// <param name="Points">How many points it has.</param>
public sealed record SealedChunk(long No, long FirstStep, long LastStep, int Points)
{
    /// <summary>Its first point; null while nothing else has points at <see cref="FirstStep"/>, so that the step tells enough.</summary>
    public SeriesPoint? First { get; init; }

    /// <summary>Its last point; null while nothing else has points at <see cref="LastStep"/>.</summary>
    public SeriesPoint? Last { get; init; }

    /// <summary>Fewer points than a full chunk has.</summary>
    public bool IsSmall(int full) => Points < full;

    /// <summary>Whether the point lies before the chunk.</summary>
    public bool IsAfter(in SeriesPoint point) =>
        First is { } first ? SeriesPoints.Compare(point, first) < 0 : point.Step.Whole < FirstStep;

    /// <summary>Whether the point lies behind the chunk.</summary>
    public bool IsBefore(in SeriesPoint point) =>
        Last is { } last ? SeriesPoints.Compare(point, last) > 0 : point.Step.Whole > LastStep;
}

/// <summary>
/// Chunks in a row that are replaced together with new points: those of the series from <paramref name="FirstChunk"/> on, and the
/// new points from <paramref name="FirstPoint"/> on. Either may be none; <paramref name="FirstChunk"/> is then where the new ones go.
/// </summary>
public readonly record struct ChunkMerge(int FirstChunk, int Chunks, int FirstPoint, int Points)
{
    /// <summary>The first chunk behind it.</summary>
    public int EndChunk => FirstChunk + Chunks;

    /// <summary>The first new point behind it.</summary>
    public int EndPoint => FirstPoint + Points;
}

/// <summary>
/// Decides which chunks of a series are written again; pure. After a merge the chunks of a series do not overlap, whatever the
/// steps of the new points are. A full chunk has as many points as <see cref="SealOptions.ChunkPoints"/> says.
/// </summary>
public static class SealPlan
{
    /// <summary>Chunks whose first or last point must be known, as a neighbour or a new point is at the same step.</summary>
    public static IEnumerable<int> Ambiguous(IReadOnlyList<SealedChunk> chunks, SeriesPoints added)
    {
        for (var i = 0; i < chunks.Count; i++)
        {
            if ((i > 0 && chunks[i - 1].LastStep >= chunks[i].FirstStep) || (i + 1 < chunks.Count && chunks[i + 1].FirstStep <= chunks[i].LastStep)
                || HasStep(added, chunks[i].FirstStep) || HasStep(added, chunks[i].LastStep))
                yield return i;
        }
    }

    /// <summary>The order of chunks: by step, and where steps are the same by the first point, which must be known then.</summary>
    public static int Compare(SealedChunk left, SealedChunk right)
    {
        var order = left.FirstStep.CompareTo(right.FirstStep);
        if (order == 0 && left.First is { } a && right.First is { } b)
            order = SeriesPoints.Compare(a, b);
        return order != 0 ? order : left.LastStep.CompareTo(right.LastStep);
    }

    /// <summary>
    /// What to merge so that the chunks, which are in order, take up the new points, which are sorted. A chunk is replaced when a
    /// new point lies in it; points between two chunks are a chunk of their own. Either way small chunks before it are taken along as
    /// long as the last one is not more than twice what has been gathered.
    /// </summary>
    public static List<ChunkMerge> Add(IReadOnlyList<SealedChunk> chunks, SeriesPoints added, int full)
    {
        var merges = new List<ChunkMerge>();
        var (point, first, from) = (0, -1, 0);
        for (var i = 0; i <= chunks.Count; i++)
        {
            var chunk = i < chunks.Count ? chunks[i] : null;
            var inside = i == chunks.Count ? added.Count : Next(added, point, chunk!.IsAfter);
            if (inside > point && first < 0)
                (first, from) = (i, point);
            var end = i == chunks.Count ? inside : Next(added, inside, (in SeriesPoint p) => !chunk!.IsBefore(in p));
            if (end > inside && first < 0)
                (first, from) = (i, inside);
            if (first >= 0 && (i == chunks.Count || end == inside))
            {
                merges.Add(Gather(chunks, new ChunkMerge(first, i - first, from, inside - from), merges.Count == 0 ? 0 : merges[^1].EndChunk, full));
                first = -1;
            }

            point = end;
        }

        return merges;
    }

    /// <summary>What to merge when no more points are expected: small chunks in a row, where that leaves fewer of them.</summary>
    public static List<ChunkMerge> Settle(IReadOnlyList<SealedChunk> chunks, int full)
    {
        var merges = new List<ChunkMerge>();
        for (var first = 0; first < chunks.Count; first++)
        {
            var (end, points) = (first, 0L);
            for (; end < chunks.Count && chunks[end].IsSmall(full); end++)
                points += chunks[end].Points;
            var pieces = (points + full - 1) / full;
            if (end - first > pieces)
                merges.Add(new ChunkMerge(first, end - first, 0, 0));
            first = Math.Max(end, first);
        }

        return merges;
    }

    /// <summary>
    /// The merges to do first: until the chunks that they replace have <paramref name="maxPoints"/> points. Of a merge that goes beyond,
    /// the first chunks are taken with the new points before the next one, so that the rest can be planned again: at least
    /// one new point, or two chunks where there are none.
    /// </summary>
    public static List<ChunkMerge> Limit(IReadOnlyList<SealedChunk> chunks, IReadOnlyList<ChunkMerge> merges, SeriesPoints added, long maxPoints)
    {
        var (limited, replaced) = (new List<ChunkMerge>(), 0L);
        foreach (var merge in merges)
        {
            if (limited.Count > 0 && replaced >= maxPoints)
                break;
            var part = merge;
            for (var chunk = merge.FirstChunk; chunk < merge.EndChunk; chunk++)
            {
                if (replaced >= maxPoints && Before(chunks, merge, chunk, added) is { } cut)
                {
                    part = cut;
                    break;
                }

                replaced += chunks[chunk].Points;
            }

            limited.Add(part);
        }

        return limited;
    }

    /// <summary>
    /// How many points the next chunk takes of <paramref name="left"/> ones. At the end of a series full chunks are cut, the last one
    /// can grow; between others the rest is shared evenly.
    /// </summary>
    public static int Cut(int left, bool atEnd, int full)
    {
        if (atEnd || left <= full)
            return Math.Min(left, full);
        var pieces = (left + full - 1) / full;
        return (left + pieces - 1) / pieces;
    }

    /// <summary>The part of a merge before one of its chunks; null when nothing would be gained by it.</summary>
    private static ChunkMerge? Before(IReadOnlyList<SealedChunk> chunks, ChunkMerge merge, int chunk, SeriesPoints added)
    {
        var count = chunk - merge.FirstChunk;
        if (merge.Points == 0)
            return count < 2 ? null : merge with { Chunks = count };
        var points = Math.Min(Next(added, merge.FirstPoint, chunks[chunk].IsAfter), merge.EndPoint) - merge.FirstPoint;
        return count == 0 || points == 0 ? null : merge with { Chunks = count, Points = points };
    }

    private static ChunkMerge Gather(IReadOnlyList<SealedChunk> chunks, ChunkMerge merge, int from, int full)
    {
        long gathered = merge.Points;
        for (var i = merge.FirstChunk; i < merge.EndChunk; i++)
            gathered += chunks[i].Points;
        while (merge.FirstChunk > from && chunks[merge.FirstChunk - 1] is var before && before.IsSmall(full) && before.Points <= 2 * gathered)
        {
            gathered += before.Points;
            merge = merge with { FirstChunk = merge.FirstChunk - 1, Chunks = merge.Chunks + 1 };
        }

        return merge;
    }

    private static bool HasStep(SeriesPoints added, long step) => added.Steps.BinarySearch(step) >= 0;

    /// <summary>The first point from <paramref name="from"/> on for which the test fails; it holds up to some point.</summary>
    public static int Next(SeriesPoints points, int from, PointTest test)
    {
        var (low, high) = (from, points.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (test(points[middle]))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

/// <summary>A question about a point.</summary>
public delegate bool PointTest(in SeriesPoint point);
