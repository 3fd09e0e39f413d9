namespace Runstone.Protocol;

/// <summary>An experiment: a named set of runs.</summary>
/// <param name="Id">A whole number as text; "0" is the experiment "Default".</param>
/// <param name="Name">Unique, 1 to 500 characters.</param>
/// <param name="Lifecycle">"active", "archived" or "deleted".</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="Tags">Free key-value pairs.</param>
/// <param name="Summary">Run counts; null where the call does not ask for them.</param>
/// <param name="Notes">Notes in Markdown; null in lists.</param>
/// <param name="PinnedMetric">The key of the metric by which people look at its runs in lists of experiments; null when nobody chose one.</param>
public sealed record ExperimentInfo(
    string Id, string Name, string Lifecycle, long CreatedAt, long UpdatedAt,
    IReadOnlyDictionary<string, string> Tags, ExperimentCounts? Summary = null, string? Notes = null, string? PinnedMetric = null);

/// <summary>Counts over the active runs of an experiment.</summary>
/// <param name="Runs">All of them.</param>
/// <param name="Running">Those that run.</param>
/// <param name="Failed">Those that failed or were killed.</param>
/// <param name="LastActivityAt">Unix milliseconds of the newest start or end of a run.</param>
/// <param name="Finished">Those that finished.</param>
/// <param name="Pinned">The pinned metric in the newest runs; null when none is pinned.</param>
public sealed record ExperimentCounts(long Runs, long Running, long Failed, long LastActivityAt, long Finished = 0, PinnedValues? Pinned = null);

/// <summary>The last value of a metric in the newest active runs that have it, at most 40 and among the newest 200, by their start.</summary>
/// <param name="Runs">Ids, the one that started first first.</param>
/// <param name="Values">One a run. Not finite values are the strings "NaN", "Infinity", "-Infinity".</param>
public sealed record PinnedValues(IReadOnlyList<string> Runs, IReadOnlyList<double> Values);

/// <summary>Creates an experiment.</summary>
public sealed record CreateExperimentRequest
{
    /// <summary>1 to 500 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Free key-value pairs.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Notes in Markdown, at most 262,144 characters.</summary>
    public string? Notes { get; init; }

    /// <summary>Answer with the active experiment of that name when there is one, instead of an error. Default false.</summary>
    public bool GetOrCreate { get; init; }
}

/// <summary>Changes an experiment; absent members stay as they are.</summary>
public sealed record UpdateExperimentRequest
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>"active", "archived" or "deleted"; runs follow when it is deleted or restored.</summary>
    public string? Lifecycle { get; init; }

    /// <summary>Notes in Markdown, at most 262,144 characters.</summary>
    public string? Notes { get; init; }

    /// <summary>The key of the metric to show in lists of experiments; an empty one takes the pin away.</summary>
    public string? PinnedMetric { get; init; }

    /// <summary>Tags to set; a null value removes the tag.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }
}

/// <summary>A page of experiments.</summary>
/// <param name="Experiments">In the order asked for.</param>
/// <param name="NextPageToken">Send it back as <c>pageToken</c> for the next page; null on the last one.</param>
public sealed record ExperimentPage(IReadOnlyList<ExperimentInfo> Experiments, string? NextPageToken);

/// <summary>Keys in use in experiments, for choosing columns and completing filters.</summary>
/// <param name="Metrics">Metric keys, ordered.</param>
/// <param name="Params">Param keys, ordered.</param>
/// <param name="Tags">Tag keys, ordered.</param>
/// <param name="Truncated">More keys exist than the limit of the request.</param>
public sealed record KeyList(IReadOnlyList<string> Metrics, IReadOnlyList<string> Params, IReadOnlyList<string> Tags, bool Truncated);
