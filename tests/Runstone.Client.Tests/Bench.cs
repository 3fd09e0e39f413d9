using System.Collections.Concurrent;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Tests;

/// <summary>A client with a home folder of its own that tells everything it reports.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly TempFolder _home = new();

    public Bench(string address, TrackingClientOptions? options = null)
    {
        Options = (options ?? new TrackingClientOptions()) with
        {
            HomeFolder = _home.Path,
            Diagnostics = Told.Enqueue,
            UploadInterval = TimeSpan.FromMilliseconds(20),
            MaxRetryDelay = TimeSpan.FromMilliseconds(200),
        };
        Client = new TrackingClient(address, Options);
    }

    public TrackingClientOptions Options { get; }

    public TrackingClient Client { get; }

    public ConcurrentQueue<ClientDiagnostic> Told { get; } = [];

    public string Home => _home.Path;

    /// <summary>The outboxes that are still there.</summary>
    public IReadOnlyList<string> Outboxes =>
        Directory.Exists(OutboxFolder.OutboxRoot(Home)) ? Directory.GetDirectories(OutboxFolder.OutboxRoot(Home)) : [];

    public TempFolder Files => _home;

    /// <summary>A run without capture, so that only what the test logs is there.</summary>
    public Task<Run> StartAsync(RunOptions? options = null) => Client.StartRunAsync("tests", Quiet(options));

    public static RunOptions Quiet(RunOptions? options = null) =>
        (options ?? new RunOptions()) with { CaptureEnvironment = false, SystemMetricsInterval = TimeSpan.Zero };

    public OutboxSync Sync(TimeSpan? patience = null) => new(new OutboxSyncOptions
    {
        HomeFolder = Home,
        Client = Options,
        Patience = patience ?? TimeSpan.FromSeconds(30),
    });

    public async Task<RunDetailsInfo> GetAsync(string runId) => await Client.Runs.GetAsync(runId, TestContext.Current.CancellationToken);

    public async Task<HistoryInfo> HistoryAsync(string runId, string key) =>
        await Client.Metrics.GetHistoryAsync(runId, key, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Waits until the client reported something of this kind.</summary>
    public Task WaitToldAsync(string code) => Until.TrueAsync(() => Told.Any(d => string.Equals(d.Code, code, StringComparison.Ordinal)), code);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', Told));
        _home.Dispose();
    }
}

/// <summary>Waits for a condition, within a bound that only a hang reaches.</summary>
internal static class Until
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Bound);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited too long for: {what}");
            }
        }
    }
}
