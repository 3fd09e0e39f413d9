namespace Runstone.Core.Metrics;

/// <summary>In which order a series is read.</summary>
public enum SeriesOrder
{
    /// <summary>As the server received the points.</summary>
    Arrival,

    /// <summary>By (step, time, value).</summary>
    Step,

    /// <summary>By (time, step, value).</summary>
    Time,
}

/// <summary>The horizontal axis of a drawing.</summary>
public enum FrameAxis
{
    /// <summary>The step, as a double.</summary>
    Step,

    /// <summary>Unix milliseconds.</summary>
    Time,

    /// <summary>Milliseconds since the start of the run.</summary>
    RelativeTime,

    /// <summary>
    /// The value of another metric of the run at the same step, the last one by (time, value). Points at steps where that metric has
    /// no finite value are left out.
    /// </summary>
    Metric,
}

/// <summary>Which part of a series to read; a null bound is open, both bounds are inclusive.</summary>
public sealed record SeriesQuery(string RunId, string Key)
{
    public SeriesOrder Order { get; init; } = SeriesOrder.Step;

    public Step? From { get; init; }

    public Step? To { get; init; }

    /// <summary>Begins behind this point, which need not exist; for the orders of step and time.</summary>
    public SeriesPoint? After { get; init; }
}

/// <summary>A drawing of one series: at most <paramref name="Buckets"/> buckets of equal width over the range.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="Axis">What x is.</param>
/// <param name="Buckets">1 to 10,000; about one a pixel.</param>
/// <param name="From">Least x, inclusive; null for the least of the series.</param>
/// <param name="To">Greatest x, inclusive; null for the greatest of the series.</param>
public sealed record FrameQuery(string RunId, string Key, FrameAxis Axis, int Buckets, double? From = null, double? To = null)
{
    /// <summary>The metric that is x, on <see cref="FrameAxis.Metric"/> only.</summary>
    public string? XKey { get; init; }
}

/// <summary>
/// Reads metrics. A series is named by (run id, key). Points are written through <see cref="Ingest.IIngestStore"/>, never
/// dropped but by <see cref="IErasureStore"/>, never sampled or rewritten; points of a series that are equal in step, time and value (bit
/// for bit) are one point on every read; texts (<see cref="MetricText"/>) stand beside them. Reads see every write acknowledged before
/// they begin. An unknown run or key is an empty series.
/// </summary>
public interface IMetricStore
{
    /// <summary>Summaries of all series of the run, ordered by key (ordinal).</summary>
    Task<IReadOnlyList<MetricSummary>> ListAsync(string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Streams one series in blocks of at most 8,192 points. A block's memory belongs to the caller until the next one is asked
    /// for. Reads the series as of the call: points acknowledged later may be missing. Memory does not grow with the series: points
    /// that are not sealed are gone through again for every 262,144 of them, but for the order of arrival, which throws
    /// <see cref="Errors.ErrorCode.TooLarge"/> when these are more than <see cref="MetricService.MaxTailPoints"/>.
    /// </summary>
    IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The texts of integers that no double holds, as clients wrote them, for points of a block of <see cref="ReadAsync"/>; ordered by
    /// point, those of one point by arrival. A text that came again is there once. Different integers with one nearest
    /// double are one point when step and time agree: it has the texts of all, of which the first <see cref="MetricService.MaxTexts"/> are
    /// given. Reads nothing when no point may have one (<see cref="ExactInteger.MayHaveText"/>).
    /// </summary>
    Task<IReadOnlyList<MetricText>> ReadTextsAsync(
        string runId, string key, ReadOnlyMemory<SeriesPoint> points, CancellationToken cancellationToken);

    /// <summary>
    /// Draws many series at one instant, in the order asked for; an unknown one is an empty frame. What is read is in proportion to the
    /// buckets once series are sealed, but for <see cref="FrameAxis.Metric"/>, which reads every point of both metrics and throws
    /// <see cref="Errors.ErrorCode.TooLarge"/> when these are more than <see cref="MetricService.MaxJoinedPoints"/> in all. Runs are read in
    /// turns of a million points that are not sealed; one run with more than <see cref="MetricService.MaxTailPoints"/> of them in
    /// the series asked for throws <see cref="Errors.ErrorCode.TooLarge"/>.
    /// </summary>
    Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken);

    /// <summary>
    /// Draws groups of runs at one instant, a frame a group in the order asked for, all on the same buckets. Runs that are unknown or
    /// lack the metric contribute nothing. Memory is in proportion to buckets times groups; what is not sealed is read in turns as by
    /// <see cref="DrawAsync"/>, and over another metric every point of both is read as there, with the same limit.
    /// </summary>
    Task<GroupFrames> AggregateAsync(GroupQuery query, CancellationToken cancellationToken);
}
