using System.Globalization;
using Runstone.Client.Api;
using Runstone.Client.Diagnostics;
using Runstone.Client.Outbox;
using Runstone.Client.Runs;
using Runstone.Client.Upload;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>
/// The way to a Runstone server: starts runs that log in the background, and reads what was logged. One client serves a whole
/// process and any number of runs and threads.
/// </summary>
/// <example>
/// <code>
/// await using var run = await new TrackingClient("http://127.0.0.1:5000").StartRunAsync("census");
/// run.Log("loss", 0.42, step: 1);
/// </code>
/// </example>
public sealed class TrackingClient : IAsyncDisposable
{
    /// <summary>The address of a server started with its defaults.</summary>
    public const string DefaultAddress = "http://127.0.0.1:5000";

    private readonly ApiTransport _api;
    private readonly UploadContext _uploads;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<RunSession> _sessions = [];
    private readonly Lock _lock = new();
    private bool _reportedLeft;

    /// <summary>A client of the server at this address. Nothing is sent yet.</summary>
    /// <param name="address">
    /// For example <c>http://127.0.0.1:5000</c>. Several nodes of one server are separated by commas: when one cannot be reached or is
    /// not available, the client goes on with the next.
    /// </param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public TrackingClient(string address, TrackingClientOptions? options = null)
        : this(ServerAddress.Parse(address), options)
    {
    }

    /// <summary>A client of the server at this address. Nothing is sent yet.</summary>
    /// <param name="address">For example <c>http://127.0.0.1:5000</c>.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public TrackingClient(Uri address, TrackingClientOptions? options = null)
        : this([ServerAddress.Check(address)], options)
    {
    }

    private TrackingClient(IReadOnlyList<Uri> addresses, TrackingClientOptions? options)
    {
        Options = options ?? new TrackingClientOptions();
        Diagnostics = new DiagnosticSink(Options.Diagnostics);
        _api = new ApiTransport(addresses, Options);
        _uploads = UploadContext.Create(_api, Options, Diagnostics);
        Drain = new Drain(_uploads.Sender, Options);
        Experiments = new ExperimentsClient(_api);
        Metrics = new MetricsClient(_api);
    }

    /// <summary>The server's address; of several nodes the one that is asked now.</summary>
    public Uri Address => _api.Address;

    /// <summary>Experiments on the server.</summary>
    public ExperimentsClient Experiments { get; }

    /// <summary>Runs on the server.</summary>
    public RunsClient Runs => _uploads.Runs;

    /// <summary>Consoles of runs on the server.</summary>
    public ConsoleClient Consoles => _uploads.Consoles;

    /// <summary>Metrics on the server.</summary>
    public MetricsClient Metrics { get; }

    /// <summary>Files of runs on the server.</summary>
    public ArtifactsClient Artifacts => _uploads.Artifacts;

    internal TrackingClientOptions Options { get; }

    /// <summary>Where what is logged is to go, for the log on disk.</summary>
    internal string Addresses => ServerAddress.Join(_api.Addresses);

    internal DiagnosticSink Diagnostics { get; }

    /// <summary>
    /// A client of the server that the environment names: RUNSTONE_TRACKING_URI (several nodes separated by commas), else MLFLOW_TRACKING_URI when it is an http or
    /// https address, else <see cref="DefaultAddress"/>.
    /// </summary>
    /// <exception cref="ArgumentException">RUNSTONE_TRACKING_URI is not an absolute http or https address.</exception>
    public static TrackingClient FromEnvironment(TrackingClientOptions? options = null) => new(ServerAddress.FromEnvironment(), options);

    /// <summary>What the server says of itself.</summary>
    /// <exception cref="RunstoneApiException">It does not answer, or not as a Runstone server.</exception>
    public Task<ServerInfo> GetServerInfoAsync(CancellationToken cancellationToken = default) =>
        _api.GetAsync("server", RunstoneJson.Default.ServerInfo, cancellationToken);

    /// <summary>
    /// Which runs change, as it happens, until the server or the caller ends it. Throws <see cref="RunstoneApiException"/> when the
    /// connection is lost: begin again then, and read anew what is shown.
    /// </summary>
    /// <param name="experimentIds">Only runs of these experiments; null for any.</param>
    /// <param name="runIds">Only these runs; null for any.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<LiveChanges> WatchAsync(
        IReadOnlyList<string>? experimentIds = null, IReadOnlyList<string>? runIds = null, CancellationToken cancellationToken = default) =>
        LiveStream.ReadAsync(_api, experimentIds ?? [], runIds ?? [], cancellationToken);

    /// <summary>
    /// Starts a run. The server need not be there: the run is written to disk and uploaded when it is. Once this returned,
    /// nothing of the run throws into the program that logs.
    /// </summary>
    /// <param name="experiment">The experiment's name, 1 to 500 characters; made when there is none.</param>
    /// <param name="options">What the run starts with.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">The experiment's name is empty or the run id malformed.</exception>
    public Task<Run> StartRunAsync(string experiment, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(experiment);
        options ??= new RunOptions();
        if (options.RunId is { } id)
            RunSession.CheckRunId(id);
        cancellationToken.ThrowIfCancellationRequested();
        // Making the first segment takes a moment of disk time, which is not the caller's thread's to spend.
        return Task.Run(() => RunSession.Start(this, experiment, options), cancellationToken);
    }

    /// <summary>
    /// Runs <paramref name="body"/> in a run: finished when it returns, failed when it throws (the exception goes on to the caller),
    /// killed when it is cancelled through <paramref name="cancellationToken"/>.
    /// </summary>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="body">What to run.</param>
    /// <param name="options">What the run starts with.</param>
    /// <param name="cancellationToken">Cancels the start; the body takes it from its own surroundings.</param>
    public Task RunAsync(string experiment, Func<Run, Task> body, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(
            experiment,
            async run =>
            {
                await body(run);
                return true;
            },
            options, cancellationToken);
    }

    /// <summary>The same for a body with a result.</summary>
    /// <inheritdoc cref="RunAsync(string, Func{Run, Task}, RunOptions?, CancellationToken)"/>
    public async Task<T> RunAsync<T>(
        string experiment, Func<Run, Task<T>> body, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        await using var run = await StartRunAsync(experiment, options, cancellationToken);
        try
        {
            return await body(run);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run.EndAs(RunStatuses.Killed);
            throw;
        }
        catch (Exception e)
        {
            run.Fail(e);
            throw;
        }
    }

    /// <summary>
    /// Waits for the uploads under way, <see cref="TrackingClientOptions.DrainTimeout"/> at most, and closes the connections. Runs that are
    /// still open go on logging to disk, for <see cref="OutboxSync"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        RunSession[] sessions;
        lock (_lock)
            sessions = [.. _sessions];
        await Drain.WaitAsync(Task.WhenAll(sessions.Select(s => s.HasEnded ? s.UploadEnded : s.FlushAsync(Options.DrainTimeout, CancellationToken.None))));
        if (!_stop.IsCancellationRequested)
            await _stop.CancelAsync();
        await Task.WhenAll(sessions.Select(s => s.UploadEnded));
        _api.Dispose();
        ReportLeft(sessions.Count(s => s.IsLeft));
    }

    internal UploadContext Uploads => _uploads;

    internal Drain Drain { get; }

    internal CancellationToken Stopping => _stop.Token;

    /// <summary>Says what is not uploaded when the process ends.</summary>
    internal void ReportLeft()
    {
        int count;
        lock (_lock)
            count = _sessions.Count(s => !s.UploadEnded.IsCompleted);
        ReportLeft(count);
    }

    internal void Add(RunSession session)
    {
        ProcessWatch.Add(this);
        lock (_lock)
            _sessions.Add(session);
    }

    internal void Remove(RunSession session)
    {
        lock (_lock)
            _sessions.Remove(session);
    }

    private void ReportLeft(int count)
    {
        lock (_lock)
        {
            if (count == 0 || _reportedLeft)
                return;
            _reportedLeft = true;
        }

        var what = count == 1 ? "1 run is" : string.Create(CultureInfo.InvariantCulture, $"{count} runs are");
        Diagnostics.Report(
            DiagnosticLevel.Warning, DiagnosticCodes.LeftForSync,
            $"{what} not uploaded yet. `runstone sync` sends what is left in {OutboxFolder.OutboxRoot(OutboxFolder.Home(Options.HomeFolder))}.");
    }
}
