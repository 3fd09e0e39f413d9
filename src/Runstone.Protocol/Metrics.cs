namespace Runstone.Protocol;

/// <summary>Asks for drawings of series.</summary>
public sealed record FramesRequest
{
    /// <summary>1 to 1,000 series.</summary>
    public required IReadOnlyList<SeriesRef> Series { get; init; }

    /// <summary>"step" (default), "time" (Unix milliseconds) or "relative" (milliseconds since the start of the run).</summary>
    public string? Axis { get; init; }

    /// <summary>Buckets, 1 to 10,000, about one a pixel. Default 1,000.</summary>
    public int? Buckets { get; init; }

    /// <summary>Least x; null for the least of the series.</summary>
    public double? From { get; init; }

    /// <summary>Greatest x; null for the greatest of the series.</summary>
    public double? To { get; init; }
}

/// <summary>Names a series.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
public sealed record SeriesRef(string RunId, string Key);

/// <summary>
/// A drawn series, columnar: all arrays have the same length, ordered by x. Min, max and mean are over finite values ("NaN" when
/// a bucket has none). With <see cref="Exact"/> every bucket is one point and only <see cref="X"/> and <see cref="Last"/> are sent.
/// </summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="Exact">Each bucket is one point.</param>
/// <param name="Points">Points in the range, before bucketing.</param>
/// <param name="X">The x of the first point of each bucket.</param>
/// <param name="Last">Last value of each bucket.</param>
/// <param name="Min">Least finite value; null when exact.</param>
/// <param name="Max">Greatest finite value; null when exact.</param>
/// <param name="Mean">Mean of the finite values; null when exact.</param>
/// <param name="First">First value; null when exact.</param>
/// <param name="Count">Points in each bucket; null when exact.</param>
public sealed record FrameInfo(
    string RunId, string Key, bool Exact, long Points, double[] X, double[] Last,
    double[]? Min, double[]? Max, double[]? Mean, double[]? First, int[]? Count);

/// <summary>The drawings, in the order asked for.</summary>
public sealed record FramesResponse(IReadOnlyList<FrameInfo> Frames);

/// <summary>A part of a series, every point of it, ordered by step, time, value.</summary>
/// <param name="Step">Steps, up to six decimals.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Value">Values.</param>
public sealed record HistoryInfo(IReadOnlyList<decimal> Step, IReadOnlyList<long> Time, IReadOnlyList<double> Value);
