using System.Runtime.CompilerServices;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Storage.Sql;

/// <summary>
/// Streams one series: plans at one instant, then fetches payloads a few at a time and gives out what can no longer change its place.
/// A chunk that is gone by then was replaced by others with its points, so the read plans again behind the last point given out. A long
/// read asks for the next payloads before it decodes those that came.
/// </summary>
internal sealed class SeriesRead(SqlDatabase database, SeriesQuery query) : IAsyncDisposable
{
    private const int BlockLength = 8192;
    private const int ChunksAtOnce = 8;

    /// <summary>Fetched first: a page of 25,000 points, as clients ask for, lies in no more.</summary>
    private const int ChunksAtFirst = 5;

    /// <summary>Points of the log that are held at least while more are to come.</summary>
    private const int TailAtOnce = 1 << 18;

    private readonly ChunkDecoder _decoder = new();
    private readonly SeriesPoints _points = new();
    private readonly RepeatedPoints _repeated = new();
    private readonly SeriesPoint[] _block = new SeriesPoint[BlockLength];
    private readonly long[] _ranks = new long[BlockLength];
    private readonly Queue<byte[]> _payloads = [];
    private SeriesSweep _sweep = new(query.Order);
    private StoredSeries? _series;
    private KnownChunk[] _chunks = [];
    private SweepKey? _after = query.After is { } after ? new SweepKey(after, long.MinValue) : null;
    private int _next;
    private int _asked;
    private Task<List<(long Place, byte[] Payload)>>? _ahead;
    private bool _tailAdded;
    private long? _lost;

    /// <summary>The points, in blocks that are valid until the next one is asked for.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> BlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await PlanAsync(cancellationToken);
        while (_series is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var bound = Bound();
            var taken = bound is null && !_tailAdded ? 0 : _sweep.Take(bound, _block, _ranks);
            if (taken > 0)
            {
                if (Keep(taken) is var kept and > 0)
                    yield return _block.AsMemory(0, kept);
            }
            else if (bound is not null && bound == _series.TailEnd)
            {
                await PlanAsync(cancellationToken);
            }
            else if (_next < _chunks.Length)
            {
                await AddChunkAsync(cancellationToken);
            }
            else if (!_tailAdded)
            {
                AddTail();
            }
            else
            {
                yield break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropAheadAsync();
        _decoder.Dispose();
    }

    /// <summary>The least key of what is not held yet; null when nothing is left.</summary>
    private SweepKey? Bound()
    {
        var bound = _next < _chunks.Length ? SweepKey.LeastOf(_chunks[_next], query.Order) : (SweepKey?)null;
        return _series!.TailEnd is { } end && !(bound?.CompareTo(end, query.Order) < 0) ? end : bound;
    }

    private async ValueTask PlanAsync(CancellationToken cancellationToken)
    {
        await DropAheadAsync();
        _series = await database.ReadAsync(FindAsync, cancellationToken);
        (_sweep, _next, _asked, _tailAdded) = (new SeriesSweep(query.Order), 0, 0, false);
        _payloads.Clear();
        if (_series is null)
            return;
        if (query.Order == SeriesOrder.Arrival)
            _sweep.Add(Sealed(_series.Packed));
        var loose = _series.Loose;
        _repeated.Begin(loose);
        _chunks = [.. _series.Chunks.Where(IsWanted)];
        Array.Sort(_chunks, (a, b) => SweepKey.LeastOf(a, query.Order).CompareTo(SweepKey.LeastOf(b, query.Order), query.Order));
        if (query.Order == SeriesOrder.Arrival)
            return;
        _sweep.Add(loose);
        _tailAdded = true;

        async ValueTask<StoredSeries?> FindAsync(SqlSession session)
        {
            var names = await SeriesNames.ReadAsync(session, [query.RunId], [query.Key], cancellationToken);
            var tail = query.Order == SeriesOrder.Arrival ? null : new LeastPoints(query, _after, TailAtOnce);
            return names.Find(query.RunId, query.Key) is { } place ? await SeriesPlan.ReadAsync(session, place, tail, cancellationToken) : null;
        }
    }

    /// <summary>What of a chunk or pack is in order of arrival: not the points that are in the log too, which come with it.</summary>
    private SeriesPoints Sealed(SeriesPoints points)
    {
        if (points.Ranks.IndexOfAnyInRange(_series!.TailRank, long.MaxValue) < 0)
            return points;
        var below = new SeriesPoints();
        for (var i = 0; i < points.Count; i++)
        {
            if (points.Ranks[i] < _series.TailRank)
                below.Add(points[i], points.Ranks[i]);
        }

        return below;
    }

    /// <summary>A chunk without points to give out is read when it may have points of the tail, which must not be given out again.</summary>
    private bool IsWanted(KnownChunk chunk) =>
        !(chunk.Last.Step < query.From) && !(chunk.First.Step > query.To)
        && (_after is not { } after || SweepKey.GreatestOf(chunk, query.Order).CompareTo(after, query.Order) > 0
            || (query.Order == SeriesOrder.Arrival && _repeated.MayBeIn(chunk)));

    private async ValueTask AddChunkAsync(CancellationToken cancellationToken)
    {
        if (_payloads.Count == 0 && !await FetchAsync(cancellationToken))
        {
            // Numbers are not used again, so a new plan cannot name a chunk that was replaced.
            if (_chunks[_next].No == _lost)
                throw new InvalidDataException($"Chunk {_lost} of the series is named by a rollup, but it is not there. {Damage.Advice}");
            _lost = _chunks[_next].No;
            await PlanAsync(cancellationToken);
            return;
        }

        _points.Clear();
        _decoder.Decode(_payloads.Dequeue(), _points);
        if (query.Order == SeriesOrder.Arrival)
        {
            var arrived = Sealed(_points);
            _repeated.Mark(arrived);
            _sweep.Add(arrived);
        }
        else
        {
            _sweep.Add(_points);
        }

        _next++;
    }

    /// <summary>False when the next chunk was asked for and is not there.</summary>
    private async ValueTask<bool> FetchAsync(CancellationToken cancellationToken)
    {
        if (_next < _asked)
            return false;
        var isLong = _next > 0;
        var (fetch, count) = (_ahead ?? AskAsync(_next, cancellationToken), Math.Min(Ask(_next), _chunks.Length - _next));
        _ahead = null;
        var found = await fetch;
        _asked = _next + count;
        for (var i = 0; i < found.Count && found[i].Place == i; i++)
            _payloads.Enqueue(found[i].Payload);
        if (isLong && _asked < _chunks.Length)
            _ahead = AskAsync(_asked, cancellationToken);
        return _payloads.Count > 0;
    }

    private static int Ask(int from) => from == 0 ? ChunksAtFirst : ChunksAtOnce;

    private Task<List<(long Place, byte[] Payload)>> AskAsync(int from, CancellationToken cancellationToken)
    {
        var wanted = _chunks.Skip(from).Take(Ask(from)).Select(c => (_series!, c)).ToArray();
        return database.QueryAsync(
            SeriesSql.Column(database.Dialect, "payload", wanted), row => (Place: row.Int64(0), Payload: row.Blob(1).ToArray()), cancellationToken);
    }

    /// <summary>Waits for payloads that nobody wants any more, so that none of their errors does.</summary>
    private async ValueTask DropAheadAsync()
    {
        if (_ahead is { } ahead)
            await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ahead = null;
    }

    /// <summary>In order of arrival, the points that are not sealed come last, but for those that chunks and packs turned out to have.</summary>
    private void AddTail()
    {
        var loose = _series!.Loose;
        _points.Clear();
        for (var i = 0; i < loose.Count; i++)
        {
            if (loose.Ranks[i] >= _series.TailRank && !_repeated[i])
                _points.Add(loose[i], loose.Ranks[i]);
        }

        _sweep.Add(_points);
        _tailAdded = true;
    }

    /// <summary>Moves the points that the query asks for to the front of the block, whose keys ascend.</summary>
    private int Keep(int taken)
    {
        var (first, last) = (0, new SweepKey(_block[taken - 1], _ranks[taken - 1]));
        if (_after is { } after)
        {
            while (first < taken && new SweepKey(_block[first], _ranks[first]).CompareTo(after, query.Order) <= 0)
                first++;
            if (first == taken)
                return 0;
        }

        _after = last;
        if (first == 0 && query.From is null && query.To is null)
            return taken;
        var kept = 0;
        foreach (ref readonly var point in _block.AsSpan(first..taken))
        {
            if (!(point.Step < query.From) && !(point.Step > query.To))
                _block[kept++] = point;
        }

        return kept;
    }
}
