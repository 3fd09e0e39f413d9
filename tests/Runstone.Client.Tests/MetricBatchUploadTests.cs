using System.Collections.Concurrent;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests;

/// <summary>Points go to the server as bytes, everything else as JSON, and to an older server all of it as JSON.</summary>
public sealed class MetricBatchUploadTests
{
    private const string Batches = "/api/v1/metrics/batches";

    [Fact]
    public async Task Points_go_as_bytes_and_facts_as_json()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        var paths = Watch(proxy);
        await using var bench = new Bench(proxy.Address, new TrackingClientOptions { BatchPoints = 1000 });
        await using var run = await bench.StartAsync();
        run.LogParam("p", "1");
        LogPoints(run, 0, 4000);
        run.SetTag("t", "2");
        LogPoints(run, 4000, 8000);
        await run.DisposeAsync();

        await AssertAllAsync(bench, run.Id);
        Assert.InRange(paths.Count(p => p == Batches), 8, 100);
        Assert.Contains(paths, p => p == $"/api/v1/runs/{run.Id}/log");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Points_are_compressed_when_asked_or_far_away(bool? asked, bool compressed)
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(target: null);
        var sent = new ConcurrentQueue<(string Coding, long Bytes)>();
        proxy.Decide = (request, _) =>
        {
            if (request.Path.Value == Batches)
                sent.Enqueue((request.Headers.ContentEncoding.ToString(), request.ContentLength!.Value));
            return Fault.None;
        };
        await using var bench = new Bench(proxy.Address, new TrackingClientOptions { CompressPoints = asked });
        await using var run = await bench.StartAsync();
        LogPoints(run, 0, 8000);
        run.LogParam("p", "1");
        run.SetTag("t", "2");
        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();

        await AssertAllAsync(bench, run.Id);
        Assert.NotEmpty(sent);
        Assert.Equal(compressed, sent.Any(s => s.Coding == "br"));
        var plain = 16_000 * sizeof(double);
        Assert.Equal(compressed, sent.Sum(s => s.Bytes) < plain);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(415)]
    public async Task A_server_that_does_not_know_bytes_gets_json(int status)
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        proxy.MissingStatus = status;
        var paths = Watch(proxy, path => path == Batches ? Fault.Missing : Fault.None);
        await using var bench = new Bench(proxy.Address, new TrackingClientOptions { BatchPoints = 1000 });
        await using var run = await bench.StartAsync();
        LogPoints(run, 0, 8000);
        run.LogParam("p", "1");
        run.SetTag("t", "2");
        await run.DisposeAsync();

        await AssertAllAsync(bench, run.Id);
        Assert.Single(paths, p => p == Batches);
    }

    [Fact]
    public async Task A_batch_that_was_kept_as_bytes_is_not_doubled_by_json()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        var sent = 0;

        // The answer to the first batch is lost, and what is asked next is an older node.
        var paths = Watch(proxy, path => path != Batches ? Fault.None : Interlocked.Increment(ref sent) == 1 ? Fault.CutAfter : Fault.Missing);
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();
        LogPoints(run, 0, 8000);
        run.LogParam("p", "1");
        run.SetTag("t", "2");
        await run.DisposeAsync();

        await AssertAllAsync(bench, run.Id);
        Assert.Equal(2, paths.Count(p => p == Batches));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_refused_point_takes_no_other_with_it(bool asBytes, bool refuseCounted)
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(target: null);
        proxy.Decide = (request, _) => !asBytes && request.Path.Value == Batches ? Fault.Missing : Fault.None;
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();

        // All of it is one batch, of which one request is kept and the other one refused and sent again by halves.
        var tooLong = new string('x', 1025);
        LogPoints(run, 0, 600);
        if (refuseCounted)
            run.Log(tooLong, 1);
        else
            run.Log(tooLong, 1, 1);
        LogPoints(run, 600, 1000);
        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();

        Assert.Single(bench.Told, t => t.Code is DiagnosticCodes.RecordRejected);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => -(double)i), (await bench.HistoryAsync(run.Id, "counted")).Value);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i / 3.0), (await bench.HistoryAsync(run.Id, "stepped")).Value);
        foreach (var (key, summary) in (await bench.GetAsync(run.Id)).Run.Metrics)
            Assert.True(summary.Count == 1000, $"{key} has {summary.Count} points.");
    }

    [Fact]
    public async Task A_backlog_goes_in_few_large_requests()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(target: null);
        var paths = Watch(proxy);
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();
        for (var i = 0; i < 200_000; i++)
            run.Log("stepped", i, i);
        paths.Clear();
        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();

        var history = await bench.HistoryAsync(run.Id, "stepped");
        Assert.Equal(Enumerable.Range(0, 200_000).Select(i => (double)i), history.Value);
        Assert.InRange(paths.Count(p => p == Batches), 4, 40);
    }

    [Fact]
    public async Task A_refused_point_of_a_backlog_takes_no_other_with_it()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(target: null);
        var sent = 0;

        // Now and then an answer is lost, so that what was kept is sent again beside batches that are ready behind it.
        proxy.Decide = (request, _) => request.Path.Value == Batches && Interlocked.Increment(ref sent) % 5 == 0 ? Fault.CutAfter : Fault.None;
        await using var bench = new Bench(proxy.Address, new TrackingClientOptions { BatchPoints = 2000, SegmentBytes = 64 * 1024 });
        await using var run = await bench.StartAsync();
        for (var i = 0; i < 12_000; i++)
        {
            run.Log("counted", -i);
            run.Log("stepped", i / 3.0, i);
            if (i % 3000 == 700)
                run.Log(new string('x', 1025), 1);
        }

        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();

        Assert.Equal(4, Directory.GetFiles(Path.Combine(bench.Home, "rejected"), "rejected.jsonl", SearchOption.AllDirectories).Sum(f => File.ReadAllLines(f).Length));
        Assert.Equal(Enumerable.Range(0, 12_000).Select(i => -(double)i), (await bench.HistoryAsync(run.Id, "counted")).Value);
        Assert.Equal(Enumerable.Range(0, 12_000).Select(i => i / 3.0), (await bench.HistoryAsync(run.Id, "stepped")).Value);
        foreach (var (key, summary) in (await bench.GetAsync(run.Id)).Run.Metrics)
            Assert.True(summary.Count == 12_000, $"{key} has {summary.Count} points.");
    }

    private static ConcurrentQueue<string> Watch(FaultProxy proxy, Func<string, Fault>? decide = null)
    {
        var paths = new ConcurrentQueue<string>();
        proxy.Decide = (request, _) =>
        {
            paths.Enqueue(request.Path.Value!);
            return decide?.Invoke(request.Path.Value!) ?? Fault.None;
        };
        return paths;
    }

    private static void LogPoints(Run run, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            run.Log("stepped", i / 3.0, i + 0.25m);
            run.Log("counted", -i);
        }
    }

    private static async Task AssertAllAsync(Bench bench, string runId)
    {
        var details = await bench.GetAsync(runId);
        Assert.Equal(("1", "2"), (details.Run.Params["p"], details.Run.Tags["t"]));
        foreach (var (key, count) in details.Run.Metrics.Select(m => (m.Key, m.Value.Count)))
            Assert.Equal(8000, count);
        var stepped = await bench.HistoryAsync(runId, "stepped");
        Assert.Equal(Enumerable.Range(0, 8000).Select(i => i + 0.25m), stepped.Step);
        Assert.Equal(Enumerable.Range(0, 8000).Select(i => i / 3.0), stepped.Value);
        var counted = await bench.HistoryAsync(runId, "counted");
        Assert.Equal(Enumerable.Range(0, 8000).Select(i => (decimal)i), counted.Step);
        Assert.Equal(Enumerable.Range(0, 8000).Select(i => -(double)i), counted.Value);
    }
}
