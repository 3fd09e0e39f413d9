using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Core.Metrics.Frames;

/// <summary>
/// Draws planned series one after the other. Keeps its memory from one to the next: not safe for use by two threads.
/// </summary>
public sealed class FrameDrawing
{
    private readonly List<(double X, SeriesPoint Point)> _few = [];
    private readonly RepeatedPoints _repeated = new();
    private SeriesOutline _outline = new(default, new SeriesPoints());
    private double[] _x = [];
    private bool _keepsFew;

    /// <summary>The buckets of the series that was ended last, unless it was planned exactly and has few points.</summary>
    public FrameBuilder Builder { get; } = new();

    /// <summary>Begins a series with what is taken as a whole; the points of each chunk that was planned follow, then the end.</summary>
    public void Begin(SeriesOutline outline)
    {
        _outline = outline;
        _few.Clear();
        _keepsFew = outline.FromPoints;
        _repeated.Begin(outline.Loose);
        Builder.Begin(outline.Scale);
        foreach (var chunk in outline.Chunks)
        {
            if (chunk.Use == ChunkUse.Whole)
                Builder.Add(SeriesOutline.PartOf(chunk));
            else if (chunk.Use is ChunkUse.WholeBlocks or ChunkUse.SomeBlocks)
                AddBlocks(chunk);
        }
    }

    /// <summary>Adds the decoded points of a chunk, in any order of chunks.</summary>
    public void Add(KnownChunk chunk, SeriesPoints points)
    {
        var outlined = _outline.Find(chunk.First);
        _repeated.Mark(points);
        if (outlined.Use == ChunkUse.Points)
        {
            AddPoints(points, 0, points.Count, inOrder: !outlined.Disordered);
            return;
        }

        for (var i = 0; i < outlined.Blocks.Length; i++)
        {
            var start = i * ChunkEncoder.BlockPoints;
            if (outlined.Blocks[i] == ChunkUse.Points)
                AddPoints(points, start, Math.Min(ChunkEncoder.BlockPoints, points.Count - start), inOrder: true);
        }
    }

    /// <summary>Adds the loose points and ends the series.</summary>
    public void End()
    {
        var loose = _outline.Loose;
        for (var i = 0; i < loose.Count; i++)
        {
            if (!_repeated[i])
                AddPoint(loose[i]);
        }
    }

    /// <summary>The frame of the series that was ended last.</summary>
    public SeriesFrame Build() => _keepsFew ? Exact() : Builder.Build();

    /// <summary>Blocks that follow each other in one bucket are added at once.</summary>
    private void AddBlocks(OutlinedChunk chunk)
    {
        var (blocks, summary, scale) = (chunk.Blocks, chunk.Chunk.Summary!, _outline.Scale);
        for (var i = 0; i < blocks.Length;)
        {
            var start = i++;
            if (blocks[start] != ChunkUse.Whole)
                continue;
            var bucket = scale.BucketOf(_outline.XOf(summary, start));
            while (i < blocks.Length && blocks[i] == ChunkUse.Whole && scale.BucketOf(_outline.XOf(summary, i)) == bucket)
                i++;
            Builder.Add(_outline.PartOf(summary, start, i));
        }
    }

    private void AddPoints(SeriesPoints points, int start, int count, bool inOrder)
    {
        if (!inOrder || _keepsFew)
        {
            for (var i = start; i < start + count; i++)
                AddPoint(points[i]);
            return;
        }

        AddRuns(points, start, count);
    }

    /// <summary>Points that follow each other in one bucket are added at once.</summary>
    private void AddRuns(SeriesPoints points, int start, int count)
    {
        if (_x.Length < count)
            _x = new double[Math.Max(count, ChunkEncoder.BlockPoints)];
        var x = _x.AsSpan(0, count);
        _outline.Axis.Of(points, start, x);
        var scale = _outline.Scale;
        var first = 0;
        while (first < count && !(x[first] >= scale.From))
            first++;
        while (count > first && !(x[count - 1] <= scale.To))
            count--;
        var values = points.Values[start..];
        while (first < count)
        {
            var end = EndOfBucket(x, first, count, scale);
            var run = new PartRun();
            foreach (var value in values[first..end])
                run.Add(value);
            Builder.Add(run.Part(x[first], points[start + first], x[end - 1], points[start + end - 1]));
            first = end;
        }
    }

    /// <summary>Where the bucket of a point ends; most points are so far from its border that a comparison tells.</summary>
    private static int EndOfBucket(ReadOnlySpan<double> x, int first, int count, FrameScale scale)
    {
        var bucket = scale.BucketOf(x[first]);
        var safe = scale.SafelyBefore(bucket + 1);
        var end = first + 1;
        while (end < count && (x[end] < safe || scale.BucketOf(x[end]) == bucket))
            end++;
        return end;
    }

    private void AddPoint(in SeriesPoint point)
    {
        var x = _outline.Axis.Of(point);
        if (!_outline.Scale.Contains(x))
            return;
        if (!_keepsFew)
        {
            Builder.Add(x, point);
            return;
        }

        _few.Add((x, point));
        if (_few.Count <= _outline.Scale.Buckets)
            return;
        _keepsFew = false;
        foreach (var (few, kept) in _few)
            Builder.Add(few, kept);
        _few.Clear();
    }

    private SeriesFrame Exact()
    {
        if (_few.Count == 0)
            return SeriesFrame.Empty;
        _few.Sort((a, b) => FrameOrder.Compare(a.X, a.Point, b.X, b.Point));
        return ExactFrame.Of(_few);
    }
}
