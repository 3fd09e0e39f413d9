using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql;

/// <summary>
/// Gathers the series of one run that are asked for from the rows of its log, in one pass. Rows that lack them are passed over
/// by their header.
/// </summary>
internal sealed class SeriesCollector : IDisposable
{
    private readonly MetricLogDecoder _decoder = new();
    private readonly ChunkDecoder _chunks = new();
    private readonly Dictionary<long, SeriesPoints> _sealed = [];
    private readonly Dictionary<long, PointList> _series = [];
    private PointList?[] _columns = new PointList?[4];

    public SeriesCollector(IEnumerable<long> keyIds)
    {
        foreach (var id in keyIds)
            _series[id] = new PointList();
    }

    /// <summary>Where the chunks and packs of the series are.</summary>
    public IEnumerable<long> Slots => _series.Keys.Concat(_series.Keys.Select(key => -1 - (key / ChunkEncoder.MaxPackSeries)).Distinct());

    /// <summary>Adds one chunk or pack; all of them come before the rows of the log.</summary>
    public void AddChunk(long slot, ReadOnlySpan<byte> payload)
    {
        if (slot >= 0)
        {
            _chunks.Decode(payload, Sealed(slot));
            return;
        }

        _chunks.OpenPack(payload);
        foreach (var key in _chunks.OpenedKeys)
        {
            if (_series.ContainsKey(key))
                _chunks.ReadOpened(key, Sealed(key));
        }
    }

    /// <summary>Brings what the chunks hold into order of arrival; nothing when that was done.</summary>
    public void EndChunks()
    {
        if (_sealed.Count == 0)
            return;
        foreach (var (key, points) in _sealed)
        {
            var order = Enumerable.Range(0, points.Count).ToArray();
            Array.Sort(points.Ranks.ToArray(), order);
            foreach (var i in order)
                _series[key].Add(points[i]);
        }

        _sealed.Clear();
    }

    /// <summary>Adds one row.</summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        var header = MetricLogHeader.Read(payload);
        if (!HasAny(header))
            return;
        _decoder.Decode(payload, header);
        var keys = _decoder.KeyIds;
        if (_columns.Length < keys.Length)
            _columns = new PointList?[keys.Length];
        for (var i = 0; i < keys.Length; i++)
            _columns[i] = _series.GetValueOrDefault(keys[i]);
        foreach (ref readonly var point in _decoder.Points)
            _columns[point.Key]?.Add(new SeriesPoint(point.Step, point.Time, point.Value));
    }

    /// <summary>The points of a series in order of arrival, equal ones once.</summary>
    public ReadOnlyMemory<SeriesPoint> InArrivalOrder(long keyId)
    {
        if (!_series.TryGetValue(keyId, out var points))
            return default;
        if (!AscendsStrictly(points.Memory.Span))
        {
            var seen = new HashSet<(Step, long, long)>(points.Memory.Length);
            points.Keep(p => seen.Add((p.Step, p.Time, BitConverter.DoubleToInt64Bits(p.Value))));
        }

        return points.Memory;
    }

    /// <summary>
    /// The points of a series by step, time and value (or, with <paramref name="byTime"/>, by time first), equal ones once.
    /// Valid until the series is asked for again.
    /// </summary>
    public ReadOnlyMemory<SeriesPoint> Sorted(long keyId, bool byTime = false)
    {
        if (!_series.TryGetValue(keyId, out var points))
            return default;
        if (byTime)
            points.Sort(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : Compare(a, b));
        else if (!AscendsStrictly(points.Memory.Span))
            points.Sort(Compare);
        else
            return points.Memory;
        SeriesPoint? last = null;
        points.Keep(p =>
        {
            var keep = last is not { } previous || !Same(p, previous);
            last = p;
            return keep;
        });
        return points.Memory;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _chunks.Dispose();
    }

    private SeriesPoints Sealed(long key)
    {
        if (!_sealed.TryGetValue(key, out var points))
            _sealed[key] = points = new SeriesPoints();
        return points;
    }

    private bool HasAny(MetricLogHeader header)
    {
        foreach (var id in _series.Keys)
        {
            if (header.Contains(id))
                return true;
        }

        return false;
    }

    /// <summary>The usual history: no two points can be equal.</summary>
    private static bool AscendsStrictly(ReadOnlySpan<SeriesPoint> points)
    {
        for (var i = 1; i < points.Length; i++)
        {
            if (points[i].Step <= points[i - 1].Step)
                return false;
        }

        return true;
    }

    /// <summary>Values that compare as equal but differ in their bits (-0 and 0, kinds of NaN) are told apart, so that equal ones meet.</summary>
    private static int Compare(SeriesPoint left, SeriesPoint right)
    {
        var order = left.CompareTo(right);
        return order != 0 ? order : BitConverter.DoubleToInt64Bits(left.Value).CompareTo(BitConverter.DoubleToInt64Bits(right.Value));
    }

    private static bool Same(SeriesPoint left, SeriesPoint right) =>
        left.Step == right.Step && left.Time == right.Time
        && BitConverter.DoubleToInt64Bits(left.Value) == BitConverter.DoubleToInt64Bits(right.Value);

    /// <summary>A list whose memory can be handed out.</summary>
    private sealed class PointList
    {
        private SeriesPoint[] _points = [];
        private int _count;

        public ReadOnlyMemory<SeriesPoint> Memory => _points.AsMemory(0, _count);

        public void Add(SeriesPoint point)
        {
            if (_count == _points.Length)
                Array.Resize(ref _points, Math.Max(16, _count * 2));
            _points[_count++] = point;
        }

        public void Sort(Comparison<SeriesPoint> order) => _points.AsSpan(0, _count).Sort(order);

        /// <summary>Removes the points that the test refuses; it is asked in order.</summary>
        public void Keep(Func<SeriesPoint, bool> test)
        {
            var kept = 0;
            for (var i = 0; i < _count; i++)
            {
                if (test(_points[i]))
                    _points[kept++] = _points[i];
            }

            _count = kept;
        }
    }
}
