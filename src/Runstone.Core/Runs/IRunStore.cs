using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>
/// Reads runs. Key: the run id. All writes to a run go through <see cref="Ingest.IIngestStore"/>. Reads see every write
/// acknowledged before they begin. Absence is null or an empty list.
/// </summary>
public interface IRunStore
{
    /// <summary>The run alone, deleted or not; null when there is none.</summary>
    Task<Run?> GetAsync(string runId, CancellationToken cancellationToken);

    /// <summary>The run with all it has, read at one instant; null when there is none.</summary>
    Task<RunDetails?> GetDetailsAsync(string runId, CancellationToken cancellationToken);

    /// <summary>
    /// One page of the runs that match, with the columns asked for. A comparison is false when the run lacks the key. In an
    /// order, runs without a value come last in both directions, NaN before them; ties and the default order are start time
    /// descending, then run id ascending. Fields: <see cref="RunFields"/>, metrics, params, tags, datasets. Pages that go on from
    /// <see cref="FoundRuns.Next"/> by <see cref="RunQuery.After"/> show each run once that matches all the while and whose values of
    /// the order stay what they are, whatever is written in between.
    /// </summary>
    Task<FoundRuns> SearchAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The page that <see cref="SearchAsync"/> finds, as columns: each of <paramref name="columns"/>, which are attributes, metrics, params
    /// and tags, in the order given. <see cref="RunQuery.Columns"/> does not matter. An attribute is a number or a text as
    /// <see cref="RunFields"/> and <see cref="RunColumnFields"/> say, but for the id of the experiment, which is a text here. Runs and values are of one instant.
    /// </summary>
    Task<RunTable> ReadTableAsync(RunQuery query, IReadOnlyList<Field> columns, CancellationToken cancellationToken);

    /// <summary>
    /// Every metric, param and tag of the first runs that match, up to the limit of the query and to <paramref name="maxValues"/> values, after which no run is begun.
    /// </summary>
    Task<ColumnSurvey> DescribeColumnsAsync(RunQuery query, int maxValues, CancellationToken cancellationToken);

    /// <summary>
    /// The values that the active runs of the experiment have in a param, a tag, a dataset or an attribute that is a text; only those that contain
    /// <paramref name="contains"/> (case-insensitive) unless that is empty. At most <paramref name="maxLooks"/> values of runs are looked at, whichever they are.
    /// </summary>
    Task<FieldValues> ListValuesAsync(
        long experimentId, Field field, string contains, int limit, int maxLooks, CancellationToken cancellationToken);

    /// <summary>
    /// How many runs match, counted up to <paramref name="ceiling"/> and no further. Order, position, offset and limit do not matter.
    /// </summary>
    Task<long> CountAsync(RunQuery query, long ceiling, CancellationToken cancellationToken);

    /// <summary>
    /// The keys in use in the experiments, ordered by name, at most <paramref name="limit"/>; only those that contain
    /// <paramref name="contains"/> (case-insensitive) unless that is empty. <paramref name="kind"/> is metric, param or tag.
    /// </summary>
    Task<IReadOnlyList<string>> ListKeysAsync(
        IReadOnlyList<long> experimentIds, FieldKind kind, string contains, int limit, CancellationToken cancellationToken);

    /// <summary>Ids of the runs whose parent is this one, active ones only, by start time ascending, at most 1,000.</summary>
    Task<IReadOnlyList<Run>> ListChildrenAsync(string runId, CancellationToken cancellationToken);
}
