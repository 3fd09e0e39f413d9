using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Runstone.Core.Ingest;
using Runstone.Server.Hosting;
using Runstone.Server.Tests.Api;

namespace Runstone.Server.Tests.Load;

public sealed class OverloadTests
{
    private const long Memory = 8L << 20;
    private const int Points = 40_000;
    private static readonly string Numbers = string.Join(',', Enumerable.Range(100_000, Points));

    // About a megabyte.
    private static readonly string Body = $$$"""
        {"metrics":{"keys":["m"],"key":[{{{string.Join(',', Enumerable.Repeat(0, Points))}}}],"step":[{{{Numbers}}}],"time":[{{{Numbers}}}],"value":[{{{Numbers}}}]}}
        """;

    private readonly GatedIngestStore _store = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_does_not_answer_fills_no_memory_and_refused_requests_are_told_to_come_again(bool announced)
    {
        await using var server = await StartAsync();
        var run = await server.NewRunAsync();
        _store.Close();
        var most = 0L;
        var requests = Enumerable.Range(0, 200).Select(i => PostAsync(server, run, announced, () => most = Math.Max(most, Taken(server)))).ToList();

        // Those that found room wait for the store, all others are refused; none is left between.
        var refused = new List<HttpResponseMessage>();
        while (refused.Count < 190)
        {
            var done = await Task.WhenAny(requests);
            requests.Remove(done);
            refused.Add(await done);
        }

        Assert.All(refused, r => Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (r.StatusCode, r.Headers.RetryAfter?.Delta)));
        Assert.Equal("busy", JsonDocument.Parse(await refused[0].Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        Assert.InRange(most, 1, Memory);

        _store.Open();
        var accepted = await Task.WhenAll(requests);
        var kept = accepted.Where(r => r.StatusCode == HttpStatusCode.OK).ToList();
        Assert.NotEmpty(kept);
        var details = await server.GetAsync($"/runs/{run}/metrics");
        var written = details.Json.EnumerateObject().Sum(m => m.Value.GetProperty("count").GetInt64());
        Assert.Equal(kept.Count * (long)Points, written);
        Assert.Equal(0, Taken(server));
    }

    [Fact]
    public async Task Who_still_sends_a_large_body_and_then_closes_gets_the_answer_too()
    {
        await using var server = await StartAsync();
        var run = await server.NewRunAsync();
        await server.Get<RequestMemory>().TakeAsync(Memory, more: false, default);
        var answer = await RawHttp.SendAsync(
            server, $"POST /api/v1/runs/{run}/log HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {20 << 20}", new string(' ', 20 << 20));
        Assert.StartsWith("HTTP/1.1 429", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_client_is_refused_in_its_own_words()
    {
        await using var server = await StartAsync(new IngestOptions { QueueLength = 1, QueueWait = TimeSpan.Zero });
        var run = await server.NewRunAsync();
        _store.Close();
        var body = $$"""{"run_id":"{{run}}","key":"m","value":1,"timestamp":1,"step":1}""";
        var waiting = Enumerable.Range(0, 2).Select(_ => server.Client.PostAsync("/api/2.0/mlflow/runs/log-metric", Json(body))).ToList();
        var first = await Task.WhenAny(waiting);
        using var refused = await first;
        Assert.Equal((429, TimeSpan.FromSeconds(1)), ((int)refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        var error = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("REQUEST_LIMIT_EXCEEDED", error.GetProperty("error_code").GetString());
        _store.Open();
        using var kept = await waiting.Single(w => w != first);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    [Fact]
    public async Task Files_pass_however_little_memory_there_is_for_bodies()
    {
        await using var server = await StartAsync();
        var run = await server.NewRunAsync();
        using var content = new ByteArrayContent(new byte[3 * Memory]);
        using var stored = await server.Client.PutAsync($"/api/v1/runs/{run}/artifacts/large.bin", content);
        Assert.True(stored.IsSuccessStatusCode);
        var experiment = (await server.GetAsync($"/runs/{run}")).Json.GetProperty("run").GetProperty("info").GetProperty("experimentId").GetString();
        using var again = new ByteArrayContent(new byte[3 * Memory]);
        using var proxied = await server.Client.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/other.bin", again);
        Assert.True(proxied.IsSuccessStatusCode, await proxied.Content.ReadAsStringAsync());
    }

    private Task<RunningServer> StartAsync(IngestOptions? options = null) => RunningServer.StartAsync(configure: builder =>
    {
        _store.Install(builder);
        builder.Services.AddSingleton(options ?? new IngestOptions { QueueBytes = Memory, QueueWait = TimeSpan.FromMilliseconds(100) });
        builder.Services.AddSingleton(new RequestMemory(Memory, TimeSpan.FromMilliseconds(100), TimeProvider.System));
    });

    private static long Taken(RunningServer server) => server.Get<RequestMemory>().Taken;

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string run, bool announced, Action look)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/runs/{run}/log") { Content = Json(Body) };
        message.Headers.TransferEncodingChunked = !announced;
        var response = await server.Client.SendAsync(message);
        look();
        return response;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
