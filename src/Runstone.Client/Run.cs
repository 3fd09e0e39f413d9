using Runstone.Client.Outbox;
using Runstone.Client.Runs;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>
/// A run being logged. Every call writes to a log on this machine and returns; a background task brings it to the server. No call
/// throws: what goes wrong is told to <see cref="TrackingClientOptions.Diagnostics"/>. All members may be used from any thread.
/// </summary>
/// <remarks>
/// Disposing the run ends it as finished. An exception that leaves an <c>await using</c> block cannot be seen by the run: when
/// nobody catches it and it ends the process, the run is corrected to failed; when the program catches it, call <see cref="Fail"/>, or
/// use <see cref="TrackingClient.RunAsync"/>, which does. A run that is still open when an unhandled exception ends the process is
/// marked failed; one that is open at Ctrl-C, SIGTERM, SIGHUP or SIGQUIT is marked killed; one that is open when the process exits is
/// finished with exit code 0 and failed with any other. A process that is killed outright cannot say anything: its run is marked
/// killed by <see cref="OutboxSync"/>.
/// </remarks>
public sealed partial class Run : IAsyncDisposable
{
    /// <summary>The tag that keeps the exception of a failed run.</summary>
    internal const string ErrorTag = "runstone.error";

    private const int MaxErrorText = 16_384;

    private readonly RunSession _session;
    private readonly OutboxWriter? _writer;
    private readonly TimeProvider _time;
    private string? _status;
    private int _disposed;

    internal Run(RunSession session, string experiment, string? name, string? parentId)
    {
        (_session, Experiment, Name, ParentId) = (session, experiment, name, parentId);
        (_writer, _time) = (session.Writer, session.Options.TimeProvider);
    }

    /// <summary>The run's id, known before the server hears of it.</summary>
    public string Id => _session.RunId;

    /// <summary>The name of its experiment.</summary>
    public string Experiment { get; }

    /// <summary>Its name as given; null when the server makes one up.</summary>
    public string? Name { get; }

    /// <summary>The run it is nested in; null for a top-level run.</summary>
    public string? ParentId { get; }

    /// <summary>The server it is for.</summary>
    public Uri ServerAddress => _session.Client.Address;

    /// <summary>The folder that holds what is not uploaded yet; null when none could be made.</summary>
    public string? OutboxFolder => _session.Folder?.Path;

    /// <summary>Values that could not be written, because the disk is full for instance. Zero as a rule.</summary>
    public long DroppedCount => _session.Dropped;

    internal RunSession Session => _session;

    /// <summary>Logs a hyperparameter. A param that was logged with another value is refused by the server.</summary>
    /// <param name="key">Its name; up to 1,024 bytes.</param>
    /// <param name="value">Any value; written in the invariant culture.</param>
    public void LogParam(string key, object? value)
    {
        if (!CheckKey(key, nameof(LogParam)))
            return;
        ParamFlattener.Flatten(key, value, WriteParam, ReportParam);
    }

    /// <summary>
    /// Logs the public properties of an object, or the entries of a dictionary, as hyperparameters. Nested objects and dictionaries
    /// become names with dots (<c>optimizer.lr</c>); lists of values become one text (<c>[64, 32]</c>).
    /// </summary>
    /// <param name="values">The object or dictionary.</param>
    public void LogParams(object values)
    {
        if (values is null)
            Ignore(DiagnosticCodes.InvalidCall, "LogParams was called with null.");
        else
            ParamFlattener.Flatten("", values, WriteParam, ReportParam);
    }

    /// <summary>Sets a tag, replacing its former value.</summary>
    public void SetTag(string key, string value)
    {
        if (CheckKey(key, nameof(SetTag)))
            Write(RecordType.Facts, new LogRequest { Tags = new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = value ?? "" } }, RunstoneJson.Default.LogRequest);
    }

    /// <summary>Sets tags, replacing their former values.</summary>
    public void SetTags(IEnumerable<KeyValuePair<string, string>> tags)
    {
        foreach (var (key, value) in tags ?? [])
            SetTag(key, value);
    }

    /// <summary>Sets the notes, in Markdown, replacing the former ones.</summary>
    public void SetNotes(string markdown) =>
        Write(RecordType.Facts, new LogRequest { Notes = markdown ?? "" }, RunstoneJson.Default.LogRequest);

    /// <summary>Starts a run nested in this one, in the same experiment.</summary>
    /// <param name="name">A name for people; the server makes one up when null.</param>
    /// <param name="options">More about it; its name and parent are set by this call.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public Task<Run> StartChildAsync(string? name = null, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        _session.Client.StartRunAsync(
            Experiment, (options ?? new RunOptions()) with { Name = name ?? options?.Name, Parent = this }, cancellationToken);

    /// <summary>Says that the run failed: it ends with that status when it is disposed. The exception is kept in the tag <c>runstone.error</c>.</summary>
    public void Fail(Exception? exception = null)
    {
        _status = RunStatuses.Failed;
        if (exception is not null)
            SetTag(ErrorTag, ErrorText(exception));
    }

    /// <summary>Says how the run ends when it is disposed.</summary>
    /// <param name="status">One of <see cref="RunStatuses"/> but running and scheduled.</param>
    public void EndAs(string status)
    {
        if (status is RunStatuses.Finished or RunStatuses.Failed or RunStatuses.Killed)
            _status = status;
        else
            Ignore(DiagnosticCodes.InvalidCall, $"'{status}' is not a status that a run can end with.");
    }

    /// <summary>Waits until the server has acknowledged all that was logged before the call.</summary>
    /// <param name="timeout">How long to wait; null for <see cref="TrackingClientOptions.DrainTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Whether it has. When not, nothing is lost: the upload goes on.</returns>
    public Task<bool> FlushAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _session.FlushAsync(timeout ?? _session.Options.DrainTimeout, cancellationToken);

    /// <summary>
    /// Ends the run and waits until all is uploaded, <see cref="TrackingClientOptions.DrainTimeout"/> at most; what is left then stays
    /// on disk and goes on in the background or with <see cref="OutboxSync"/>. A nested run does not wait: its parent does. Once a run
    /// of a client has waited in vain, the next ones do not wait until something gets through again. Never throws.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            await _session.EndAsync(() => _status);
    }

    internal static string ErrorText(Exception exception)
    {
        var text = exception.ToString();
        return text.Length <= MaxErrorText ? text : text[..MaxErrorText];
    }
}
