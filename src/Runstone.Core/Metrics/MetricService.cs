using Runstone.Core.Errors;

namespace Runstone.Core.Metrics;

/// <summary>Use cases of metrics: reading and drawing.</summary>
public sealed class MetricService(IMetricStore store)
{
    public const int MaxSeries = 1000;
    public const int MaxBuckets = 10_000;

    public Task<IReadOnlyList<MetricSummary>> ListAsync(string runId, CancellationToken cancellationToken) =>
        store.ListAsync(runId, cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken) =>
        store.ReadAsync(query, cancellationToken);

    public Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken)
    {
        if (queries.Count > MaxSeries)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{queries.Count} series were asked for; at most {MaxSeries} fit one request.", "series"));
        if (queries.FirstOrDefault(q => q.Buckets is < 1 or > MaxBuckets) is { } wrong)
            throw new RunstoneException(Error.Invalid("buckets", $"{wrong.Buckets} is not a number of buckets: use 1 to {MaxBuckets}."));
        return store.DrawAsync(queries, cancellationToken);
    }
}
