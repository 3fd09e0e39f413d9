using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests;

/// <summary>Bad networks and servers: nothing is lost and nothing is doubled.</summary>
public sealed class FaultTests
{
    private const int Points = 20_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_comes_up_later_gets_everything()
    {
        await using var proxy = await FaultProxy.StartAsync(target: null);
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();
        LogCounter(run, 0, Points);
        run.LogText("a.txt", "offline");
        await bench.WaitToldAsync(DiagnosticCodes.ServerUnavailable);
        await using var server = await RunningServer.StartAsync();
        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();
        await AssertCompleteAsync(bench, run.Id, Points);
        Assert.Contains(bench.Told, t => t.Code is DiagnosticCodes.ServerAvailable);
        Assert.Single(await bench.Client.Artifacts.ListAsync(run.Id, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_server_that_restarts_in_the_middle_loses_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();
        LogCounter(run, 0, Points / 2);
        await Until.TrueAsync(() => proxy.Requests > 2, "the first requests");
        proxy.Target = null;
        await server.RestartAsync();
        LogCounter(run, Points / 2, Points);
        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();
        await AssertCompleteAsync(bench, run.Id, Points);
    }

    [Theory]
    [InlineData(nameof(Fault.Unavailable))]
    [InlineData(nameof(Fault.CutBefore))]
    [InlineData(nameof(Fault.CutAfter))]
    public async Task Requests_that_fail_every_other_time_are_sent_again_and_applied_once(string kind)
    {
        var fault = Enum.Parse<Fault>(kind);
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        proxy.Decide = (_, number) => number % 2 == 0 ? fault : Fault.None;
        await using var bench = new Bench(proxy.Address, new TrackingClientOptions { BatchPoints = 1500 });
        await using var run = await bench.StartAsync();
        LogCounter(run, 0, Points);
        run.LogText("a.txt", "x");
        run.LogParam("p", 1);
        await run.DisposeAsync();
        proxy.Decide = (_, _) => Fault.None;
        await AssertCompleteAsync(bench, run.Id, Points);
        // The server counts points without a step, so one that was applied twice would show here.
        Assert.Equal(Points / 100, (await bench.HistoryAsync(run.Id, "counted")).Step.Count);
    }

    [Fact]
    public async Task A_param_that_changes_is_set_aside_and_the_rest_goes_on()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using var run = await bench.StartAsync();
        run.LogParam("a", 1);
        LogCounter(run, 0, 2000);
        run.LogParam("b", 2);
        run.LogParam("a", 3);
        run.LogParam("c", 4);
        run.Log(new string('k', 2000), 1, 1);
        LogCounter(run, 2000, 4000);
        await run.DisposeAsync();

        await AssertCompleteAsync(bench, run.Id, 4000);
        var details = await bench.GetAsync(run.Id);
        Assert.Equal(("1", "2", "4"), (details.Run.Params["a"], details.Run.Params["b"], details.Run.Params["c"]));
        Assert.Single(bench.Told, t => t.Code is DiagnosticCodes.RecordRejected);
        var rejected = Assert.Single(Directory.GetDirectories(Path.Combine(bench.Home, "rejected")));
        var lines = await File.ReadAllLinesAsync(Path.Combine(rejected, "rejected.jsonl"), Cancellation);
        Assert.Equal(2, lines.Length);
        Assert.Contains("conflict", lines[0], StringComparison.Ordinal);
        Assert.Contains("kkk", lines[1], StringComparison.Ordinal);
        Assert.Empty(bench.Outboxes);
    }

    [Fact]
    public async Task An_artifact_path_that_is_not_allowed_is_set_aside()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using var run = await bench.StartAsync();
        run.LogText("good.txt", "x");
        run.LogText("bad\u0001name.txt", "x");
        run.LogText("also/good.txt", "x");
        await run.DisposeAsync();
        var files = await bench.Client.Artifacts.ListAllAsync(run.Id, cancellationToken: Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["also/good.txt", "good.txt"], files.ConvertAll(f => f.Path));
        Assert.Single(bench.Told, t => t.Code is DiagnosticCodes.RecordRejected);
    }

    [Fact]
    public async Task A_run_that_the_server_refuses_stays_on_disk_until_it_does_not()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var experiment = await bench.Client.Experiments.CreateAsync(new CreateExperimentRequest { Name = "tests" }, Cancellation);
        await bench.Client.Experiments.UpdateAsync(experiment.Id, new UpdateExperimentRequest { Lifecycle = "deleted" }, Cancellation);
        await using var run = await bench.StartAsync();
        LogCounter(run, 0, 1000);
        await run.DisposeAsync();
        Assert.Contains(bench.Told, t => t.Code is DiagnosticCodes.RunRefused);
        Assert.Equal(OutboxSyncOutcome.Refused, Assert.Single(await bench.Sync().RunAsync(cancellationToken: Cancellation)).Outcome);

        await bench.Client.Experiments.UpdateAsync(experiment.Id, new UpdateExperimentRequest { Lifecycle = "active" }, Cancellation);
        Assert.Equal(OutboxSyncOutcome.Synced, Assert.Single(await bench.Sync().RunAsync(cancellationToken: Cancellation)).Outcome);
        await AssertCompleteAsync(bench, run.Id, 1000);
    }

    [Fact]
    public async Task When_the_server_stays_away_all_runs_of_a_client_are_left_and_told_once()
    {
        await using var bench = new Bench(Nowhere.Address);
        await using (var client = new TrackingClient(Nowhere.Address, bench.Options))
        {
            for (var i = 0; i < 3; i++)
            {
                await using var run = await client.StartRunAsync("tests", Bench.Quiet(), Cancellation);
                LogCounter(run, 0, 100);
                await using var child = await run.StartChildAsync("fold", Bench.Quiet(), Cancellation);
            }
        }

        var told = Assert.Single(bench.Told, t => t.Code is DiagnosticCodes.LeftForSync);
        Assert.StartsWith("6 runs are not uploaded yet.", told.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(bench.Home, "outbox"), told.Message, StringComparison.Ordinal);
        Assert.Single(bench.Told, t => t.Code is DiagnosticCodes.ServerUnavailable);
        Assert.Equal(6, bench.Outboxes.Count);
    }

    internal static void LogCounter(Run run, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            run.Log("counter", i, i);
            if (i % 100 == 0)
                run.Log("counted", i);
        }
    }

    internal static async Task AssertCompleteAsync(Bench bench, string runId, int points)
    {
        var history = await bench.HistoryAsync(runId, "counter");
        Assert.Equal(Enumerable.Range(0, points).Select(i => (double)i), history.Value);
        var details = await bench.GetAsync(runId);
        Assert.Equal(points, details.Run.Metrics["counter"].Count);
        Assert.Equal(RunStatuses.Finished, details.Run.Info.Status);
        Assert.Empty(bench.Outboxes);
    }
}
