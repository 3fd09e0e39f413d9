using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Runstone.Core.Jobs;
using Runstone.Core.Runs;

namespace Runstone.Server.Tests.Faults;

/// <summary>What nodes of one store do to each other: versions, clocks, work that only one of them may do.</summary>
[Trait("Store", "postgres")]
public sealed class NodeFaultTests
{
    private const int Clients = 8;
    private const int Batches = 25;

    private const string NextSchema = """
        alter table runs add column rating bigint;
        create table rating (run_no bigint primary key);
        insert into schemaversions (scriptname, applied) values ('9999-next', now());
        """;

    [Fact]
    public async Task Writing_goes_on_while_nodes_are_replaced_by_a_newer_version()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var nodes = await FaultNodes.StartAsync(2, "--database", cluster.Connection);
        using var load = new FaultLoad(nodes.Addresses, "upgraded", Clients);
        await load.WaitAsync(Batches);

        // The next version brings the schema further and allows this one to work beside it.
        await cluster.ExecuteAsync(NextSchema);
        await load.WaitAsync(Batches);
        await nodes.AddAsync("--database", cluster.Connection);
        load.Turn([nodes.Addresses[1], nodes.Addresses[2]]);
        var stopping = Stopwatch.GetTimestamp();
        Assert.Equal(0, await nodes.TerminateAsync(0));
        await load.WaitAsync(Batches);
        await load.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"node replaced beside a newer schema: {load.Acknowledged} batches acknowledged, {load.Refusals} tries failed, every client went on after {load.ResumedAfter(stopping).All.TotalMilliseconds:0} ms");
        Assert.Equal(0, await load.CountLostAsync(nodes.Addresses[2]));
    }

    [Fact]
    public async Task Nodes_whose_clocks_differ_agree()
    {
        await using var store = await TestStore.CreateAsync();
        await using var late = await RunningServer.StartAsync(store, Clock(TimeSpan.FromMinutes(-10)));
        await using var right = await RunningServer.StartAsync(store);
        await using var early = await RunningServer.StartAsync(store, Clock(TimeSpan.FromMinutes(10)));
        RunningServer[] nodes = [early, late, right];
        await PostAsync(early, "runs", """{"experiment":"clocks","id":"skewed"}""");

        var updated = 0L;
        for (var number = 0; number < 30; number++)
        {
            var batch = $$$"""{"source":"client","sequence":{{{number}}},"metrics":{"keys":["m"],"key":[0],"value":[{{{number}}}]}}""";
            await PostAsync(nodes[number % 3], "runs/skewed/log", batch);
            var again = await PostAsync(nodes[(number + 1) % 3], "runs/skewed/log", batch);
            Assert.True(again.GetProperty("replayed").GetBoolean());
            var run = await nodes[(number + 2) % 3].Get<IRunStore>().GetAsync("skewed", TestContext.Current.CancellationToken);
            Assert.True(run!.UpdatedAt >= updated, $"{run.UpdatedAt} is before {updated}");
            updated = run.UpdatedAt;
        }

        var history = await GetAsync(right, "runs/skewed/metrics/history?key=m");
        Assert.Equal(Enumerable.Range(0, 30), history.GetProperty("step").EnumerateArray().Select(s => s.GetInt32()));
        Assert.Equal(Enumerable.Range(0, 30), history.GetProperty("value").EnumerateArray().Select(v => v.GetInt32()));
    }

    [Fact]
    public async Task Work_that_two_nodes_begin_is_done_by_one()
    {
        await using var store = await TestStore.CreateAsync();
        await using var first = await RunningServer.StartAsync(store);
        await using var second = await RunningServer.StartAsync(store);
        var doing = new TaskCompletionSource();
        var finish = new TaskCompletionSource();

        var done = first.Get<IJobLock>().TryRunAsync(
            "seal:42",
            async _ =>
            {
                doing.SetResult();
                await finish.Task;
            },
            TestContext.Current.CancellationToken);
        await doing.Task;
        var meanwhile = await second.Get<IJobLock>().TryRunAsync("seal:42", _ => Task.FromException(new InvalidOperationException("Twice at once.")), TestContext.Current.CancellationToken);
        var other = await second.Get<IJobLock>().TryRunAsync("seal:43", _ => Task.CompletedTask, TestContext.Current.CancellationToken);
        finish.SetResult();

        Assert.False(meanwhile);
        Assert.True(other);
        Assert.True(await done);
        Assert.True(await second.Get<IJobLock>().TryRunAsync("seal:42", _ => Task.CompletedTask, TestContext.Current.CancellationToken));
    }

    private static Action<Microsoft.AspNetCore.Builder.WebApplicationBuilder> Clock(TimeSpan ahead) =>
        builder => builder.Services.AddSingleton<TimeProvider>(new SkewedTime(ahead));

    private static async Task<JsonElement> PostAsync(RunningServer node, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await node.Client.PostAsync($"/api/v1/{path}", content);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static async Task<JsonElement> GetAsync(RunningServer node, string path) =>
        JsonDocument.Parse(await node.Client.GetByteArrayAsync($"/api/v1/{path}")).RootElement;

    private sealed class SkewedTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
