using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Core.Tests.Ingest;

/// <summary>Keeps runs in memory and shows how batches were grouped; a gate holds commits back.</summary>
internal sealed class MemoryIngestStore : IIngestStore
{
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);

    /// <summary>The sizes of the groups, in order.</summary>
    public List<int> Groups { get; } = [];

    /// <summary>Completed when commits may go on.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when a commit waits at the gate.</summary>
    public TaskCompletionSource AtGate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Thrown by the next commit.</summary>
    public Exception? Fault { get; set; }

    public async ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        AtGate.TrySetResult();
        await Gate.Task.WaitAsync(cancellationToken);
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }

        lock (_runs)
        {
            Groups.Add(batches.Count);
            for (var i = 0; i < batches.Count; i++)
                outcomes.Span[i] = Apply(batches[i], now);
        }
    }

    private IngestOutcome Apply(IngestBatch batch, long now)
    {
        if (batch.Create is { } create)
        {
            var run = new Run { Id = batch.RunId, ExperimentId = create.ExperimentId, UpdatedAt = now };
            return _runs.TryAdd(batch.RunId, run) ? new IngestOutcome(run, null) : new IngestOutcome(null, new RunAlreadyExists(batch.RunId));
        }

        return _runs.TryGetValue(batch.RunId, out var known)
            ? new IngestOutcome(known, null, Replayed: batch.Sequence is { Number: 0 })
            : new IngestOutcome(null, new RunNotFound(batch.RunId));
    }
}
