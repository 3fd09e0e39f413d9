using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Runstone.Core.Experiments;
using Runstone.Core.Query;
using Runstone.Server.Hosting;

namespace Runstone.Server.Tests.Hosting;

public sealed class DrainTests : IDisposable
{
    private const int Writers = 8;
    private readonly string _folder = Directory.CreateTempSubdirectory("runstone-drain-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_signal_under_load_cuts_off_no_request_and_loses_nothing_that_was_acknowledged()
    {
        var acknowledged = new int[Writers];
        using (var server = await ServerProcess.StartAsync(TestStore.In(_folder), "--drain", "5"))
        {
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            for (var i = 0; i < Writers; i++)
                await PostAsync(client, "/api/v1/runs", $$"""{"experiment":"e","id":"r{{i}}"}""");
            using var live = await client.GetAsync("/api/v1/live", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            var stream = live.Content.ReadAsStringAsync(Cancellation);
            var draining = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var busy = new SemaphoreSlim(0);
            var writing = Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(client, i, acknowledged, busy, draining.Task))).ToList();
            for (var i = 0; i < Writers * 10; i++)
                await busy.WaitAsync(Cancellation);
            await server.SignalAsync();
            await WaitUntilDrainingAsync(client);
            draining.SetResult();
            await stream;
            await Task.WhenAll(writing);
            Assert.Equal(0, await server.WaitAsync());
        }

        await using var again = await RunningServer.StartAsync(TestStore.In(_folder));
        for (var i = 0; i < Writers; i++)
        {
            var metrics = JsonDocument.Parse(await again.Client.GetStringAsync($"/api/v1/runs/r{i}/metrics", Cancellation)).RootElement;
            Assert.Equal(acknowledged[i], metrics.GetProperty("m").GetProperty("count").GetInt32());
        }
    }

    [Fact]
    public async Task A_request_that_has_begun_is_finished_though_nothing_new_is_taken()
    {
        using var server = await ServerProcess.StartAsync(TestStore.In(_folder), "--drain", "0");
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        var address = new Uri(server.Address);
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, address.Port, Cancellation);
        var body = """{"experiment":"e","id":"slow"}""";
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/runs HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(slow.GetStream());

        // The server asks for the body: the request has begun.
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(Cancellation));
        await server.SignalAsync();
        await RefusedAsync(address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(body), Cancellation);
        await reader.ReadLineAsync(Cancellation);
        Assert.StartsWith("HTTP/1.1 201", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await server.WaitAsync());
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        using var server = await ServerProcess.StartAsync(TestStore.In(_folder), "--drain", "3600");
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        await server.SignalAsync();
        await WaitUntilDrainingAsync(client);
        await server.SignalAsync();
        Assert.Equal(143, await server.WaitAsync());
    }

    [Fact]
    public async Task While_draining_it_is_not_ready_and_keeps_no_connection_open()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("ready", await server.Client.GetStringAsync("/health/ready", Cancellation));
        server.Get<ServerDrain>().Begin();
        using var ready = await server.Client.GetAsync("/health/ready", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
        using var version = await server.Client.GetAsync("/version", Cancellation);
        Assert.Equal((HttpStatusCode.OK, true), (version.StatusCode, version.Headers.ConnectionClose));
        Assert.Equal("live", await server.Client.GetStringAsync("/health/live", Cancellation));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_makes_it_not_ready()
    {
        await using var server = await RunningServer.StartAsync(
            configure: builder => builder.Services.AddSingleton<IExperimentStore>(new SilentExperimentStore()));
        using var ready = await server.Client.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("2 seconds", await ready.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("live", await server.Client.GetStringAsync("/health/live", Cancellation));
    }

    // As if behind a balancer: some requests still come after the node has said that it goes.
    private static async Task WriteAsync(HttpClient client, int writer, int[] acknowledged, SemaphoreSlim busy, Task draining)
    {
        for (var late = 0; late < 5; late += draining.IsCompleted ? 1 : 0)
        {
            var step = (acknowledged[writer] + 1).ToString(CultureInfo.InvariantCulture);
            await PostAsync(client, $"/api/v1/runs/r{writer}/log", $$$"""{"metrics":{"keys":["m"],"key":[0],"step":[{{{step}}}],"value":[1]}}""");
            acknowledged[writer]++;
            busy.Release();
        }
    }

    private static async Task PostAsync(HttpClient client, string path, string json)
    {
        using var response = await client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task WaitUntilDrainingAsync(HttpClient client)
    {
        while (true)
        {
            using var ready = await client.GetAsync("/health/ready", Cancellation);
            if (ready.StatusCode == HttpStatusCode.ServiceUnavailable)
                return;
        }
    }

    private static async Task RefusedAsync(int port)
    {
        while (true)
        {
            try
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(IPAddress.Loopback, port, Cancellation);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private sealed class SilentExperimentStore : IExperimentStore
    {
        public Task<Experiment?> GetAsync(long id, CancellationToken cancellationToken) => Silence<Experiment?>();

        public Task<Experiment?> GetByNameAsync(string name, CancellationToken cancellationToken) => Silence<Experiment?>();

        public Task<Experiment> CreateAsync(NewExperiment experiment, long now, CancellationToken cancellationToken) => Silence<Experiment>();

        public Task<Experiment> UpdateAsync(long id, ExperimentPatch patch, long now, CancellationToken cancellationToken) => Silence<Experiment>();

        public Task<SearchPage<Experiment>> SearchAsync(ExperimentQuery query, CancellationToken cancellationToken) => Silence<SearchPage<Experiment>>();

        public Task<IReadOnlyList<ExperimentSummary>> SummariseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
            Silence<IReadOnlyList<ExperimentSummary>>();

        private static Task<T> Silence<T>() => new TaskCompletionSource<T>().Task;
    }
}
