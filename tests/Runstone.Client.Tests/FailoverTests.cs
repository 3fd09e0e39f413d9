using Microsoft.Extensions.DependencyInjection;
using Runstone.Core.Ingest;
using Runstone.Server.Tests;
using Runstone.Server.Tests.Load;

namespace Runstone.Client.Tests;

/// <summary>Several addresses of one server, and a server that asks to come again later.</summary>
public sealed class FailoverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(Fault.Unavailable))]
    [InlineData(nameof(Fault.CutBefore))]
    [InlineData(nameof(Fault.CutAfter))]
    public async Task A_node_that_fails_in_the_middle_of_a_run_is_left_for_the_next(string kind)
    {
        await using var server = await RunningServer.StartAsync();
        await using var first = await FaultProxy.StartAsync(server.Address);
        await using var second = await FaultProxy.StartAsync(server.Address);
        await using var bench = new Bench($"{first.Address}, {second.Address}");
        await using var run = await bench.StartAsync();
        run.Log("m", 1, step: 1);
        await run.FlushAsync(cancellationToken: Cancellation);
        Assert.Equal(0, second.Requests);
        first.Decide = (_, _) => Enum.Parse<Fault>(kind);
        run.Log("m", 2, step: 2);
        await run.FlushAsync(cancellationToken: Cancellation);
        Assert.NotEqual(0, second.Requests);
        var seen = first.Requests;
        run.Log("m", 3, step: 3);
        run.LogText("a.txt", "x");
        await run.DisposeAsync();
        Assert.Equal(seen, first.Requests);
        Assert.Equal(3, (await bench.Client.Runs.GetAsync(run.Id, Cancellation)).Run.Metrics["m"].Count);
        Assert.Equal(new Uri(second.Address), bench.Client.Address);
    }

    [Fact]
    public async Task A_question_goes_to_the_next_node_at_once_and_fails_when_none_answers()
    {
        await using var server = await RunningServer.StartAsync();
        await using var gone = await FaultProxy.StartAsync(target: null);
        await using var client = new TrackingClient($"{gone.Address},{server.Address}");
        Assert.NotNull(await client.GetServerInfoAsync(Cancellation));
        await server.StopAsync();
        var error = await Assert.ThrowsAsync<RunstoneApiException>(() => client.GetServerInfoAsync(Cancellation));
        Assert.Equal(RunstoneApiException.Unreachable, error.Code);
    }

    [Fact]
    public async Task What_is_left_on_disk_knows_all_nodes()
    {
        await using var bench = new Bench("http://127.0.0.1:1,http://127.0.0.1:2", new TrackingClientOptions { DrainTimeout = TimeSpan.Zero });
        await using (var run = await bench.StartAsync())
            run.Log("m", 1);
        var left = Assert.Single(new OutboxSync(new OutboxSyncOptions { HomeFolder = bench.Home }).List());
        Assert.Equal("http://127.0.0.1:1/,http://127.0.0.1:2/", left.ServerAddress);
    }

    [Fact]
    public async Task A_busy_server_gets_everything_once_it_is_not_busy_any_more()
    {
        var store = new GatedIngestStore();
        await using var server = await RunningServer.StartAsync(configure: builder =>
        {
            store.Install(builder);
            builder.Services.AddSingleton(new IngestOptions { QueueLength = 1, QueueWait = TimeSpan.Zero });
        });
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();
        run.Log("m", 1);
        await run.FlushAsync(cancellationToken: Cancellation);
        store.Close();
        var blocking = server.Client.PostAsync($"/api/v1/runs/{run.Id}/log", new StringContent("""{"params":{"p":"1"}}""", null, "application/json"), Cancellation);
        await Until.TrueAsync(() => store.Waiting > 0, "a commit that waits");
        run.Log("m", 2);
        await bench.WaitToldAsync(DiagnosticCodes.ServerUnavailable);
        Assert.Contains("again", bench.Told.First(t => t.Code == DiagnosticCodes.ServerUnavailable).Message, StringComparison.Ordinal);
        store.Open();
        Assert.True((await blocking).IsSuccessStatusCode);
        await run.DisposeAsync();
        Assert.Equal(2, (await bench.Client.Runs.GetAsync(run.Id, Cancellation)).Run.Metrics["m"].Count);
    }
}
