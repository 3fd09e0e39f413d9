using System.Text.Json;

namespace Runstone.Protocol;

/// <summary>The values of <see cref="RunInfo.Status"/>.</summary>
public static class RunStatuses
{
    /// <summary>The run is under way.</summary>
    public const string Running = "running";

    /// <summary>The run waits to start.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>The run ended well.</summary>
    public const string Finished = "finished";

    /// <summary>The run ended with an error.</summary>
    public const string Failed = "failed";

    /// <summary>The run was stopped from outside.</summary>
    public const string Killed = "killed";
}

/// <summary>The facts of a run that are not logged data.</summary>
/// <param name="Id">1 to 256 letters, digits, <c>_</c> and <c>-</c>.</param>
/// <param name="ExperimentId">The experiment it belongs to.</param>
/// <param name="Name">A name for people; need not be unique.</param>
/// <param name="User">Who started it.</param>
/// <param name="Status">One of <see cref="RunStatuses"/>.</param>
/// <param name="StartTime">Unix milliseconds.</param>
/// <param name="EndTime">Unix milliseconds; null while it runs.</param>
/// <param name="Lifecycle">"active", "archived" or "deleted".</param>
/// <param name="ParentId">The run it is nested in; null for a top-level run.</param>
/// <param name="UpdatedAt">Unix milliseconds of the newest write, the server's clock.</param>
public sealed record RunInfo(
    string Id, string ExperimentId, string Name, string User, string Status, long StartTime, long? EndTime,
    string Lifecycle, string? ParentId, long UpdatedAt);

/// <summary>The newest value of a series and what is known of all of it. Not finite values are the strings "NaN", "Infinity", "-Infinity".</summary>
/// <param name="Last">Value of the greatest point by (step, time, value).</param>
/// <param name="Step">Its step; up to six decimals.</param>
/// <param name="Time">Its time, Unix milliseconds.</param>
/// <param name="Min">Least value that is not NaN; null when there is none.</param>
/// <param name="Max">Greatest value that is not NaN; null when there is none.</param>
/// <param name="First">Value of the first point received.</param>
/// <param name="Count">Points received.</param>
public sealed record MetricSummaryInfo(double Last, double Step, long Time, double? Min, double? Max, double First, long Count);

/// <summary>A dataset version as the client described it.</summary>
/// <param name="Name">1 to 500 characters.</param>
/// <param name="Digest">Digest of the content; the SDK sends <c>sha256:</c> and 64 hex digits.</param>
/// <param name="SourceType">For example <c>local</c>, <c>http</c>, <c>s3</c>.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Schema">Columns as JSON text; null when unknown.</param>
/// <param name="Profile">Counts and statistics as JSON text; null when unknown.</param>
public sealed record DatasetInfo(string Name, string Digest, string SourceType, string Source, string? Schema = null, string? Profile = null);

/// <summary>A dataset that a run read.</summary>
/// <param name="Dataset">The dataset version.</param>
/// <param name="Tags">Tags of this use; <c>context</c> says for what.</param>
public sealed record DatasetInputInfo(DatasetInfo Dataset, IReadOnlyDictionary<string, string> Tags);

/// <summary>An edge between a run and a logged model.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Direction">"input" or "output".</param>
/// <param name="Step">The step at which it was made.</param>
public sealed record ModelLinkInfo(string ModelId, string Direction, long Step);

/// <summary>A run with the columns a search or a read asked for.</summary>
/// <param name="Info">The facts.</param>
/// <param name="Params">Hyperparameters by key.</param>
/// <param name="Metrics">Summaries of series by key.</param>
/// <param name="Tags">Tags by key.</param>
/// <param name="Inputs">Datasets it read.</param>
/// <param name="Models">Logged models it read or made.</param>
public sealed record RunRow(
    RunInfo Info, IReadOnlyDictionary<string, string> Params, IReadOnlyDictionary<string, MetricSummaryInfo> Metrics,
    IReadOnlyDictionary<string, string> Tags, IReadOnlyList<DatasetInputInfo> Inputs, IReadOnlyList<ModelLinkInfo> Models);

/// <summary>A run with all it has but histories and files.</summary>
/// <param name="Run">Facts, params, metrics, tags, inputs, models.</param>
/// <param name="Notes">Notes in Markdown.</param>
/// <param name="Environment">Code, command and machine; null when the client told nothing.</param>
/// <param name="Children">Runs nested in this one.</param>
public sealed record RunDetailsInfo(RunRow Run, string Notes, RunEnvironment? Environment, IReadOnlyList<RunInfo> Children);

/// <summary>Creates a run.</summary>
public sealed record CreateRunRequest
{
    /// <summary>The experiment by id; give this or <see cref="Experiment"/>.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>The experiment by name, made when there is none.</summary>
    public string? Experiment { get; init; }

    /// <summary>The run's id; the server chooses one when null.</summary>
    public string? Id { get; init; }

    /// <summary>The run's name; made up when null or empty.</summary>
    public string? Name { get; init; }

    /// <summary>Who starts it.</summary>
    public string? User { get; init; }

    /// <summary>Unix milliseconds; the server's clock when null.</summary>
    public long? StartTime { get; init; }

    /// <summary>The run it is nested in.</summary>
    public string? ParentId { get; init; }

    /// <summary>Notes in Markdown.</summary>
    public string? Notes { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Code, command and machine.</summary>
    public RunEnvironment? Environment { get; init; }

    /// <summary>
    /// When a run with <see cref="Id"/> exists: false answers with an error, true resumes it (status running, end time cleared)
    /// and leaves its other facts alone.
    /// </summary>
    public bool Resume { get; init; }
}

/// <summary>Changes the facts of a run; absent members stay as they are.</summary>
public sealed record UpdateRunRequest
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>One of <see cref="RunStatuses"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Unix milliseconds; the server's clock when the status ends the run and this is null.</summary>
    public long? EndTime { get; init; }

    /// <summary>"active", "archived" or "deleted".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>Notes in Markdown.</summary>
    public string? Notes { get; init; }

    /// <summary>Code, command and machine, replacing what was known; clients find it out while the run is already under way.</summary>
    public RunEnvironment? Environment { get; init; }

    /// <summary>Tags to set; a null value removes the tag.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }
}

/// <summary>Searches runs.</summary>
public sealed record SearchRunsRequest
{
    /// <summary>Experiments to look in; null or empty means all.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>A condition, for example <c>metrics.loss &lt; 0.1 and params.model = "forest"</c>; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>For example <c>metrics.auc desc</c>; default <c>start_time desc</c>.</summary>
    public IReadOnlyList<string>? OrderBy { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>1 to 1,000; default 100.</summary>
    public int? Limit { get; init; }

    /// <summary>The token of the page before.</summary>
    public string? PageToken { get; init; }

    /// <summary>Columns wanted; null returns all of them.</summary>
    public RunColumns? Columns { get; init; }

    /// <summary>Also count the runs that match. Default false.</summary>
    public bool Count { get; init; }
}

/// <summary>Keys of the columns wanted; a null list means all keys, an empty list none.</summary>
public sealed record RunColumns
{
    /// <summary>Metric keys.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }

    /// <summary>Param keys.</summary>
    public IReadOnlyList<string>? Params { get; init; }

    /// <summary>Tag keys.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether dataset inputs and model links are wanted.</summary>
    public bool Inputs { get; init; }
}

/// <summary>A page of runs.</summary>
/// <param name="Runs">In the order asked for.</param>
/// <param name="NextPageToken">Send it back as <c>pageToken</c> for the next page; null on the last one.</param>
/// <param name="Total">Runs that match, counted up to 10,000; null when not asked for.</param>
/// <param name="TotalIsExact">False when there are more than <paramref name="Total"/>.</param>
public sealed record RunPage(IReadOnlyList<RunRow> Runs, string? NextPageToken, long? Total, bool? TotalIsExact);

/// <summary>Searches runs as <see cref="SearchRunsRequest"/> does, for a wide table.</summary>
public sealed record RunTableRequest
{
    /// <summary>Experiments to look in; null or empty means all.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>A condition; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>For example <c>metrics.auc desc</c>; default <c>start_time desc</c>.</summary>
    public IReadOnlyList<string>? OrderBy { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>
    /// Leaves out runs that are nested in another run of the experiments and the lifecycle looked for: what a tree begins with. Default false.
    /// </summary>
    public bool Roots { get; init; }

    /// <summary>Only the runs of a group, and of the groups around it, as <c>/runs/groups</c> gave them; at most 16.</summary>
    public IReadOnlyList<RunGroupKey>? Within { get; init; }

    /// <summary>1 to 10,000; default 1,000. Runs times columns are at most 2,000,000.</summary>
    public int? Limit { get; init; }

    /// <summary>Runs of the order to pass over before the page, from the token's run on when there is one; 0 to 1,000,000, default 0.</summary>
    public int? Skip { get; init; }

    /// <summary>The token of the page before, of a table or of a search.</summary>
    public string? PageToken { get; init; }

    /// <summary>
    /// The columns, named as in an order: <c>name</c>, <c>params.lr</c>, <c>tags.host</c>, <c>metrics.loss</c> (the last value),
    /// <c>metrics.loss:min</c>, <c>metrics.loss:max</c>; and <c>lifecycle</c>, <c>children</c> (how many active runs of the experiments are nested in
    /// the run), <c>inputs</c> (datasets as <c>name@digest</c>, a line each). At most 10,000.
    /// </summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Also count the runs that match, up to 1,000,000. Default false.</summary>
    public bool Count { get; init; }
}

/// <summary>A page of runs, column by column.</summary>
/// <param name="Runs">Ids, in the order asked for.</param>
/// <param name="Columns">As asked for, in that order.</param>
/// <param name="NextPageToken">Send it back as <c>pageToken</c> for the next page; null on the last one.</param>
/// <param name="Total">Runs that match, counted up to 1,000,000; null when not asked for.</param>
/// <param name="TotalIsExact">False when there are more than <paramref name="Total"/>.</param>
public sealed record RunTablePage(
    IReadOnlyList<string> Runs, IReadOnlyList<RunTableColumnInfo> Columns, string? NextPageToken, long? Total, bool? TotalIsExact);

/// <summary>One column of a table.</summary>
/// <param name="Field">As it was asked for.</param>
/// <param name="Values">
/// One a run: a number or a text, null where the run lacks it. Not finite numbers are the strings "NaN", "Infinity", "-Infinity".
/// </param>
public sealed record RunTableColumnInfo(string Field, IReadOnlyList<JsonElement> Values);
