using Runstone.Core.Errors;

namespace Runstone.Core.Metrics;

/// <summary>Use cases of metrics: reading and drawing.</summary>
public sealed class MetricService(IMetricStore store)
{
    public const int MaxSeries = 1000;
    public const int MaxBuckets = 10_000;

    public const int MaxGroups = 200;

    /// <summary>Runs of all groups of a request.</summary>
    public const int MaxGroupRuns = 200_000;

    /// <summary>Points that are not sealed which a read holds at a time; it goes through runs in turn, so that one with more is the only one that is refused.</summary>
    public const int MaxTailPoints = 2_000_000;

    /// <summary>Points that a request reads to draw metrics over others.</summary>
    public const int MaxJoinedPoints = 2_000_000;

    /// <summary>Texts of one point that a read gives out.</summary>
    public const int MaxTexts = 16;

    public Task<IReadOnlyList<MetricSummary>> ListAsync(string runId, CancellationToken cancellationToken) =>
        store.ListAsync(runId, cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken) =>
        store.ReadAsync(query, cancellationToken);

    public Task<IReadOnlyList<MetricText>> ReadTextsAsync(
        string runId, string key, ReadOnlyMemory<SeriesPoint> points, CancellationToken cancellationToken) =>
        store.ReadTextsAsync(runId, key, points, cancellationToken);

    public Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken)
    {
        if (queries.Count > MaxSeries)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{queries.Count} series were asked for; at most {MaxSeries} fit one request.", "series"));
        foreach (var query in queries)
            RequireBuckets(query.Buckets);
        return store.DrawAsync(queries, cancellationToken);
    }

    public Task<GroupFrames> AggregateAsync(GroupQuery query, CancellationToken cancellationToken)
    {
        RequireBuckets(query.Buckets);
        if (query.Groups.Count > MaxGroups)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"There are {query.Groups.Count} groups; at most {MaxGroups} fit one request. Group by fewer fields, or narrow the search.", "groups"));
        var runs = query.Groups.Sum(g => g.Count);
        if (runs > MaxGroupRuns)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The groups have {runs} runs; at most {MaxGroupRuns} fit one request.", "groups"));
        return store.AggregateAsync(query, cancellationToken);
    }

    private static void RequireBuckets(int buckets)
    {
        if (buckets is < 1 or > MaxBuckets)
            throw new RunstoneException(Error.Invalid("buckets", $"{buckets} is not a number of buckets: use 1 to {MaxBuckets}."));
    }
}
