namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Growable columns of the points of one series, each with its rank: a number that ascends in the order of arrival. Keeps its
/// memory when cleared; spans are valid until the next change. Not safe for use by two threads.
/// </summary>
public sealed class SeriesPoints
{
    private long[] _steps = [];
    private int[] _micros = [];
    private long[] _times = [];
    private double[] _values = [];
    private long[] _ranks = [];
    private SeriesPoints? _spare;
    private int[] _order = [];
    private ByStep? _byStep;
    private bool _hasMicros;

    /// <summary>Points held.</summary>
    public int Count { get; private set; }

    /// <summary>Whole parts of the steps.</summary>
    public ReadOnlySpan<long> Steps => _steps.AsSpan(0, Count);

    /// <summary>Millionths of the steps, 0 to 999,999; empty while every step is whole.</summary>
    public ReadOnlySpan<int> Micros => _hasMicros ? _micros.AsSpan(0, Count) : [];

    /// <summary>Unix milliseconds.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    /// <summary>Values, bit for bit as they came.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Ranks, ascending by arrival.</summary>
    public ReadOnlySpan<long> Ranks => _ranks.AsSpan(0, Count);

    /// <summary>The point at <paramref name="index"/>.</summary>
    public SeriesPoint this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new SeriesPoint(new Step(_steps[index], _hasMicros ? _micros[index] : 0), _times[index], _values[index]);
        }
    }

    /// <summary>
    /// The order of points in chunks: by step, time and value (NaN above every number, -0 and 0 alike), then by the bits of the
    /// value as an unsigned number. 0 only for points that are one and the same.
    /// </summary>
    public static int Compare(in SeriesPoint left, in SeriesPoint right)
    {
        var order = left.CompareTo(right);
        return order != 0
            ? order
            : BitConverter.DoubleToUInt64Bits(left.Value).CompareTo(BitConverter.DoubleToUInt64Bits(right.Value));
    }

    /// <summary>Appends a point whose step is set.</summary>
    public void Add(in SeriesPoint point, long rank)
    {
        if (!point.Step.IsSet)
            throw new ArgumentException("The point has no step.", nameof(point));
        var at = Count;
        Grow(1);
        if (point.Step.Micros != 0 && !_hasMicros)
            KeepMicros(at);
        (_steps[at], _times[at], _values[at], _ranks[at]) = (point.Step.Whole, point.Time, point.Value, rank);
        if (_hasMicros)
            _micros[at] = point.Step.Micros;
    }

    /// <summary>Appends <paramref name="count"/> points of <paramref name="source"/>, another instance, from <paramref name="start"/> on.</summary>
    public void AddRange(SeriesPoints source, int start, int count)
    {
        if (ReferenceEquals(source, this))
            throw new ArgumentException("Points cannot be appended to themselves.", nameof(source));
        var (steps, times, values, ranks) = Append(count);
        source.Steps.Slice(start, count).CopyTo(steps);
        source.Times.Slice(start, count).CopyTo(times);
        source.Values.Slice(start, count).CopyTo(values);
        source.Ranks.Slice(start, count).CopyTo(ranks);
        if (source._hasMicros && source.Micros.Slice(start, count) is var micros && micros.ContainsAnyExcept(0))
            micros.CopyTo(AppendedMicros(count));
    }

    /// <summary>Copies as many points as fit, from <paramref name="start"/> on.</summary>
    public void CopyTo(int start, Span<SeriesPoint> into)
    {
        var steps = Steps.Slice(start, into.Length);
        var times = Times.Slice(start, into.Length);
        var values = Values.Slice(start, into.Length);
        if (_hasMicros)
        {
            var micros = Micros.Slice(start, into.Length);
            for (var i = 0; i < into.Length; i++)
                into[i] = new SeriesPoint(new Step(steps[i], micros[i]), times[i], values[i]);
            return;
        }

        for (var i = 0; i < into.Length; i++)
            into[i] = new SeriesPoint(new Step(steps[i]), times[i], values[i]);
    }

    /// <summary>Forgets all points and keeps the memory.</summary>
    public void Clear()
    {
        Count = 0;
        _hasMicros = false;
    }

    /// <summary>
    /// Brings the points into the order of <see cref="Compare"/>. Of points that are one and the same the one with the lowest
    /// rank stays. Looks through the points once when they are in order already.
    /// </summary>
    public void SortByStep()
    {
        var i = 1;
        while (i < Count && Compare(this[i - 1], this[i]) < 0)
            i++;
        if (i >= Count)
            return;
        if (_order.Length < Count)
            _order = new int[_steps.Length];
        var order = _order.AsSpan(0, Count);
        for (i = 0; i < order.Length; i++)
            order[i] = i;
        order.Sort(_byStep ??= new ByStep(this));
        Gather(order);
    }

    /// <summary>Makes room for <paramref name="count"/> more points, all with whole steps, which the caller fills in.</summary>
    internal Columns Append(int count)
    {
        var at = Count;
        Grow(count);
        if (_hasMicros)
            _micros.AsSpan(at, count).Clear();
        return new Columns(_steps.AsSpan(at, count), _times.AsSpan(at, count), _values.AsSpan(at, count), _ranks.AsSpan(at, count));
    }

    /// <summary>The millionths of the <paramref name="count"/> points appended last.</summary>
    internal Span<int> AppendedMicros(int count)
    {
        if (!_hasMicros)
            KeepMicros(Count);
        return _micros.AsSpan(Count - count, count);
    }

    /// <summary>Takes back the <paramref name="count"/> points appended last.</summary>
    internal void TakeBack(int count) => Count -= count;

    private void Grow(int count)
    {
        var needed = checked(Count + count);
        if (needed > _steps.Length)
        {
            var length = Math.Max(needed, Math.Max(16, (int)Math.Min(2L * _steps.Length, Array.MaxLength)));
            Array.Resize(ref _steps, length);
            Array.Resize(ref _times, length);
            Array.Resize(ref _values, length);
            Array.Resize(ref _ranks, length);
            if (_hasMicros)
                Array.Resize(ref _micros, length);
        }

        Count = needed;
    }

    /// <summary>Begins to keep millionths: 0 for the first <paramref name="whole"/> points.</summary>
    private void KeepMicros(int whole)
    {
        if (_micros.Length < _steps.Length)
            _micros = new int[_steps.Length];
        _micros.AsSpan(0, whole).Clear();
        _hasMicros = true;
    }

    /// <summary>Copies the points in the order given, without repeats, and exchanges the arrays with those of the copy.</summary>
    private void Gather(ReadOnlySpan<int> order)
    {
        var spare = _spare ??= new SeriesPoints();
        spare.Clear();
        for (var i = 0; i < order.Length; i++)
        {
            var point = this[order[i]];
            if (i == 0 || Compare(this[order[i - 1]], point) != 0)
                spare.Add(point, _ranks[order[i]]);
        }

        (_steps, spare._steps) = (spare._steps, _steps);
        (_times, spare._times) = (spare._times, _times);
        (_values, spare._values) = (spare._values, _values);
        (_ranks, spare._ranks) = (spare._ranks, _ranks);
        (_micros, spare._micros) = (spare._micros, _micros);
        (_hasMicros, Count) = (spare._hasMicros, spare.Count);
    }

    /// <summary>Columns to be filled in.</summary>
    internal readonly ref struct Columns(Span<long> steps, Span<long> times, Span<double> values, Span<long> ranks)
    {
        public Span<long> Steps { get; } = steps;

        public Span<long> Times { get; } = times;

        public Span<double> Values { get; } = values;

        public Span<long> Ranks { get; } = ranks;

        public void Deconstruct(out Span<long> steps, out Span<long> times, out Span<double> values, out Span<long> ranks)
        {
            steps = Steps;
            times = Times;
            values = Values;
            ranks = Ranks;
        }
    }

    private sealed class ByStep(SeriesPoints points) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            // Nearly every pair differs in its steps.
            if (points._steps[x] != points._steps[y])
                return points._steps[x] < points._steps[y] ? -1 : 1;
            var order = SeriesPoints.Compare(points[x], points[y]);
            return order != 0 ? order : points._ranks[x].CompareTo(points._ranks[y]);
        }
    }
}
