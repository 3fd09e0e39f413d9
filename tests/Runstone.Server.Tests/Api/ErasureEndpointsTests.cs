using System.Text.Json;
using Runstone.Core.Ingest;
using Runstone.Core.Jobs;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Server.Tests.Api;

public sealed class ErasureEndpointsTests
{
    [Fact]
    public async Task A_metric_is_erased_and_answers_say_so()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await LogAsync(server, id);
        Assert.Equal("invalid", (await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?reason=x")).Code);
        Assert.Equal("invalid", (await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?key=a&all=true&reason=x")).Code);
        Assert.Equal("reason", (await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?key=a")).Field);
        Assert.Equal("reason", (await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?key=a&reason={new string('x', 1001)}")).Field);
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, "/runs/none/metrics?key=a&reason=x")).Status);
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?key=none&reason=x")).Status);
        Assert.False((await server.GetAsync($"/runs/{id}/metrics/history?key=a")).Headers.Contains("Runstone-Erased"));

        using var watched = server.Get<ChangeFeed>().Subscribe(new ChangeFilter(RunIds: new HashSet<string>(StringComparer.Ordinal) { id }));
        var erased = (await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?key=a&reason=asked%20for")).Json;
        Assert.Equal((3, "a", "asked for", false), Facts(erased));
        Assert.Equal(ChangeKinds.Metrics, Assert.Single(await watched.NextAsync(TestContext.Current.CancellationToken)).Kinds);
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?key=a&reason=again")).Status);

        var history = await server.GetAsync($"/runs/{id}/metrics/history?key=a");
        Assert.Equal("1", Assert.Single(history.Headers.GetValues("Runstone-Erased")));
        Assert.Empty(history.Json.GetProperty("step").EnumerateArray());
        Assert.Equal(Facts(erased), Facts(history.Json.GetProperty("erased")[0]));
        Assert.False((await server.GetAsync($"/runs/{id}/metrics/history?key=b")).Json.TryGetProperty("erased", out _));
        var frames = await server.PostAsync("/metrics/frames", $$"""{"runIds":["{{id}}"],"keys":["a","b"],"buckets":10}""");
        Assert.Equal(Facts(erased), Facts(frames.Json.GetProperty("erased")[0]));
        Assert.Equal(2, frames.Json.GetProperty("frames")[1].GetProperty("points").GetInt32());
        var other = await server.NewRunAsync();
        await LogAsync(server, other);
        foreach (var asked in new[] { $$"""{"groups":[{"runIds":["{{id}}","{{other}}"]},{"runIds":["{{id}}"]}],"key":"a"}""", """{"search":{},"key":"a"}""" })
        {
            var groups = await server.PostAsync("/metrics/groups", asked);
            Assert.Equal("1", Assert.Single(groups.Headers.GetValues("Runstone-Erased")));
            Assert.Equal(Facts(erased), Facts(Assert.Single(groups.Json.GetProperty("erased").EnumerateArray())));
            Assert.Equal(1, groups.Json.GetProperty("groups")[0].GetProperty("drawn").GetInt32());
        }

        Assert.False((await server.PostAsync("/metrics/groups", """{"search":{},"key":"b"}""")).Json.TryGetProperty("erased", out _));
        foreach (var type in (string[])["application/x-ndjson", "application/vnd.runstone.points"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{id}/metrics/history?key=a");
            request.Headers.Accept.ParseAdd(type);
            using var response = await server.Client.SendAsync(request);
            Assert.True(response.Headers.Contains("Runstone-Erased"));
        }
    }

    [Fact]
    public async Task All_metrics_of_a_deleted_run_are_erased_and_it_can_still_be_restored()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await LogAsync(server, id);
        await server.PatchAsync($"/runs/{id}", """{"lifecycle":"deleted"}""");
        Assert.Equal((5, null, "gone", false), Facts((await server.SendAsync(HttpMethod.Delete, $"/runs/{id}/metrics?all=true&reason=gone")).Json));
        Assert.Equal(200, (await server.PatchAsync($"/runs/{id}", """{"lifecycle":"active"}""")).Status);
        var run = (await server.GetAsync($"/runs/{id}")).Json;
        Assert.Empty((await server.GetAsync($"/runs/{id}/metrics")).Json.EnumerateObject());
        Assert.Equal(id, run.GetProperty("run").GetProperty("info").GetProperty("id").GetString());
        Assert.Equal(1, (await server.GetAsync($"/runs/{id}/metrics/erasures")).Json.GetArrayLength());
        await LogAsync(server, id);
        Assert.Equal(3, (await server.GetAsync($"/runs/{id}/metrics/history?key=a")).Json.GetProperty("step").GetArrayLength());
    }

    [Fact]
    public async Task The_background_job_of_retention_exists_only_when_something_may_go()
    {
        await using var server = await RunningServer.StartAsync();
        var jobs = server.Get<StoreJobs>();
        Assert.DoesNotContain(jobs.List(null, new RetentionOptions()), j => j.Name == Retention.LockName);
        var outcomes = new IngestOutcome[2];
        await server.Get<IIngestStore>().CommitAsync(
            [
                new IngestBatch("old") { Create = new NewRun(0), Metrics = new MetricBatch(["a"], new MetricPoint[] { new(0, new Step(1), 1, 7) }) },
                new IngestBatch("old") { Patch = new RunPatch { Status = RunStatus.Finished } },
            ],
            outcomes, 1_600_000_000_000, TestContext.Current.CancellationToken);
        var job = jobs.List(null, new RetentionOptions { Age = TimeSpan.FromDays(30) }).Single(j => j.Name == Retention.LockName);
        await job.Work(TestContext.Current.CancellationToken);

        Assert.Equal(7, (await server.GetAsync("/runs/old/metrics")).Json.GetProperty("a").GetProperty("last").GetDouble());
        var erased = (await server.GetAsync("/runs/old/metrics/history?key=a")).Json.GetProperty("erased")[0];
        Assert.Equal((1, null, "retention: not written to for 30 days", true), Facts(erased));
        using var figures = await server.Client.GetAsync("/metrics");
        Assert.Contains("runstone_retention_runs", await figures.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<Answer> LogAsync(RunningServer server, string id) => server.PostAsync(
        $"/runs/{id}/log", """{"metrics":{"keys":["a","b"],"key":[0,0,0,1,1],"step":[0,1,2,0,1],"time":[1,2,3,4,5],"value":[1,2,3,4,5]}}""");

    private static (int Points, string? Key, string? Reason, bool Kept) Facts(JsonElement erased) => (
        erased.GetProperty("points").GetInt32(), erased.TryGetProperty("key", out var key) ? key.GetString() : null,
        erased.GetProperty("reason").GetString(), erased.GetProperty("summariesKept").GetBoolean());
}
