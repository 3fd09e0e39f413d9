using Runstone.Cli.Tests;
using Runstone.Client;
using Runstone.Protocol;
using Runstone.Server.Tests;

[assembly: AssemblyFixture(typeof(SampleServer))]

namespace Runstone.Cli.Tests;

/// <summary>A real server with the runs forest-1, linear-1 and broken-1 of the experiment "census", for tests that only read.</summary>
public sealed class SampleServer : IAsyncLifetime
{
    public const long Start = 1_770_000_000_000;

    private RunningServer? _server;

    public string Address => _server!.Address;

    public TrackingClient Client { get; private set; } = new("http://127.0.0.1:1");

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        await Client.DisposeAsync();
        Client = new TrackingClient(Address);
        await AddAsync("forest-1", 0, "finished", ("model", "forest"), ("note", "a,b \"c\"\nd"), 0.91, 0.95);
        await AddAsync("linear-1", 1, "finished", ("model", "linear"), ("note", "größer 数"), 0.81, 0.81);
        await AddAsync("broken-1", 2, "failed", ("model", "forest"), ("lr", "0.10"), double.NaN, double.PositiveInfinity);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    internal Task<CliRun> RunAsync(params string[] args) => CliRun.Async([.. args, "--server", Address]);

    private async Task AddAsync(string id, int hour, string status, (string Key, string Value) first, (string Key, string Value) second, params double[] auc)
    {
        var start = Start + (hour * 3_600_000L);
        await Client.Runs.CreateAsync(new CreateRunRequest { Experiment = "census", Id = id, Name = $"the {id}", User = "ada", StartTime = start, Notes = $"Notes of {id}" });
        await Client.Runs.LogAsync(id, new LogRequest
        {
            Params = new Dictionary<string, string>(StringComparer.Ordinal) { [first.Key] = first.Value, [second.Key] = second.Value },
            Tags = new Dictionary<string, string?>(StringComparer.Ordinal) { ["team"] = "blue" },
            Metrics = new MetricColumns
            {
                Keys = ["auc"],
                Key = [.. auc.Select(_ => 0)],
                Step = [.. auc.Select((_, i) => (decimal)i + 0.5m)],
                Time = [.. auc.Select((_, i) => start + i)],
                Value = auc,
            },
            Status = status,
            EndTime = start + 90_000,
        });
    }
}
