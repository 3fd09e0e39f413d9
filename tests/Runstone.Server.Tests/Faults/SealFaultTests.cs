using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Runstone.Server.Tests.Faults;

/// <summary>Nodes that turn the logs of the same runs into chunks, while they write to them and one of them dies.</summary>
[Trait("Store", "postgres")]
public sealed class SealFaultTests
{
    private const int Clients = 4;
    private const int Batches = 60;

    private static readonly string[] Sealing = ["--seal-points", "100", "--seal-workers", "2"];

    [Fact]
    public async Task Runs_that_two_nodes_seal_keep_each_point_once()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var nodes = await FaultNodes.StartAsync(2, ["--database", cluster.Connection, .. Sealing]);
        using var load = new FaultLoad(nodes.Addresses, "sealed", Clients);
        using var http = new HttpClient();
        await load.WaitAsync(Batches);
        var first = await SealedAsync(http, nodes.Addresses[0]);
        var second = await SealedAsync(http, nodes.Addresses[1]);
        var killed = Stopwatch.GetTimestamp();
        await nodes.KillAsync(0);
        await load.WaitAsync(Batches);
        await load.StopAsync();
        var survivor = await SealedAsync(http, nodes.Addresses[1]);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"two nodes seal {Clients} runs: {load.Acknowledged} batches acknowledged, {first} and {second} points sealed, then {survivor - second} by the one that was left, "
            + $"every client went on after {load.ResumedAfter(killed).All.TotalMilliseconds:0} ms");
        Assert.True(first > 0 && second > 0 && survivor > second, $"sealed {first}, {second}, {survivor - second}");
        Assert.InRange(survivor, 1, load.Acknowledged * FaultLoad.PointsPerBatch);
        Assert.Equal(0, await load.CountLostAsync(nodes.Addresses[1]));
        for (var client = 0; client < Clients; client++)
            await VerifyAsync(http, $"{nodes.Addresses[1]}/api/v1/runs/sealed-{client}");
    }

    /// <summary>Points that a node has sealed, as its own figures say.</summary>
    private static async Task<long> SealedAsync(HttpClient http, string address)
    {
        var text = await http.GetStringAsync($"{address}/metrics");
        return text.Split('\n').Where(l => l.StartsWith("runstone_seal_points_total{", StringComparison.Ordinal))
            .Sum(l => (long)double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Points came without steps, in batches of 0 to 9, so that steps count them and values repeat.</summary>
    private static async Task VerifyAsync(HttpClient http, string run)
    {
        using var details = JsonDocument.Parse(await http.GetByteArrayAsync(run));
        using var history = JsonDocument.Parse(await http.GetByteArrayAsync($"{run}/metrics/history?key=m"));
        var count = details.RootElement.GetProperty("run").GetProperty("metrics").GetProperty("m").GetProperty("count").GetInt32();
        Assert.Equal(Enumerable.Range(0, count), history.RootElement.GetProperty("step").EnumerateArray().Select(s => s.GetInt32()));
        Assert.Equal(
            Enumerable.Range(0, count).Select(i => i % FaultLoad.PointsPerBatch),
            history.RootElement.GetProperty("value").EnumerateArray().Select(v => v.GetInt32()));
    }
}
