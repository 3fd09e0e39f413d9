using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Runstone.Core.Ingest;

namespace Runstone.Storage.Postgres;

/// <summary>Group commit on a database that other nodes write to as well. Overlapping calls take lanes of their own.</summary>
internal sealed class PostgresIngestStore(PostgresDatabase database, string node, TimeSpan retryFor, TimeProvider time, ILogger logger)
    : IIngestStore, IAsyncDisposable
{
    private readonly KeyIds _keys = new();
    private readonly KnownRuns _runs = new();
    private readonly ConcurrentBag<IngestLane> _idle = [];
    private int _lanes;

    public async ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        if (!_idle.TryTake(out var lane))
            lane = new IngestLane(database, _keys, _runs, node, Interlocked.Increment(ref _lanes), retryFor, time, logger);
        try
        {
            await lane.CommitAsync(batches, outcomes, now, cancellationToken);
        }
        finally
        {
            _idle.Add(lane);
        }
    }

    public ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var lane))
            lane.Dispose();
        return ValueTask.CompletedTask;
    }
}
