using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Reading;

/// <summary>
/// Takes points of a series as they come and keeps the first of those that a query asks for, in its order (step or time), so that a
/// series of any length is read in several turns with the same memory. Holds at most twice as many as it keeps.
/// </summary>
/// <param name="query">Order and bounds.</param>
/// <param name="after">Only points behind this one, when given.</param>
/// <param name="limit">Points to keep, at least one.</param>
public sealed class LeastPoints(SeriesQuery query, SweepKey? after, int limit)
{
    private SeriesPoints _kept = new();
    private SeriesPoints _spare = new();

    /// <summary>What is kept, in no particular order; a point that came twice may be here twice.</summary>
    public SeriesPoints Points => _kept;

    /// <summary>Points before it are all kept, those from it on are not; null when nothing was left out.</summary>
    public SweepKey? End { get; private set; }

    /// <summary>Takes a point.</summary>
    public void Add(in SeriesPoint point, long rank)
    {
        var key = new SweepKey(point, rank);
        if (point.Step < query.From || point.Step > query.To
            || (after is { } least && key.CompareTo(least, query.Order) <= 0) || (End is { } end && key.CompareTo(end, query.Order) >= 0))
            return;
        _kept.Add(point, rank);
        if (_kept.Count >= 2L * limit)
            Cut();
    }

    private void Cut()
    {
        _kept.SortByStep();
        if (_kept.Count <= limit)
            return;
        var order = new int[_kept.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        if (query.Order == SeriesOrder.Time)
            Array.Sort(order, (a, b) => KeyAt(a).CompareTo(KeyAt(b), SeriesOrder.Time));
        End = KeyAt(order[limit]);
        _spare.Clear();
        foreach (var i in order.AsSpan(0, limit))
            _spare.Add(_kept[i], _kept.Ranks[i]);
        (_kept, _spare) = (_spare, _kept);
    }

    private SweepKey KeyAt(int index) => new(_kept[index], _kept.Ranks[index]);
}
