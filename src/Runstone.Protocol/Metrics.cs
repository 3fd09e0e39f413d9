namespace Runstone.Protocol;

/// <summary>Asks for drawings of series: those of <see cref="Series"/>, or every one of <see cref="RunIds"/> x <see cref="Keys"/>.</summary>
public sealed record FramesRequest
{
    /// <summary>1 to 1,000 series.</summary>
    public IReadOnlyList<SeriesRef>? Series { get; init; }

    /// <summary>Runs, each of which is drawn by every key: the frames of the first run come first.</summary>
    public IReadOnlyList<string>? RunIds { get; init; }

    /// <summary>Metrics of <see cref="RunIds"/>; runs times keys are at most 1,000.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>
    /// "step" (default), "time" (Unix milliseconds), "relative" (milliseconds since the start of the run) or "metric" (the value of
    /// <see cref="XKey"/> at the same step, the last one where there are several; points at other steps are left out).
    /// </summary>
    public string? Axis { get; init; }

    /// <summary>The metric that is x, with the axis "metric".</summary>
    public string? XKey { get; init; }

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
/// A drawn series, columnar: all arrays have the same length, ordered by x. A bucket covers the next count points in order of x; its
/// border lies at most a third of a width behind the even one. Min, max and mean are over finite values ("NaN" when
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
public sealed record FramesResponse(IReadOnlyList<FrameInfo> Frames)
{
    /// <summary>What was erased of these series, whose points are therefore not in the drawings; absent when nothing was.</summary>
    public IReadOnlyList<ErasureInfo>? Erased { get; init; }
}

/// <summary>A part of a series, every point of it, ordered by step, time, value or, when asked for, by time, step, value or as the points arrived.</summary>
/// <param name="Step">Steps, up to six decimals.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Value">Values.</param>
public sealed record HistoryInfo(IReadOnlyList<decimal> Step, IReadOnlyList<long> Time, IReadOnlyList<double> Value)
{
    /// <summary>
    /// Values that are integers which no double holds, as they were written, ordered by point: <see cref="Value"/> has the nearest
    /// double. Absent when there are none. Different integers with one nearest double, at one step and time, are one point with a text each.
    /// </summary>
    public IReadOnlyList<PointText>? Texts { get; init; }

    /// <summary>Where the next page begins; absent when there was no limit or nothing is left.</summary>
    public string? NextPageToken { get; init; }

    /// <summary>What was erased of the series, whose points are therefore not here; absent when nothing was.</summary>
    public IReadOnlyList<ErasureInfo>? Erased { get; init; }
}

/// <summary>The value of a point as it was written.</summary>
/// <param name="Index">The place of the point in the columns beside it, from 0.</param>
/// <param name="Text">An integer: a minus or nothing, and digits.</param>
public sealed record PointText(int Index, string Text);

/// <summary>Asks for groups of runs drawn together by one metric: <see cref="Groups"/>, or what <see cref="Search"/> finds.</summary>
public sealed record GroupsRequest
{
    /// <summary>1 to 200 groups; together at most 10,000 runs.</summary>
    public IReadOnlyList<RunGroup>? Groups { get; init; }

    /// <summary>Runs to be searched and grouped.</summary>
    public GroupSearch? Search { get; init; }

    /// <summary>The metric.</summary>
    public required string Key { get; init; }

    /// <summary>"step" (default), "time", "relative" or "metric".</summary>
    public string? Axis { get; init; }

    /// <summary>The metric that is x with the axis "metric": its last value at the same step. Reads all points of both metrics, at most 2,000,000.</summary>
    public string? XKey { get; init; }

    /// <summary>Buckets, 1 to 10,000. Default 1,000.</summary>
    public int? Buckets { get; init; }

    /// <summary>Least x; null for the least of all runs.</summary>
    public double? From { get; init; }

    /// <summary>Greatest x; null for the greatest of all runs.</summary>
    public double? To { get; init; }
}

/// <summary>A group given by its runs; a run may be in several.</summary>
/// <param name="RunIds">The runs; unknown ones contribute nothing.</param>
public sealed record RunGroup(IReadOnlyList<string> RunIds);

/// <summary>A search for runs, of which all up to the newest 10,000 are grouped.</summary>
public sealed record GroupSearch
{
    /// <summary>Experiments to look in; null or empty means all.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>A condition; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>
    /// Runs that agree in all of these are a group: <c>params.x</c>, <c>tags.x</c>, <c>name</c>, <c>user</c> or <c>status</c>. Null or
    /// empty makes one group of all.
    /// </summary>
    public IReadOnlyList<string>? GroupBy { get; init; }
}

/// <summary>Drawn groups on common buckets.</summary>
/// <param name="X">The least x of the points in each bucket; buckets without finite values are left out.</param>
/// <param name="Groups">The groups: as asked for, or the largest first.</param>
/// <param name="Runs">Runs that were looked at.</param>
/// <param name="Complete">False when the search matches more runs than that; the newest were taken.</param>
public sealed record GroupsResponse(double[] X, IReadOnlyList<GroupInfo> Groups, int Runs, bool Complete)
{
    /// <summary>Least x of the range; absent without points.</summary>
    public double? From { get; init; }

    /// <summary>Greatest x of the range; absent without points.</summary>
    public double? To { get; init; }

    /// <summary>What was erased of the metric in these runs, whose points are therefore not in the groups, at most the first 1,000; absent when nothing was.</summary>
    public IReadOnlyList<ErasureInfo>? Erased { get; init; }
}

/// <summary>One group, columnar; a run counts once a bucket, with the mean of its finite values there. "NaN" where the count is 0.</summary>
/// <param name="By">What the runs agree in, by field of groupBy; a param or tag that they lack is absent. Null for groups given by ids.</param>
/// <param name="Runs">Runs of the group.</param>
/// <param name="Drawn">Those that have a finite value in the range.</param>
/// <param name="Mean">Mean of the runs' means.</param>
/// <param name="Deviation">Sample standard deviation of the runs' means, 0 for one run.</param>
/// <param name="Min">Least finite value of any point.</param>
/// <param name="Max">Greatest finite value of any point.</param>
/// <param name="Count">Runs with a finite value in the bucket.</param>
public sealed record GroupInfo(
    IReadOnlyDictionary<string, string>? By, int Runs, int Drawn, double[] Mean, double[] Deviation, double[] Min, double[] Max, int[] Count);
