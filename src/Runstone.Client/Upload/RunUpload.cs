using Runstone.Client.Api;
using Runstone.Client.Diagnostics;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>How an upload ended.</summary>
internal enum UploadEnd
{
    /// <summary>All is acknowledged, the end of the run included.</summary>
    Complete,

    /// <summary>All that is there is acknowledged, but the run was never ended.</summary>
    Unfinished,

    /// <summary>The server refuses the run; what is left stays on disk.</summary>
    Refused,
}

/// <summary>
/// Brings one outbox to the server: records in order in one lane, files in another so that a large file does not hold up curves.
/// The same code works beside a live writer and on what a dead process left.
/// </summary>
internal sealed class RunUpload
{
    private readonly OutboxFolder _folder;
    private readonly RunsClient _runs;
    private readonly ConsoleClient _consoles;
    private readonly Sender _sender;
    private readonly PointsCall _points;
    private readonly TrackingClientOptions _options;
    private readonly DiagnosticSink _diagnostics;
    private readonly FileLane _files;
    private readonly SentTracker _sent;
    private readonly Func<long?> _written;
    private readonly AsyncPulse _more = new();

    /// <param name="folder">The outbox, locked by the caller.</param>
    /// <param name="context">What all uploads of a client share.</param>
    /// <param name="written">How many records the live writer wrote; null when no more will come.</param>
    public RunUpload(OutboxFolder folder, UploadContext context, Func<long?> written)
    {
        _consoles = context.Consoles;
        (_folder, _runs, _points, _sender, _options, _diagnostics) = (folder, context.Runs, context.Points, context.Sender, context.Options, context.Diagnostics);
        _written = written;
        _sent = new SentTracker(folder, _diagnostics);
        _files = new FileLane(folder, context, _sent, written);
    }

    /// <summary>Whether part of the log was damaged.</summary>
    public bool MetDamage { get; private set; }

    /// <summary>How far it is, for progress.</summary>
    public SentTracker Sent => _sent;

    /// <summary>Looks at the log at once instead of at the next interval.</summary>
    public void Hurry()
    {
        _more.Pulse();
        _files.Hurry();
    }

    /// <summary>Completes when the records before this one, and the files among them, are acknowledged or set aside.</summary>
    public async Task WaitForAsync(long ordinal, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _sent.Changed.Next;
            if (_sent.Reaches(ordinal))
                return;
            Hurry();
            await changed.WaitAsync(cancellationToken);
        }
    }

    public async Task<UploadEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var files = Task.Run(() => _files.RunAsync(stop.Token), CancellationToken.None);
        var log = Task.Run(() => RunLogAsync(stop.Token), CancellationToken.None);
        try
        {
            // A lane that fails takes the other one with it: each may be waiting for the other.
            var first = await Task.WhenAny(files, log);
            if (!first.IsCompletedSuccessfully)
                await first;
            var end = await log;
            if (end == UploadEnd.Refused)
                return end;
            _files.Hurry();
            await files;
            return end;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(files, log).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            MetDamage |= _files.MetDamage;
        }
    }

    private async Task<UploadEnd> RunLogAsync(CancellationToken cancellationToken)
    {
        using var batches = new BatchStream(new OutboxReader(_folder, _sent.State.Log, OnDamage), _folder.Meta, _options.BatchPoints, _points);
        var pending = _sent.State.Pending;
        while (true)
        {
            var more = _more.Next;
            var written = _written();
            var batch = batches.Next(pending);
            pending = null;
            if (batch is null)
            {
                MetDamage |= batches.MetDamage;
                if (written is null)
                    return UploadEnd.Unfinished;
                await Task.WhenAny(more, Task.Delay(_options.UploadInterval, _options.TimeProvider, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }

            if (batch.EndsRun)
                await _files.ReachAsync(batch.Start.Ordinal, cancellationToken);
            _sent.Begin(batch.End);
            var begun = _options.TimeProvider.GetTimestamp();
            var sending = SendAsync(batch, batches, cancellationToken);
            if (!batch.EndsRun)
                batches.Prepare(_written());
            var (result, reason) = await sending;
            if (result == SendResult.RunRefused || (result == SendResult.Refused && batch.Create is not null))
                return RefuseRun(reason!);
            if (result == SendResult.Refused && batch.Records > 1)
            {
                batches.Halve(batch);
                continue;
            }

            if (result == SendResult.Refused)
                Reject(batch, reason!);
            batches.Accepted(batch, _options.TimeProvider.GetElapsedTime(begun));
            _sent.Acknowledge(batch.End);
            MetDamage |= batches.MetDamage;
            if (batch.EndsRun)
                return UploadEnd.Complete;
            if (batch.Create is not null || batch.Start.Segment != batch.End.Segment)
                _files.Hurry();
        }
    }

    private async Task<(SendResult Result, RunstoneApiException? Reason)> SendAsync(UploadBatch batch, BatchStream batches, CancellationToken cancellationToken)
    {
        var (result, reason) = await SendBytesAsync(batch, batches, cancellationToken);
        if (result == SendResult.Sent && batch.Console is { } console)
            (result, reason) = await SendConsoleAsync(console, cancellationToken);
        return result == SendResult.Sent ? await SendJsonAsync(batch, cancellationToken) : (result, reason);
    }

    /// <summary>What else is logged does not suffer when the server has no room for more lines, or knows of no consoles.</summary>
    private async Task<(SendResult Result, RunstoneApiException? Reason)> SendConsoleAsync(AppendConsoleRequest console, CancellationToken cancellationToken)
    {
        var outcome = await _sender.SendAsync(_folder.Meta.RunId, ct => _consoles.AppendAsync(_folder.Meta.RunId, console, ct), cancellationToken);
        if (outcome.Result != SendResult.Refused)
            return outcome;
        _diagnostics.ReportOnce(
            DiagnosticLevel.Warning, DiagnosticCodes.ConsoleRefused, $"The server does not take what the program wrote to its console, which is left out there: {outcome.Reason!.Detail}",
            _folder.Meta.RunId, outcome.Reason);
        return (SendResult.Sent, null);
    }

    // The sequence numbers are those that the requests have in JSON, so that a server that has one knows it in either form.
    private async Task<(SendResult Result, RunstoneApiException? Reason)> SendBytesAsync(
        UploadBatch batch, BatchStream batches, CancellationToken cancellationToken)
    {
        // It was made before another one met a server that does not know bytes.
        if (_points.IsMissing && !(batch.SteppedBytes.IsEmpty && batch.UnsteppedBytes.IsEmpty))
            batches.UseJson(batch);
        var outcome = (Result: SendResult.Sent, Reason: (RunstoneApiException?)null);
        foreach (var bytes in (ReadOnlyMemory<byte>[])[batch.SteppedBytes, batch.UnsteppedBytes])
        {
            if (bytes.IsEmpty || outcome.Result != SendResult.Sent)
                continue;
            var isKnown = true;
            outcome = await _sender.SendAsync(_folder.Meta.RunId, async ct => isKnown = await _points.TrySendAsync(bytes, ct), cancellationToken);
            if (isKnown)
                continue;
            batches.UseJson(batch);
            break;
        }

        return outcome;
    }

    private async Task<(SendResult Result, RunstoneApiException? Reason)> SendJsonAsync(UploadBatch batch, CancellationToken cancellationToken)
    {
        var runId = _folder.Meta.RunId;
        var outcome = (Result: SendResult.Sent, Reason: (RunstoneApiException?)null);
        if (batch.Create is { } create)
            outcome = await _sender.SendAsync(runId, ct => _runs.CreateAsync(create, ct), cancellationToken);
        if (batch.Environment is { } environment)
            outcome = await _sender.SendAsync(runId, ct => _runs.UpdateAsync(runId, new UpdateRunRequest { Environment = environment }, ct), cancellationToken);
        if (batch.Log is { } log)
            outcome = await _sender.SendAsync(runId, ct => _runs.LogAsync(runId, log, ct), cancellationToken);
        if (batch.Unstepped is { } unstepped && outcome.Result == SendResult.Sent)
            outcome = await _sender.SendAsync(runId, ct => _runs.LogAsync(runId, unstepped, ct), cancellationToken);
        return outcome;
    }

    private UploadEnd RefuseRun(RunstoneApiException reason)
    {
        _diagnostics.ReportOnce(
            DiagnosticLevel.Error, DiagnosticCodes.RunRefused,
            $"The server does not take the run: {reason.Detail} What was logged stays in {_folder.Path}; `runstone sync` tries again.",
            _folder.Meta.RunId, reason);
        return UploadEnd.Refused;
    }

    private void Reject(UploadBatch batch, RunstoneApiException reason) =>
        _sent.Reject(
            new RejectedRecord(
                batch.Start.Ordinal, batch.LastType.ToString(), batch.Text ?? "", reason.Code, reason.Field, reason.Detail,
                _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()),
            reason);

    private void OnDamage(string message) =>
        _diagnostics.Report(DiagnosticLevel.Error, DiagnosticCodes.OutboxDamaged, message, _folder.Meta.RunId);
}

/// <summary>What all uploads of a client share.</summary>
internal sealed record UploadContext(
    RunsClient Runs, ConsoleClient Consoles, PointsCall Points, ArtifactsClient Artifacts, Sender Sender, TrackingClientOptions Options, DiagnosticSink Diagnostics)
{
    public static UploadContext Create(ApiTransport api, TrackingClientOptions options, DiagnosticSink diagnostics) => new(
        new RunsClient(api), new ConsoleClient(api), new PointsCall(api, options.CompressPoints), new ArtifactsClient(api), new Sender(api, options.TimeProvider, options.MaxRetryDelay, diagnostics), options, diagnostics);
}
