using System.Diagnostics;
using System.Net;

namespace Runstone.Server.Tests.Faults;

/// <summary>What becomes of writes when the database of several nodes fails. The figures of a run are in its output.</summary>
[Trait("Store", "postgres")]
public sealed class DatabaseFaultTests
{
    private const int Clients = 12;
    private const int Batches = 25;

    [Fact]
    public async Task Nothing_is_lost_when_one_of_three_nodes_is_killed()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var nodes = await FaultNodes.StartAsync(3, "--database", cluster.Connection);
        using var load = new FaultLoad(nodes.Addresses, "killed", Clients);

        await load.WaitAsync(Batches);
        await nodes.KillAsync(0);
        var killed = Stopwatch.GetTimestamp();
        await load.WaitAsync(Batches);
        await load.StopAsync();

        Report(load, "one of three nodes killed", load.ResumedAfter(killed));
        Assert.Equal(0, await load.CountLostAsync(nodes.Addresses[1]));
    }

    [Fact]
    public async Task Nothing_is_lost_when_a_synchronous_replica_takes_over()
    {
        await using var cluster = await PostgresCluster.StartAsync(replica: true);
        await cluster.ReplicateSynchronouslyAsync();
        await using var nodes = await FaultNodes.StartAsync(3, "--database", cluster.Connection);
        using var load = new FaultLoad(nodes.Addresses, "promoted", Clients);

        await load.WaitAsync(Batches);
        cluster.KillPrimary();
        await cluster.PromoteAsync();
        var promoted = Stopwatch.GetTimestamp();
        await load.WaitAsync(Batches);
        await load.StopAsync();

        Report(load, "primary killed, synchronous replica promoted", load.ResumedAfter(promoted));
        Assert.Equal(0, await load.CountLostAsync(nodes.Addresses[0]));
    }

    [Fact]
    public async Task What_an_asynchronous_replica_has_is_whole()
    {
        await using var cluster = await PostgresCluster.StartAsync(replica: true);
        await using var nodes = await FaultNodes.StartAsync(3, "--database", cluster.Connection);
        using var load = new FaultLoad(nodes.Addresses, "behind", Clients);

        await load.WaitAsync(Batches);
        cluster.KillPrimary();
        await cluster.PromoteAsync();
        var promoted = Stopwatch.GetTimestamp();
        await load.WaitAsync(Batches);
        await load.StopAsync();

        var lost = await load.CountLostAsync(nodes.Addresses[0]);
        Report(load, $"primary killed, asynchronous replica promoted: {lost} acknowledged batches lost", load.ResumedAfter(promoted));
        Assert.InRange(lost, 0, load.Acknowledged - 1);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_database_crashes_and_comes_back()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var nodes = await FaultNodes.StartAsync(2, "--database", cluster.Connection);
        using var load = new FaultLoad(nodes.Addresses, "restarted", Clients);

        await load.WaitAsync(Batches);
        cluster.KillPrimary();
        await cluster.RestartAsync();
        var restarted = Stopwatch.GetTimestamp();
        await load.WaitAsync(Batches);
        await load.StopAsync();

        Report(load, "database killed and started again", load.ResumedAfter(restarted));
        Assert.Equal(0, await load.CountLostAsync(nodes.Addresses[1]));
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_database_stays_away_for_longer_than_nodes_wait()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var nodes = await FaultNodes.StartAsync(2, "--database", cluster.Connection);
        using var load = new FaultLoad(nodes.Addresses, "away", Clients);

        await load.WaitAsync(Batches);
        cluster.KillPrimary();
        var killed = Stopwatch.GetTimestamp();
        await load.WaitForRefusalsAsync(Clients);
        var refused = Stopwatch.GetElapsedTime(killed);
        await cluster.RestartAsync();
        var restarted = Stopwatch.GetTimestamp();
        await load.WaitAsync(Batches);
        await load.StopAsync();

        Report(load, $"database away until all clients were refused, which took {refused.TotalSeconds:0.0} s", load.ResumedAfter(restarted));
        Assert.Contains(HttpStatusCode.ServiceUnavailable, load.Statuses.Keys);
        Assert.Equal(0, load.WithoutRetryAfter);
        Assert.Equal(0, await load.CountLostAsync(nodes.Addresses[1]));
    }

    [Fact]
    public async Task A_database_that_stops_answering_fills_no_memory()
    {
        const int HeavyClients = 64;
        const long Memory = 1024L << 20;
        await using var cluster = await PostgresCluster.StartAsync();
        await using var link = new FaultyLink(cluster.First.Host, cluster.First.Port);
        await using var nodes = await FaultNodes.StartSmallAsync(Memory, "--database", cluster.ConnectionThrough(link.Port));
        using var load = new FaultLoad(nodes.Addresses, "slow", HeavyClients, ballast: 5);

        await load.WaitAsync(2);
        link.Set(LinkState.Stalled);
        await load.WaitForRefusalsAsync(2 * HeavyClients);
        var peak = nodes.ResidentBytes(0);
        link.Set(LinkState.Open);
        var answering = Stopwatch.GetTimestamp();
        await load.WaitAsync(2);
        await load.StopAsync();

        Report(load, $"database stops answering: {peak / 1_000_000} MB resident in a node whose heap ends at {Memory >> 20} MiB", load.ResumedAfter(answering));
        Assert.Contains(HttpStatusCode.TooManyRequests, load.Statuses.Keys);
        Assert.Equal(0, load.WithoutRetryAfter);
        Assert.Equal(0, await load.CountLostAsync(nodes.Addresses[0]));
    }

    private static void Report(FaultLoad load, string fault, (TimeSpan First, TimeSpan All) resumed)
    {
        var statuses = string.Join(", ", load.Statuses.Where(s => s.Key != HttpStatusCode.OK).Select(s => $"{s.Value} x {(int)s.Key}"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{fault}: {load.Acknowledged} batches acknowledged, {load.Refusals} tries failed ({statuses}); "
            + $"first write after {resumed.First.TotalMilliseconds:0} ms, every client after {resumed.All.TotalMilliseconds:0} ms");
    }
}
