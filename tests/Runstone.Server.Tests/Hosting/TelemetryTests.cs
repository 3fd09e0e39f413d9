using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Runstone.Server.Tests.Hosting;

public sealed partial class TelemetryTests : IDisposable
{
    // The name as OpenTelemetry has it and as it stands at /metrics.
    private static readonly (string Sent, string Scraped)[] Names =
    [
        ("http.server.request.duration", "http_server_request_duration_seconds_bucket"),
        ("runstone.ingest.points", "runstone_ingest_points_total"),
        ("runstone.ingest.batches", "runstone_ingest_batches_total"),
        ("runstone.ingest.refused", "runstone_ingest_refused_total"),
        ("runstone.ingest.commit.batches", "runstone_ingest_commit_batches_bucket"),
        ("runstone.ingest.commit.duration", "runstone_ingest_commit_duration_seconds_bucket"),
        ("runstone.ingest.queue.batches", "runstone_ingest_queue_batches"),
        ("runstone.ingest.queue.size", "runstone_ingest_queue_size_bytes"),
        ("runstone.seal.lag", "runstone_seal_lag_seconds"),
        ("runstone.seal.unsealed", "runstone_seal_unsealed"),
        ("runstone.requests.memory", "runstone_requests_memory_bytes"),
        ("runstone.live.streams", "runstone_live_streams"),
        ("runstone.blobs.written", "runstone_blobs_written_bytes_total"),
        ("runstone.blobs.read", "runstone_blobs_read_bytes_total"),
        ("runstone.build.info", "runstone_build_info"),
        ("runstone.draining", "runstone_draining"),
        ("dotnet.gc.collections", "dotnet_gc_collections_total"),
        ("dotnet.thread_pool.thread.count", "dotnet_thread_pool_thread_count"),
        ("dotnet.process.memory.working_set", "dotnet_process_memory_working_set_bytes"),
        ("kestrel.active_connections", "kestrel_active_connections"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("runstone-figures-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_scraped_after_traffic_is_well_formed_and_names_routes_but_no_runs()
    {
        await using var server = await RunningServer.StartAsync();
        await TrafficAsync(server.Client);
        using var response = await server.Client.GetAsync("/metrics", Cancellation);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Matches(line.StartsWith('#') ? Comment() : Sample(), line);
        foreach (var (_, name) in Names)
            Assert.True(text.Contains("\n" + name, StringComparison.Ordinal), name + "\n" + text);
        Assert.Contains("http_route=\"/api/v1/runs/{id}/log\"", text, StringComparison.Ordinal);
        Assert.Contains("error_type=\"invalid\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-run", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no-such-page", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_scraped_by_whatever_name_the_collector_knows()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Host = "node-1.internal:5000";
        using var response = await server.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_collector_is_sent_the_same_figures_and_the_traces_of_requests()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = await StartCollectorAsync(received);
        var address = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using (var server = await ServerProcess.StartAsync(TestStore.In(_folder), "--otlp", address))
        {
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            await TrafficAsync(client);

            // What was not sent yet is sent when the server stops.
            Assert.Equal(0, await server.TerminateAsync());
        }

        var figures = received["/v1/metrics"];
        foreach (var (name, _) in Names)
            Assert.Contains(name, figures, StringComparison.Ordinal);
        var traces = received["/v1/traces"];
        Assert.Contains("/api/v1/runs/{id}/log", traces, StringComparison.Ordinal);
        Assert.Contains("http.request.method", traces, StringComparison.Ordinal);
    }

    private static async Task TrafficAsync(HttpClient client)
    {
        await PostAsync(client, "/api/v1/runs", """{"experiment":"e","id":"secret-run"}""");
        await PostAsync(client, "/api/v1/runs/secret-run/log", """{"metrics":{"keys":["m"],"key":[0,0],"step":[1,2],"value":[1,2]}}""");
        await PostAsync(client, "/api/v1/runs/secret-run/log", """{"params":{"":"x"}}""");
        using var missing = await client.GetAsync("/no-such-page", Cancellation);
        using var stored = await client.PutAsync("/api/v1/runs/secret-run/artifacts/a.txt", new StringContent("abc"), Cancellation);
        Assert.Equal("abc", await client.GetStringAsync("/api/v1/runs/secret-run/artifacts/a.txt", Cancellation));
    }

    private static async Task PostAsync(HttpClient client, string path, string json)
    {
        using var response = await client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
    }

    /// <summary>Listens as a collector does and keeps what each path was sent; names stand in protocol buffers as plain text.</summary>
    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(context.RequestAborted);
            received.AddOrUpdate(context.Request.Path.Value!, text, (_, before) => before + text);
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync(Cancellation);
        return app;
    }

    [GeneratedRegex("^# (HELP|TYPE|UNIT|EOF)( [a-zA-Z_:][a-zA-Z0-9_:]*( .*)?)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(
        "^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\[\\\\\"n])*\",?)*\\})? (-?[0-9.]+([eE][-+]?[0-9]+)?|NaN|[-+]Inf)( [0-9.]+)?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
