namespace Runstone.Core.Metrics;

/// <summary>In which order a series is read.</summary>
public enum SeriesOrder
{
    /// <summary>As the server received the points.</summary>
    Arrival,

    /// <summary>By (step, time, value).</summary>
    Step,
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
}

/// <summary>Which part of a series to read; a null bound is open, both bounds are inclusive.</summary>
public sealed record SeriesQuery(string RunId, string Key)
{
    public SeriesOrder Order { get; init; } = SeriesOrder.Step;

    public Step? From { get; init; }

    public Step? To { get; init; }
}

/// <summary>A drawing of one series: at most <paramref name="Buckets"/> buckets of equal width over the range.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="Axis">What x is.</param>
/// <param name="Buckets">1 to 10,000; about one a pixel.</param>
/// <param name="From">Least x, inclusive; null for the least of the series.</param>
/// <param name="To">Greatest x, inclusive; null for the greatest of the series.</param>
public sealed record FrameQuery(string RunId, string Key, FrameAxis Axis, int Buckets, double? From = null, double? To = null);

/// <summary>
/// A drawn series, columnar; all arrays have the same length and follow x ascending. Buckets without points are left out. When
/// the range holds no more points than buckets asked for, every point is its own bucket (<see cref="Exact"/>). Min, max and mean
/// are over the finite values of a bucket and NaN when it has none, so that no spike is lost and no NaN spreads.
/// </summary>
/// <param name="Exact">Each bucket is one point.</param>
/// <param name="Points">Points in the range, before bucketing.</param>
/// <param name="X">The x of the first point of each bucket.</param>
/// <param name="Min">Least finite value.</param>
/// <param name="Max">Greatest finite value.</param>
/// <param name="Mean">Arithmetic mean of the finite values.</param>
/// <param name="First">First value in order of x, whatever it is.</param>
/// <param name="Last">Last value in order of x, whatever it is.</param>
/// <param name="Count">Points in the bucket, not finite ones included.</param>
public sealed record SeriesFrame(
    bool Exact, long Points, double[] X, double[] Min, double[] Max, double[] Mean, double[] First, double[] Last, int[] Count);

/// <summary>
/// Reads metrics. A series is named by (run id, key). Points are written through <see cref="Ingest.IIngestStore"/>, never
/// dropped, sampled or rewritten; points of a series that are equal in step, time and value (bit for bit) are one point on
/// every read. Reads see every write acknowledged before they begin. An unknown run or key is an empty series.
/// </summary>
public interface IMetricStore
{
    /// <summary>Summaries of all series of the run, ordered by key (ordinal).</summary>
    Task<IReadOnlyList<MetricSummary>> ListAsync(string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Streams one series in blocks of at most 8,192 points. A block's memory belongs to the caller until the next one is asked
    /// for. Reads the series as of the call: points acknowledged later may be missing.
    /// </summary>
    IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Draws many series at one instant, in the order asked for; an unknown one is an empty frame.
    /// </summary>
    Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken);
}
