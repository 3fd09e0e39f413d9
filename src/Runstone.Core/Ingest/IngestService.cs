using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Runstone.Core.Errors;
using Runstone.Core.Runs;

namespace Runstone.Core.Ingest;

/// <summary>
/// The one way to write a run: validates, queues, commits in groups and announces. A call completes after its batch is durable
/// (or refused). The queue is bounded; when it is full, callers wait.
/// </summary>
public sealed partial class IngestService : IAsyncDisposable
{
    private readonly IIngestStore _store;
    private readonly ChangeFeed _feed;
    private readonly TimeProvider _time;
    private readonly IngestOptions _options;
    private readonly ILogger<IngestService> _logger;
    private readonly Channel<Pending> _queue;
    private readonly Task _writer;

    public IngestService(IIngestStore store, ChangeFeed feed, TimeProvider time, IngestOptions options, ILogger<IngestService> logger)
    {
        (_store, _feed, _time, _options, _logger) = (store, feed, time, options, logger);
        _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _writer = Task.Run(RunAsync);
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
            return new IngestOutcome(null, error);
        var pending = new Pending(batch);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return new IngestOutcome(null, new Error(ErrorCode.Unavailable, "The server is stopping; send the request again."));
        }

        IngestTelemetry.Queued.Add(1);
        return await pending.Completion.Task;
    }

    /// <summary>Takes no more batches and returns when all that were taken are durable.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
    }

    private async Task RunAsync()
    {
        var group = new List<Pending>(_options.GroupSize);
        var batches = new List<IngestBatch>(_options.GroupSize);
        var outcomes = new IngestOutcome[_options.GroupSize];
        while (await _queue.Reader.WaitToReadAsync())
        {
            Collect(group, batches);
            IngestTelemetry.Queued.Add(-group.Count);
            await CommitAsync(group, batches, outcomes.AsMemory(0, group.Count));
            outcomes.AsSpan(0, group.Count).Clear();
            group.Clear();
            batches.Clear();
        }
    }

    private void Collect(List<Pending> group, List<IngestBatch> batches)
    {
        var points = 0;
        while (group.Count < _options.GroupSize && points < _options.GroupPoints && _queue.Reader.TryRead(out var pending))
        {
            group.Add(pending);
            batches.Add(pending.Batch);
            points += pending.Batch.Metrics.Points.Length;
        }
    }

    private async Task CommitAsync(List<Pending> group, List<IngestBatch> batches, Memory<IngestOutcome> outcomes)
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
        IngestTelemetry.GroupSize.Record(group.Count);
        Finish(group, outcomes.Span);
    }

    private void Finish(List<Pending> group, Span<IngestOutcome> outcomes)
    {
        for (var i = 0; i < group.Count; i++)
        {
            var (batch, outcome) = (group[i].Batch, outcomes[i]);
            if (outcome.Error is not null)
            {
                IngestTelemetry.Rejected.Add(1);
            }
            else
            {
                IngestTelemetry.Batches.Add(1);
                IngestTelemetry.Points.Add(batch.Metrics.Points.Length);
                if (!outcome.Replayed)
                    _feed.Publish(new RunChange(outcome.Run!.ExperimentId, batch.RunId, KindsOf(batch)));
            }

            group[i].Completion.SetResult(outcome);
        }
    }

    private static ChangeKinds KindsOf(IngestBatch batch)
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
        return kinds;
    }

    [LoggerMessage(1001, LogLevel.Error, "A commit of {Batches} batches failed; nothing of them was kept and their clients were told.")]
    private partial void LogGroupLost(Exception exception, int batches);

    private sealed record Pending(IngestBatch Batch)
    {
        public TaskCompletionSource<IngestOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
