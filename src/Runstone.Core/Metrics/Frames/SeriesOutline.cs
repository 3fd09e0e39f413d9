using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Core.Metrics.Frames;

/// <summary>
/// What is known of a series before payloads are read, and how much of it a drawing needs. Used in this order: add chunks; <see cref="Close"/>; <see cref="Plan"/>, which says whose summaries are missing; <see cref="Complete"/> with these;
/// <see cref="PlanPayloads"/>, which says whose payloads are; then a <see cref="FrameDrawing"/>.
/// </summary>
public sealed class SeriesOutline(PointAxis axis, SeriesPoints loose)
{
    private readonly List<OutlinedChunk> _chunks = [];
    private double[] _looseX = [];

    /// <summary>What x is.</summary>
    public PointAxis Axis => axis;

    /// <summary>Points that are in no chunk of their own: those of packs and of the tail. Sorted by step once closed.</summary>
    public SeriesPoints Loose => loose;

    /// <summary>The chunks, in order of steps once closed.</summary>
    internal IReadOnlyList<OutlinedChunk> Chunks => _chunks;

    /// <summary>The range of x of all points; null without points. Known once closed.</summary>
    public (double From, double To)? Range { get; private set; }

    /// <summary>Whether the points are few enough, or so unclear how many, that they are needed themselves.</summary>
    internal bool FromPoints { get; private set; }

    /// <summary>The scale planned for.</summary>
    internal FrameScale Scale { get; private set; }

    /// <summary>Adds a chunk, which does not overlap the others in the order of points.</summary>
    public void Add(KnownChunk chunk) => _chunks.Add(new OutlinedChunk(chunk, XMin(chunk), XMax(chunk)));

    /// <summary>Ends adding.</summary>
    public void Close()
    {
        _chunks.Sort((a, b) => SeriesPoints.Compare(a.Chunk.First, b.Chunk.First));
        loose.SortByStep();
        _looseX = new double[loose.Count];
        for (var i = 0; i < _looseX.Length; i++)
            _looseX[i] = axis.Of(loose[i]);
        if (!axis.IsStep)
            Array.Sort(_looseX);
        var (from, to) = _looseX.Length == 0 ? (double.PositiveInfinity, double.NegativeInfinity) : (_looseX[0], _looseX[^1]);
        foreach (var chunk in _chunks)
            (from, to) = (Math.Min(from, chunk.XMin), Math.Max(to, chunk.XMax));
        Range = from <= to ? (from, to) : null;
        if (!axis.IsStep)
            FindDisorder();
    }

    /// <summary>
    /// Decides what is outside of the range and what is taken as a whole. With <paramref name="exactly"/>, no more points than there
    /// are buckets are to be drawn as points. Returns the chunks whose summaries are needed.
    /// </summary>
    public IReadOnlyList<KnownChunk> Plan(FrameScale scale, bool exactly)
    {
        Scale = scale;
        long inside = 0;
        foreach (var chunk in _chunks)
        {
            chunk.Use = chunk.XMax < scale.From || chunk.XMin > scale.To ? ChunkUse.None : ChunkUse.Points;
            inside += scale.Contains(chunk.XMin) && scale.Contains(chunk.XMax) ? chunk.Chunk.Count : 0;
        }

        FromPoints = exactly && inside <= scale.Buckets;
        var missing = new List<KnownChunk>();
        if (FromPoints)
            return missing;
        foreach (var chunk in _chunks)
        {
            if (chunk.Use == ChunkUse.None || chunk.Disordered)
                continue;
            if (chunk.Chunk.Figures is not null && IsWhole(chunk.XMin, chunk.XMax))
                chunk.Use = ChunkUse.Whole;
            else if (chunk.Chunk.Summary is null)
                missing.Add(chunk.Chunk);
        }

        return missing;
    }

    /// <summary>Adds the summary of a chunk that was missing one.</summary>
    public void Complete(ChunkSummary summary)
    {
        var outlined = Find(summary.First);
        outlined.Chunk = outlined.Chunk with { Summary = summary };
    }

    /// <summary>The chunks whose payloads are needed, in order of steps.</summary>
    public IReadOnlyList<KnownChunk> PlanPayloads()
    {
        var needed = new List<KnownChunk>();
        foreach (var chunk in _chunks)
        {
            if (chunk.Use == ChunkUse.Points && !FromPoints && !chunk.Disordered && chunk.Chunk.Summary is { } summary)
                ChooseBlocks(chunk, summary);
            if (chunk.Use is ChunkUse.Points or ChunkUse.SomeBlocks)
                needed.Add(chunk.Chunk);
        }

        return needed;
    }

    /// <summary>The chunk that begins with the point.</summary>
    internal OutlinedChunk Find(in SeriesPoint first)
    {
        var (low, high) = (0, _chunks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (SeriesPoints.Compare(_chunks[middle].Chunk.First, first) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return _chunks[low];
    }

    /// <summary>The x of the first point of a block.</summary>
    internal double XOf(ChunkSummary summary, int block) =>
        axis.Of(new SeriesPoint(summary.Figures.Steps[block], summary.Figures.Times[block], 0));

    /// <summary>What is known of blocks that follow each other in a summary as one part.</summary>
    internal FramePart PartOf(ChunkSummary summary, int start, int end)
    {
        var figures = summary.Figures;
        var (count, finite, min, max, mean) = (0, 0, 0.0, 0.0, 0.0);
        for (var i = start; i < end; i++)
        {
            count += figures.Counts[i];
            if (figures.FiniteCounts[i] is not (> 0 and var more))
                continue;
            finite += more;
            if (finite == more)
            {
                (min, max, mean) = (figures.Min[i], figures.Max[i], figures.Mean[i]);
                continue;
            }

            // As in FrameBuilder: -0 is told from 0, and shares cannot overflow where a sum would.
            (min, max) = (Math.Min(min, figures.Min[i]), Math.Max(max, figures.Max[i]));
            var share = (double)more / finite;
            mean = (mean * (1 - share)) + (figures.Mean[i] * share);
        }

        var (first, last) = (FirstOf(figures, start), FirstOf(figures, end - 1));
        return new FramePart(axis.Of(first), first, figures.Last[end - 1], count, finite, min, max, mean) { End = (axis.Of(last), last) };
    }

    private static SeriesPoint FirstOf(BlockFigures figures, int block) => new(figures.Steps[block], figures.Times[block], figures.First[block]);

    internal static FramePart PartOf(OutlinedChunk outlined)
    {
        var (chunk, figures) = (outlined.Chunk, outlined.Chunk.Figures!);
        return new FramePart(
            outlined.XMin, chunk.First, chunk.Last.Value, chunk.Count, figures.FiniteCount, figures.Min, figures.Max, figures.Mean);
    }

    private double XMin(KnownChunk chunk) => axis.IsStep ? axis.Of(chunk.First) : axis.OfTime(chunk.TimeMin);

    private double XMax(KnownChunk chunk) => axis.IsStep ? axis.Of(chunk.Last) : axis.OfTime(chunk.TimeMax);

    /// <summary>Blocks that lie in one bucket or little beyond, in the range and without loose points in between, are parts; those outside are left out.</summary>
    private void ChooseBlocks(OutlinedChunk chunk, ChunkSummary summary)
    {
        var blocks = chunk.Blocks = new ChunkUse[summary.Blocks];
        var use = ChunkUse.None;
        var first = XOf(summary, 0);
        for (var i = 0; i < blocks.Length; i++)
        {
            // The last point of a block is no farther than the first one of the next.
            var last = i + 1 < blocks.Length ? XOf(summary, i + 1) : chunk.XMax;
            blocks[i] = last < Scale.From || first > Scale.To ? ChunkUse.None : IsWhole(first, last) ? ChunkUse.Whole : ChunkUse.Points;
            first = last;
            if (blocks[i] == ChunkUse.Points)
                use = ChunkUse.SomeBlocks;
            else if (use == ChunkUse.None)
                use = blocks[i] == ChunkUse.Whole ? ChunkUse.WholeBlocks : ChunkUse.None;
        }

        chunk.Use = use;
    }

    private bool IsWhole(double first, double last) =>
        Scale.Contains(first) && Scale.Contains(last) && Scale.IsWhole(first, last) && !HasLoose(first, last);

    private bool HasLoose(double first, double last)
    {
        if (_looseX.Length == 0)
            return false;
        var at = Array.BinarySearch(_looseX, first);
        return at >= 0 || (~at < _looseX.Length && _looseX[~at] <= last);
    }

    /// <summary>On an axis of time, chunks that overlap others or are not in order of time cannot be taken in parts.</summary>
    private void FindDisorder()
    {
        var byTime = _chunks.ToArray();
        Array.Sort(byTime, (a, b) => FrameOrder.Compare(a.XMin, a.Chunk.First, b.XMin, b.Chunk.First));
        OutlinedChunk? farthest = null;
        foreach (var chunk in byTime)
        {
            chunk.Disordered |= !chunk.Chunk.TimesAscend;
            if (farthest is not null && Overlap(farthest, chunk))
                chunk.Disordered = farthest.Disordered = true;
            if (farthest is null || chunk.XMax >= farthest.XMax)
                farthest = chunk;
        }
    }

    private static bool Overlap(OutlinedChunk earlier, OutlinedChunk later) =>
        earlier.XMax > later.XMin || (earlier.XMax == later.XMin && SeriesPoints.Compare(earlier.Chunk.First, later.Chunk.First) > 0);
}

/// <summary>How a chunk or block is drawn.</summary>
internal enum ChunkUse : byte
{
    /// <summary>Outside of the range.</summary>
    None,

    /// <summary>As a part.</summary>
    Whole,

    /// <summary>Its blocks as parts.</summary>
    WholeBlocks,

    /// <summary>Some blocks as parts, others from their points.</summary>
    SomeBlocks,

    /// <summary>From its points.</summary>
    Points,
}

/// <summary>A chunk and what was decided about it.</summary>
internal sealed class OutlinedChunk(KnownChunk chunk, double xMin, double xMax)
{
    public KnownChunk Chunk { get; set; } = chunk;

    public double XMin => xMin;

    public double XMax => xMax;

    /// <summary>Its points are not in order of x, or others lie between them.</summary>
    public bool Disordered { get; set; }

    public ChunkUse Use { get; set; }

    /// <summary>What was decided about its blocks, unless all are used alike.</summary>
    public ChunkUse[] Blocks { get; set; } = [];
}
