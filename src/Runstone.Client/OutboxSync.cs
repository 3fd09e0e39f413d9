using Runstone.Client.Api;
using Runstone.Client.Diagnostics;
using Runstone.Client.Outbox;
using Runstone.Client.Upload;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>How <see cref="OutboxSync"/> works.</summary>
public sealed record OutboxSyncOptions
{
    /// <summary>The folder that holds <c>outbox/</c>. Default: RUNSTONE_HOME, else <c>.runstone</c> in the user's home folder.</summary>
    public string? HomeFolder { get; init; }

    /// <summary>Upload to this server instead of the one each run was meant for.</summary>
    public string? ServerAddress { get; init; }

    /// <summary>Only this run; null for all.</summary>
    public string? RunId { get; init; }

    /// <summary>How long a run may make no progress before it is left. Default 30 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests, diagnostics and clock. Its home folder is not used.</summary>
    public TrackingClientOptions Client { get; init; } = new();
}

/// <summary>A run that waits on this machine.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Experiment">Its experiment's name.</param>
/// <param name="Name">Its name; null when the server makes one up.</param>
/// <param name="ServerAddress">The server it is meant for.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="StartedAt">Unix milliseconds.</param>
/// <param name="Bytes">Bytes on disk.</param>
/// <param name="InUse">A process is logging or uploading it right now.</param>
public sealed record OutboxInfo(
    string RunId, string Experiment, string? Name, string ServerAddress, string Folder, long StartedAt, long Bytes, bool InUse);

/// <summary>What became of a run that waited on this machine.</summary>
public enum OutboxSyncOutcome
{
    /// <summary>All of it is on the server and nothing is left here.</summary>
    Synced,

    /// <summary>A process is logging or uploading it right now.</summary>
    InUse,

    /// <summary>The server refuses it; it stays here.</summary>
    Refused,

    /// <summary>The server did not answer for too long; the rest stays here.</summary>
    Unreachable,
}

/// <summary>How far the upload of a run is.</summary>
/// <param name="Run">The run.</param>
/// <param name="Records">Records acknowledged.</param>
/// <param name="TotalRecords">All its records.</param>
public sealed record OutboxSyncProgress(OutboxInfo Run, long Records, long TotalRecords);

/// <summary>The end of the upload of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Records">Records acknowledged, those of earlier attempts included.</param>
/// <param name="Rejected">Records that the server refused for good and that were set aside in this attempt.</param>
/// <param name="Detail">The reason, when it is not synced; null otherwise.</param>
public sealed record OutboxSyncResult(OutboxInfo Run, OutboxSyncOutcome Outcome, long Records, long Rejected, string? Detail);

/// <summary>
/// Brings to the server what earlier processes left on this machine: after a crash, an offline day or a server that was down. Two
/// processes never upload one run at once, and what a run left in several processes is sent in order. A run whose process died without ending it is marked killed, after everything is sent.
/// </summary>
public sealed class OutboxSync
{
    private readonly OutboxSyncOptions _options;
    private readonly DiagnosticSink _diagnostics;

    /// <summary>A sync with these options; null for the defaults.</summary>
    public OutboxSync(OutboxSyncOptions? options = null)
    {
        _options = options ?? new OutboxSyncOptions();
        _diagnostics = new DiagnosticSink(_options.Client.Diagnostics);
    }

    /// <summary>The runs that wait on this machine, oldest first.</summary>
    public IReadOnlyList<OutboxInfo> List()
    {
        var root = OutboxFolder.OutboxRoot(OutboxFolder.Home(_options.HomeFolder));
        if (!Directory.Exists(root))
            return [];
        return [.. Directory.EnumerateDirectories(root)
            .Select(Describe)
            .OfType<OutboxInfo>()
            .Where(o => _options.RunId is null || string.Equals(o.RunId, _options.RunId, StringComparison.Ordinal))
            .OrderBy(o => o.StartedAt).ThenBy(o => o.Folder, StringComparer.Ordinal)];
    }

    /// <summary>Uploads all of them, one after the other, and tells of each when it is through.</summary>
    /// <param name="progress">Hears how far the present one is.</param>
    /// <param name="cancellationToken">Stops after the request under way; nothing is lost.</param>
    public async Task<IReadOnlyList<OutboxSyncResult>> RunAsync(
        IProgress<OutboxSyncProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RemoveRemains();
        var results = new List<OutboxSyncResult>();
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var outbox in List())
        {
            var result = waiting.Contains(outbox.RunId)
                ? results.Last(r => string.Equals(r.Run.RunId, outbox.RunId, StringComparison.Ordinal)) with { Run = outbox, Records = 0, Rejected = 0 }
                : await SyncAsync(outbox, progress, cancellationToken);
            // What came later in a run, its end above all, must not get there first.
            if (result.Outcome != OutboxSyncOutcome.Synced)
                waiting.Add(outbox.RunId);
            results.Add(result);
        }

        return results;
    }

    private void RemoveRemains()
    {
        var root = OutboxFolder.OutboxRoot(OutboxFolder.Home(_options.HomeFolder));
        if (!Directory.Exists(root))
            return;
        foreach (var path in Directory.EnumerateDirectories(root))
        {
            try
            {
                OutboxFolder.RemoveRemains(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _diagnostics.Report(DiagnosticLevel.Warning, DiagnosticCodes.OutboxUnwritable, $"{path} is empty and cannot be removed: {e.Message}", null, e);
            }
        }
    }

    private static OutboxInfo? Describe(string path)
    {
        if (OutboxFolder.TryReadMeta(path) is not { } meta)
            return null;
        var bytes = new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        return new OutboxInfo(meta.RunId, meta.Experiment, meta.Name, meta.Server, path, meta.CreatedAt, bytes, OutboxFolder.IsInUse(path));
    }

    private async Task<OutboxSyncResult> SyncAsync(OutboxInfo outbox, IProgress<OutboxSyncProgress>? progress, CancellationToken cancellationToken)
    {
        using var folder = OutboxFolder.TryOpen(outbox.Folder);
        if (folder is null)
            return new OutboxSyncResult(outbox with { InUse = true }, OutboxSyncOutcome.InUse, 0, 0, "A process is using it.");
        using var api = new ApiTransport(ServerAddress.Parse(_options.ServerAddress ?? folder.Meta.Server), _options.Client);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience);
        var context = UploadContext.Create(api, _options.Client, _diagnostics);
        var upload = new RunUpload(folder, context, () => null);
        var extent = OutboxExtent.Measure(folder);
        var watch = WatchAsync(upload, outbox, extent.Records, progress, patience);
        try
        {
            var end = await upload.RunAsync(patience.Token);
            if (end == UploadEnd.Refused)
                return Result(outbox, upload, OutboxSyncOutcome.Refused, "The server refuses the run.");
            if (end == UploadEnd.Unfinished)
                await MarkKilledAsync(folder, context, extent, patience.Token);
            folder.Complete(upload.MetDamage);
            return Result(outbox, upload, OutboxSyncOutcome.Synced, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Result(outbox, upload, OutboxSyncOutcome.Unreachable, $"{api.Address} did not answer for {_options.Patience.TotalSeconds:0} seconds.");
        }
        finally
        {
            await patience.CancelAsync();
            await watch;
        }
    }

    private static OutboxSyncResult Result(OutboxInfo outbox, RunUpload upload, OutboxSyncOutcome outcome, string? detail) =>
        new(outbox, outcome, upload.Sent.State.Log.Ordinal, upload.Sent.Rejected, detail);

    /// <summary>Passes on progress, and starts the patience anew with each.</summary>
    private async Task WatchAsync(
        RunUpload upload, OutboxInfo outbox, long total, IProgress<OutboxSyncProgress>? progress, CancellationTokenSource patience)
    {
        try
        {
            while (true)
            {
                var changed = upload.Sent.Changed.Next;
                progress?.Report(new OutboxSyncProgress(outbox, upload.Sent.State.Log.Ordinal, total));
                await changed.WaitAsync(patience.Token);
                patience.CancelAfter(_options.Patience);
            }
        }
        catch (OperationCanceledException)
        {
            // The upload is over, one way or the other.
        }
    }

    private static async Task MarkKilledAsync(OutboxFolder folder, UploadContext context, OutboxExtent extent, CancellationToken cancellationToken)
    {
        // The run goes on in another outbox: it was resumed.
        if (OutboxFolder.HasSibling(folder))
            return;
        var runId = folder.Meta.RunId;
        await context.Sender.SendAsync(
            runId,
            async ct =>
            {
                var run = await context.Runs.GetAsync(runId, ct);
                if (string.Equals(run.Run.Info.Status, RunStatuses.Running, StringComparison.Ordinal))
                {
                    var end = Math.Max(extent.LastTime, run.Run.Info.StartTime);
                    await context.Runs.UpdateAsync(runId, new UpdateRunRequest { Status = RunStatuses.Killed, EndTime = end }, ct);
                }
            },
            cancellationToken);
    }
}
