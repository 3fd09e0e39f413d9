using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Core.Ingest;

/// <summary>
/// The one way to write a run: validates, queues, commits in groups and announces. A call completes after its batch is durable
/// (or refused). What waits is bounded in number and in bytes; a caller that finds no room waits for a moment and is then refused
/// with <see cref="ErrorCode.Busy"/>. The batches of a run are committed in the order in which they came.
/// </summary>
public sealed class IngestService : IAsyncDisposable
{
    private static readonly Error Full = new(
        ErrorCode.Busy, "More is waiting to be written than the server may keep in memory; nothing of this request was kept. Send it again after a pause.");

    private static readonly Error Stopping = new(ErrorCode.Unavailable, "The server is stopping; send the request again.");

    private readonly IngestOptions _options;
    private readonly Allowance _room;
    private readonly Meter _meter;
    private readonly IngestLane[] _lanes;

    /// <summary>Null when there is one lane.</summary>
    private readonly LaneChoice? _choice;

    /// <param name="store">Where batches go.</param>
    /// <param name="feed">Told of what changed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="logger">Told of what fails.</param>
    /// <param name="seals">Told how long logs have grown; null when nobody seals.</param>
    public IngestService(
        IIngestStore store, ChangeFeed feed, TimeProvider time, IngestOptions options, ILogger<IngestService> logger, SealSignal? seals = null)
    {
        _options = options;
        _room = new Allowance(options.QueueLength, options.QueueBytes, time);
        _meter = IngestTelemetry.Observe(_room);
        _choice = options.Writers > 1 ? new LaneChoice(options.Writers) : null;
        _lanes = [.. Enumerable.Range(0, options.Writers).Select(_ => new IngestLane(store, feed, seals, _room, _choice, time, options, logger))];
    }

    /// <summary>
    /// Writes the batch and returns the run as it is afterwards. Throws <see cref="RunstoneException"/> when nothing of it was
    /// kept. Once queued, a batch is written even when the caller gives up.
    /// </summary>
    public async ValueTask<Run> WriteAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        var outcome = await SubmitAsync(batch, cancellationToken);
        return outcome.Error is null ? outcome.Run! : throw new RunstoneException(outcome.Error);
    }

    /// <summary>Writes the batch; a refusal is in the outcome instead of an exception.</summary>
    public async ValueTask<IngestOutcome> SubmitAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        if (IngestValidation.Check(batch) is { } error)
            return Refuse(error);
        var bytes = BatchMemory.Estimate(batch);
        if (!_room.TryTake(1, bytes) && !await _room.TakeAsync(1, bytes, _options.QueueWait, cancellationToken))
            return Refuse(Full);
        var pending = new PendingBatch(batch, bytes);
        if (!_lanes[_choice?.Enter(batch.RunId, bytes) ?? 0].TryAdd(pending))
        {
            _choice?.Leave([pending]);
            _room.Return(1, bytes);
            return Refuse(Stopping);
        }

        return await pending.Completion.Task;
    }

    /// <summary>Takes no more batches and returns when all that were taken are durable.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_lanes.Select(lane => lane.CompleteAsync()));
        _meter.Dispose();
    }

    private static IngestOutcome Refuse(Error error)
    {
        IngestTelemetry.Refuse(error.Code);
        return new IngestOutcome(null, error);
    }
}
