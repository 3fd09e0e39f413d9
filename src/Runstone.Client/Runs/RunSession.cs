using System.Security.Cryptography;
using Runstone.Client.Capture;
using Runstone.Client.Outbox;
using Runstone.Client.Upload;
using Runstone.Protocol;

namespace Runstone.Client.Runs;

/// <summary>What stands behind a <see cref="Run"/>: its outbox, its upload and the background work that ends with it.</summary>
internal sealed class RunSession
{
    private static readonly TimeSpan BackgroundPatience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _background = [];
    private readonly List<RunSession> _children = [];
    private readonly Lock _lock = new();
    private RunUpload? _upload;
    private ConsoleCapture? _console;
    private long _dropped;
    private bool _ended;
    private bool _uploadEnded;
    private bool _endWritten;

    private RunSession(TrackingClient client, string runId, RunSession? parent) => (Client, RunId, Parent) = (client, runId, parent);

    public TrackingClient Client { get; }

    public TrackingClientOptions Options => Client.Options;

    public string RunId { get; }

    public RunSession? Parent { get; }

    public OutboxFolder? Folder { get; private set; }

    public OutboxWriter? Writer { get; private set; }

    /// <summary>Completes when nothing of the run is being uploaded any more; never fails.</summary>
    public Task UploadEnded { get; private set; } = Task.CompletedTask;

    /// <summary>Cancelled when the run begins to end.</summary>
    public CancellationToken Ending => _ending.Token;

    public long Dropped => Interlocked.Read(ref _dropped) + (Writer?.Dropped ?? 0);

    /// <summary>The client was disposed before all of the run was uploaded.</summary>
    public bool IsLeft { get; private set; }

    public bool HasEnded => Volatile.Read(ref _ended);

    public static void CheckRunId(string id)
    {
        var ok = id.Length is >= 1 and <= 256 && char.IsAsciiLetterOrDigit(id[0]) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        if (!ok)
            throw new ArgumentException($"'{id}' is not a run id: use 1 to 256 letters, digits, '_' and '-', beginning with a letter or digit.", nameof(id));
    }

    public static Run Start(TrackingClient client, string experiment, RunOptions options)
    {
        var now = client.Options.TimeProvider.GetUtcNow();
        var parent = options.Parent;
        var session = new RunSession(client, options.RunId ?? Guid.CreateVersion7(now).ToString("N"), parent?.Session);
        var create = new CreateRunRequest
        {
            Experiment = experiment,
            Id = session.RunId,
            Name = options.Name,
            User = options.User ?? Environment.UserName,
            StartTime = now.ToUnixTimeMilliseconds(),
            ParentId = parent?.Id ?? options.ParentId,
            Notes = options.Notes,
            Tags = options.Tags,
            // Sending the creation again after a lost answer must find the run, not an error.
            Resume = true,
        };
        session.OpenOutbox(experiment, options.Name, now);
        var run = new Run(session, experiment, options.Name, create.ParentId);
        run.Write(RecordType.Create, create, RunstoneJson.Default.CreateRunRequest);
        if (options.Params is { } values)
            run.LogParams(values);
        session.StartUpload();
        ProcessWatch.Add(run);
        session.StartCapture(run, options, isNested: create.ParentId is not null);
        return run;
    }

    public void WroteRecord(RecordType type)
    {
        if (type is RecordType.File or RecordType.End)
            _upload?.Hurry();
    }

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Lets the run wait for this work before it ends.</summary>
    public void AddBackground(Task work)
    {
        lock (_lock)
        {
            _background.RemoveAll(t => t.IsCompleted);
            _background.Add(work);
        }
    }

    public void Report(DiagnosticLevel level, string code, string message, Exception? exception = null) =>
        Client.Diagnostics.Report(level, code, message, RunId, exception);

    public void ReportOnce(DiagnosticLevel level, string code, string message, Exception? exception = null) =>
        Client.Diagnostics.ReportOnce(level, code, message, RunId, exception);

    public async Task<bool> FlushAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_upload is null || Writer is null)
            return false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _console?.Flush();
        var count = Writer.Count;
        var wait = _upload.WaitForAsync(count, limit.Token);
        var first = await Task.WhenAny(wait, UploadEnded, Task.Delay(timeout, Options.TimeProvider, limit.Token));
        await limit.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return ReferenceEquals(first, wait) ? wait.IsCompletedSuccessfully : _upload.Sent.Reaches(count);
    }

    /// <summary>
    /// Writes the end and drains. The status is asked for last, after the background work had its say; null is finished until
    /// something else turns out.
    /// </summary>
    public async Task EndAsync(Func<string?> status)
    {
        try
        {
            await _ending.CancelAsync();
            await WaitForBackgroundAsync();
            var chosen = status();
            End(chosen ?? RunStatuses.Finished, isAssumed: chosen is null);
            if (Parent is { HasEnded: false } parent)
                parent.Adopt(this);
            else
                await DrainAsync();
        }
        catch (Exception e)
        {
            Report(DiagnosticLevel.Error, DiagnosticCodes.InternalError, $"Ending the run failed: {e.Message}", e);
        }
    }

    /// <summary>Writes the end, without waiting for anything; the first one counts.</summary>
    public void End(string status, bool isAssumed = false)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            Volatile.Write(ref _ended, true);
        }

        _console?.Close();
        var end = new LogRequest { Status = status, EndTime = Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() };
        ProcessWatch.Remove(this, end.EndTime.Value, isAssumed);
        Writer?.Write(RecordType.End, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(end, RunstoneJson.Default.LogRequest));
        if (Dropped > 0)
        {
            Report(
                DiagnosticLevel.Error, DiagnosticCodes.OutboxUnwritable,
                $"{Dropped} records of the run could not be written to disk and are lost.");
        }

        _upload?.Hurry();
        LeaveFolder(ref _endWritten);
    }

    private void OpenOutbox(string experiment, string? name, DateTimeOffset now)
    {
        var source = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var meta = new OutboxMeta(
            1, Client.Addresses, RunId, source, experiment, name, Environment.ProcessId, now.ToUnixTimeMilliseconds());
        try
        {
            Folder = OutboxFolder.Create(OutboxFolder.Home(Options.HomeFolder), meta);
            Writer = new OutboxWriter(Folder, Options.SegmentBytes, Options.TimeProvider, OnUnwritable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Folder?.Dispose();
            Folder = null;
            OnUnwritable(e);
        }
    }

    private void StartUpload()
    {
        if (Folder is null)
            return;
        _upload = new RunUpload(Folder, Client.Uploads, () => Writer!.IsClosed ? null : Writer.Count);
        Client.Add(this);
        UploadEnded = Task.Run(UploadAsync);
    }

    private async Task UploadAsync()
    {
        try
        {
            var end = await _upload!.RunAsync(Client.Stopping);
            if (end != UploadEnd.Complete)
                return;
            Writer!.Dispose();
            Folder!.Complete(_upload.MetDamage);
        }
        catch (OperationCanceledException) when (Client.Stopping.IsCancellationRequested)
        {
            IsLeft = true;
        }
        catch (Exception e)
        {
            Report(
                DiagnosticLevel.Error, DiagnosticCodes.InternalError,
                $"The upload of the run stopped. What is logged stays in {Folder!.Path}; `runstone sync` tries again. The cause: {e}", e);
        }
        finally
        {
            Client.Remove(this);
            LeaveFolder(ref _uploadEnded);
        }
    }

    /// <summary>Lets others upload the outbox, once it is neither written nor uploaded any more.</summary>
    private void LeaveFolder(ref bool isDone)
    {
        lock (_lock)
        {
            isDone = true;
            if (!_uploadEnded || !_endWritten)
                return;
        }

        Writer?.Dispose();
        Folder?.Dispose();
    }

    private void StartCapture(Run run, RunOptions options, bool isNested)
    {
        if (Writer is null)
            return;
        var captures = options.CaptureEnvironment ?? !isNested;
        if (options.CaptureConsole ?? captures)
        {
            _console = ConsoleCapture.Begin(this, Writer, options.CaptureConsoleCharacters);
            AddBackground(Task.Run(() => _console.RunAsync(Ending)));
        }

        if (captures)
            AddBackground(Task.Run(() => EnvironmentCapture.RunAsync(run, Ending)));
        var interval = options.SystemMetricsInterval ?? (isNested ? TimeSpan.Zero : TimeSpan.FromSeconds(10));
        if (interval > TimeSpan.Zero)
            AddBackground(Task.Run(() => SystemSampler.RunAsync(run, interval, Ending)));
    }

    private void Adopt(RunSession child)
    {
        lock (_lock)
        {
            _children.RemoveAll(c => c.UploadEnded.IsCompleted);
            _children.Add(child);
            _children.AddRange(child._children.Where(c => !c.UploadEnded.IsCompleted));
        }
    }

    private async Task WaitForBackgroundAsync()
    {
        Task[] work;
        lock (_lock)
            work = [.. _background];
        await Task.WhenAny(Task.WhenAll(work), Task.Delay(BackgroundPatience, Options.TimeProvider));
    }

    private async Task DrainAsync()
    {
        RunSession[] sessions;
        lock (_lock)
            sessions = [this, .. _children];
        await Client.Drain.WaitAsync(Task.WhenAll(sessions.Select(s => s.UploadEnded)));
    }

    private void OnUnwritable(Exception? cause) => ReportOnce(
        DiagnosticLevel.Error, DiagnosticCodes.OutboxUnwritable,
        $"The run cannot be written to disk ({cause?.Message}); what is logged meanwhile is counted and lost. Free some space, or set RUNSTONE_HOME to another folder.",
        cause);
}
