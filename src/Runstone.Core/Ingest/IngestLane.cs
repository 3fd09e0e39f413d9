using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;

namespace Runstone.Core.Ingest;

/// <summary>A batch on its way through a lane, with the memory it was admitted with.</summary>
internal sealed record PendingBatch(IngestBatch Batch, long Bytes)
{
    public TaskCompletionSource<IngestOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One writer: takes what waits, commits it as a group, tells its callers and the feed, and begins again.</summary>
internal sealed partial class IngestLane
{
    private readonly IIngestStore _store;
    private readonly ChangeFeed _feed;
    private readonly SealSignal? _seals;
    private readonly Allowance _room;
    private readonly LaneChoice? _choice;
    private readonly TimeProvider _time;
    private readonly IngestOptions _options;
    private readonly ILogger _logger;

    // Bounded by the room that each batch was given before it came here.
    private readonly Channel<PendingBatch> _queue = Channel.CreateUnbounded<PendingBatch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;

    public IngestLane(
        IIngestStore store, ChangeFeed feed, SealSignal? seals, Allowance room, LaneChoice? choice, TimeProvider time, IngestOptions options, ILogger logger)
    {
        (_store, _feed, _seals, _room, _choice, _time, _options, _logger) = (store, feed, seals, room, choice, time, options, logger);
        _writer = Task.Run(RunAsync);
    }

    /// <summary>Queues the batch; false when the lane takes no more.</summary>
    public bool TryAdd(PendingBatch pending) => _queue.Writer.TryWrite(pending);

    /// <summary>Takes no more batches; the task ends when all that were taken are durable or refused.</summary>
    public Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        return _writer;
    }

    private async Task RunAsync()
    {
        var group = new List<PendingBatch>(_options.GroupSize);
        var batches = new List<IngestBatch>(_options.GroupSize);
        var outcomes = new IngestOutcome[_options.GroupSize];
        while (await _queue.Reader.WaitToReadAsync())
        {
            Collect(group, batches);
            await CommitAsync(group, batches, outcomes.AsMemory(0, group.Count));
            outcomes.AsSpan(0, group.Count).Clear();
            group.Clear();
            batches.Clear();
        }
    }

    private void Collect(List<PendingBatch> group, List<IngestBatch> batches)
    {
        var points = 0;
        while (group.Count < _options.GroupSize && points < _options.GroupPoints && _queue.Reader.TryRead(out var pending))
        {
            group.Add(pending);
            batches.Add(pending.Batch);
            points += pending.Batch.Metrics.Points.Length;
        }
    }

    private async Task CommitAsync(List<PendingBatch> group, List<IngestBatch> batches, Memory<IngestOutcome> outcomes)
    {
        var started = _time.GetTimestamp();
        try
        {
            await _store.CommitAsync(batches, outcomes, _time.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);
        }
        catch (RunstoneException e)
        {
            LogGroupLost(e, group.Count);
            outcomes.Span.Fill(new IngestOutcome(null, e.Error));
        }
        catch (Exception e)
        {
            LogGroupLost(e, group.Count);
            var error = new Error(ErrorCode.Unavailable, "The store failed; nothing of this request was kept. The server's log has the cause.");
            outcomes.Span.Fill(new IngestOutcome(null, error));
        }

        IngestTelemetry.CommitTime.Record(_time.GetElapsedTime(started).TotalSeconds);
        IngestTelemetry.CommitBatches.Record(group.Count);
        Finish(group, outcomes.Span);
    }

    private void Finish(List<PendingBatch> group, Span<IngestOutcome> outcomes)
    {
        var (bytes, written, points) = (0L, 0, 0L);
        for (var i = 0; i < group.Count; i++)
        {
            var (batch, outcome) = (group[i].Batch, outcomes[i]);
            bytes += group[i].Bytes;
            if (outcome.Error is not null)
            {
                IngestTelemetry.Refuse(outcome.Error.Code);
            }
            else
            {
                written++;
                points += batch.Metrics.Points.Length;
                _seals?.Tell(outcome.TailPoints);
                if (!outcome.Replayed)
                    _feed.Publish(new RunChange(outcome.Run!.ExperimentId, batch.RunId, ChangesOf(batch)));
            }
        }

        IngestTelemetry.Batches.Add(written);
        IngestTelemetry.Points.Add(points);

        // Before the callers are told, so that what they send next may take another lane.
        _choice?.Leave(group);
        for (var i = 0; i < group.Count; i++)
            group[i].Completion.SetResult(outcomes[i]);
        _room.Return(group.Count, bytes);
    }

    private static ChangeKinds ChangesOf(IngestBatch batch)
    {
        var kinds = ChangeKinds.None;
        if (batch.Create is not null)
            kinds |= ChangeKinds.Created;
        if (batch.Patch is not null)
            kinds |= ChangeKinds.Facts;
        if (batch.Params.Count > 0)
            kinds |= ChangeKinds.Params;
        if (batch.Tags.Count > 0 || batch.RemoveTags.Count > 0)
            kinds |= ChangeKinds.Tags;
        if (batch.Metrics.Points.Length > 0)
            kinds |= ChangeKinds.Metrics;
        if (batch.Artifacts.Count > 0 || batch.RemoveArtifacts.Count > 0)
            kinds |= ChangeKinds.Artifacts;
        if (batch.Inputs.Count > 0 || batch.Models.Count > 0)
            kinds |= ChangeKinds.Inputs;
        if (batch.Console is not null)
            kinds |= ChangeKinds.Console;
        if (batch.Media.Count > 0)
            kinds |= ChangeKinds.Media;
        return kinds;
    }

    [LoggerMessage(1001, LogLevel.Error, "A commit of {Batches} batches failed; nothing of them was kept and their clients were told.")]
    private partial void LogGroupLost(Exception exception, int batches);
}
