using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Reading;

/// <summary>
/// Merges sorted sources of one series (chunks, loose points) into one order, holding only those that overlap. Points that are one
/// and the same meet in the orders of step and of time and are given out once; in order of arrival the caller sees to that. Keeps
/// the memory of sources that were given out for those that follow: not safe for use by two threads.
/// </summary>
public sealed class SeriesSweep(SeriesOrder order)
{
    private readonly List<Source> _open = [];
    private readonly Stack<Source> _idle = [];
    private SeriesPoint _last;
    private bool _hasLast;

    /// <summary>Points taken in and not given out.</summary>
    public int Held { get; private set; }

    /// <summary>Takes in a source: a copy of the points, in any order.</summary>
    public void Add(SeriesPoints points)
    {
        if (points.Count == 0)
            return;
        if (!_idle.TryPop(out var source))
            source = new Source();
        source.Take(points, order);
        _open.Add(source);
        Held += points.Count;
    }

    /// <summary>
    /// Gives out points that come before <paramref name="bound"/> (all, when it is null), as many as fit; 0 when there are none. The
    /// bound is the least key that a source still to come may have.
    /// </summary>
    public int Take(SweepKey? bound, Span<SeriesPoint> into) => Take(bound, into, []);

    /// <summary>As the other, and gives out the ranks too.</summary>
    public int Take(SweepKey? bound, Span<SeriesPoint> into, Span<long> ranks)
    {
        var taken = 0;
        while (taken < into.Length && Least() is { } source && !IsBehind(source.Key, bound))
        {
            var limit = NextKey(source);
            if (limit is null && !IsBehind(source.LastKey, bound))
                taken += TakeAll(source, into[taken..], ranks.IsEmpty ? ranks : ranks[taken..]);
            else
                taken += TakeUpTo(source, limit, bound, into[taken..], ranks.IsEmpty ? ranks : ranks[taken..]);
            if (source.IsEmpty)
                Close(source);
        }

        return taken;
    }

    private bool IsBehind(in SweepKey key, SweepKey? bound) => bound is { } least && key.CompareTo(least, order) >= 0;

    /// <summary>Gives out points of a source while they are not behind the next one of the others.</summary>
    private int TakeUpTo(Source source, SweepKey? limit, SweepKey? bound, Span<SeriesPoint> into, Span<long> ranks)
    {
        var taken = 0;
        do
        {
            var key = source.Key;
            if (!ranks.IsEmpty)
                ranks[taken] = key.Rank;
            into[taken] = key.Point;
            taken += IsNew(key.Point) ? 1 : 0;
            source.Advance(1);
            Held--;
        }
        while (taken < into.Length && !source.IsEmpty && !IsBehind(source.Key, bound) && !(limit is { } next && source.Key.CompareTo(next, order) > 0));
        return taken;
    }

    /// <summary>Gives out points of the only source: none is there twice, but the first may be the last one of another source.</summary>
    private int TakeAll(Source source, Span<SeriesPoint> into, Span<long> ranks)
    {
        if (!IsNew(source.Key.Point))
        {
            source.Advance(1);
            Held--;
        }

        var count = source.CopyTo(into, ranks);
        if (count > 0)
            _last = into[count - 1];
        Held -= count;
        return count;
    }

    private bool IsNew(in SeriesPoint point)
    {
        var repeated = order != SeriesOrder.Arrival && _hasLast && SeriesPoints.Compare(_last, point) == 0;
        (_last, _hasLast) = (point, true);
        return !repeated;
    }

    private Source? Least()
    {
        Source? least = null;
        foreach (var source in _open)
        {
            if (least is null || source.Key.CompareTo(least.Key, order) < 0)
                least = source;
        }

        return least;
    }

    private SweepKey? NextKey(Source except)
    {
        SweepKey? next = null;
        foreach (var source in _open)
        {
            if (source != except && (next is not { } least || source.Key.CompareTo(least, order) < 0))
                next = source.Key;
        }

        return next;
    }

    private void Close(Source source)
    {
        _open.Remove(source);
        _idle.Push(source);
    }

    private sealed class Source
    {
        private readonly SeriesPoints _points = new();
        private int[] _order = [];
        private bool _reordered;
        private int _at;

        public bool IsEmpty => _at >= _points.Count;

        public SweepKey Key => KeyAt(Index(_at));

        public SweepKey LastKey => KeyAt(Index(_points.Count - 1));

        public void Advance(int count) => _at += count;

        /// <summary>Copies and passes over as many points as there are and fit.</summary>
        public int CopyTo(Span<SeriesPoint> into, Span<long> ranks)
        {
            var count = Math.Min(into.Length, _points.Count - _at);
            if (_reordered)
            {
                for (var i = 0; i < count; i++)
                    into[i] = _points[Index(_at + i)];
                for (var i = 0; i < ranks.Length && i < count; i++)
                    ranks[i] = _points.Ranks[Index(_at + i)];
            }
            else
            {
                _points.CopyTo(_at, into[..count]);
                if (!ranks.IsEmpty)
                    _points.Ranks.Slice(_at, count).CopyTo(ranks);
            }

            _at += count;
            return count;
        }

        public void Take(SeriesPoints points, SeriesOrder order)
        {
            _at = 0;
            _points.Clear();
            _points.AddRange(points, 0, points.Count);
            _reordered = !Ascends(order);
            if (!_reordered)
                return;
            if (_order.Length < _points.Count)
                _order = new int[_points.Count];
            var indices = _order.AsSpan(0, _points.Count);
            for (var i = 0; i < indices.Length; i++)
                indices[i] = i;
            indices.Sort((a, b) => KeyAt(a).CompareTo(KeyAt(b), order));
        }

        private int Index(int at) => _reordered ? _order[at] : at;

        private SweepKey KeyAt(int index) => new(_points[index], _points.Ranks[index]);

        private bool Ascends(SeriesOrder order)
        {
            // Most points differ in what is compared first.
            var column = order switch { SeriesOrder.Arrival => _points.Ranks, SeriesOrder.Time => _points.Times, _ => _points.Steps };
            for (var i = 1; i < column.Length; i++)
            {
                if (column[i - 1] >= column[i] && KeyAt(i - 1).CompareTo(KeyAt(i), order) > 0)
                    return false;
            }

            return true;
        }
    }
}
