using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Frames;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Storage.Sql;

/// <summary>One series as of one instant, before payloads of its chunks are read.</summary>
internal sealed class StoredSeries(StoredRun run, long key)
{
    private readonly HashSet<long> _rolledUp = [];
    private readonly List<KnownChunk> _chunks = [];
    private readonly SeriesPoints _tail = new();
    private LeastPoints? _limited;
    private SeriesPoints? _loose;

    public StoredRun Run => run;

    /// <summary>The id of the key, which is the slot of the chunks.</summary>
    public long Key => key;

    /// <summary>
    /// The least rank of points that are in the log. Points of chunks have such ranks too while the sealer is between two transactions of a
    /// pass; they are in the log as well.
    /// </summary>
    public long TailRank { get; } = ArrivalRank.OfRow(run.SealedSequence);

    /// <summary>Its chunks, in no particular order.</summary>
    public IReadOnlyList<KnownChunk> Chunks => _chunks;

    /// <summary>Points of the pack.</summary>
    public SeriesPoints Packed { get; } = new();

    /// <summary>Points that are not sealed, in order of arrival until <see cref="Loose"/> is asked for; all arrived after the sealed ones.</summary>
    public SeriesPoints Tail => _limited?.Points ?? _tail;

    /// <summary>Points of the log from here on were left out; null when all are there.</summary>
    public SweepKey? TailEnd => _limited?.End;

    /// <summary>Points of pack and tail, sorted by step, without repeats among them.</summary>
    public SeriesPoints Loose => _loose ??= Join();

    public void Add(ChunkRollup rollup)
    {
        for (var i = 0; i < rollup.Chunks; i++)
        {
            if (_rolledUp.Add(rollup.Nos[i]))
                _chunks.Add(KnownChunk.Of(rollup, i));
        }
    }

    /// <summary>Adds a chunk by its summary, unless a rollup told of it. Rollups come before.</summary>
    public void Add(long no, ReadOnlySpan<byte> summary)
    {
        if (!_rolledUp.Contains(no))
            _chunks.Add(KnownChunk.Of(no, ChunkSummary.Read(summary)));
    }

    /// <summary>Keeps no more points of the log than this does.</summary>
    public void Limit(LeastPoints? tail) => _limited = tail;

    /// <summary>Adds a point of the log.</summary>
    public void AddTail(in SeriesPoint point, long rank)
    {
        if (_limited is null)
            _tail.Add(point, rank);
        else
            _limited.Add(point, rank);
    }

    /// <summary>The outline by which it is drawn.</summary>
    public SeriesOutline Outline(PointAxis axis)
    {
        var outline = new SeriesOutline(axis, Loose);
        foreach (var chunk in _chunks)
            outline.Add(chunk);
        outline.Close();
        return outline;
    }

    private SeriesPoints Join()
    {
        if (Packed.Count == 0)
        {
            Tail.SortByStep();
            return Tail;
        }

        Packed.AddRange(Tail, 0, Tail.Count);
        Packed.SortByStep();
        return Packed;
    }
}
