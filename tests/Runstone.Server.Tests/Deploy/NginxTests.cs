using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Runstone.Server.Tests.Api;

namespace Runstone.Server.Tests.Deploy;

public sealed class NginxTests
{
    private const int LargeSize = 300 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_api_and_links_work_under_the_public_address()
    {
        await using var node = await StartNodeAsync();
        await using var proxy = await NginxProxy.StartAsync(node.Address);
        var client = proxy.Client;
        using var page = await client.GetAsync("/", Token);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);

        using var create = Json("/api/v1/runs", """{"experiment":"e","id":"r1"}""");
        create.Headers.Add("Origin", NginxProxy.PublicUrl);
        Assert.Equal(HttpStatusCode.Created, (await client.SendAsync(create, Token)).StatusCode);
        using var foreign = Json("/api/v1/runs", """{"experiment":"e","id":"r2"}""");
        foreign.Headers.Add("Origin", "http://runs.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(foreign, Token)).StatusCode);

        // Escapes in the path of a file arrive as they were sent.
        const string path = "/api/v1/runs/r1/artifacts/a%20b/%E6%95%B0%2525.txt";
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync(path, new StringContent("kept"), Token)).StatusCode);
        Assert.Equal("kept", await client.GetStringAsync(path, Token));
        var list = await client.GetStringAsync("/api/v1/runs/r1/artifacts?recursive=true", Token);
        Assert.Contains("a b/", list, StringComparison.Ordinal);
        Assert.Contains("%25.txt", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_from_elsewhere_needs_the_password()
    {
        await using var node = await StartNodeAsync();
        await using var proxy = await NginxProxy.StartAsync(node.Address);
        using var stranger = proxy.NewClient(IPAddress.Parse("127.0.0.2"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/server", Token)).StatusCode);
        Assert.Equal("ready", await stranger.GetStringAsync("/health/ready", Token));
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("ada:secret"u8));
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/api/v1/server", Token)).StatusCode);
    }

    [Fact]
    public async Task Changes_arrive_while_they_happen()
    {
        await using var node = await StartNodeAsync();
        await using var proxy = await NginxProxy.StartAsync(node.Address);
        await node.NewRunAsync("r1");
        using var stream = new StreamReader(await proxy.Client.GetStreamAsync("/api/v1/live", Token));
        Assert.Equal(": open", await stream.ReadLineAsync(Token));
        await node.PostAsync("/runs/r1/log", """{"params":{"a":"b"}}""");
        string? line;
        do
            line = await stream.ReadLineAsync(Token);
        while (line is not null && !line.StartsWith("data: ", StringComparison.Ordinal));
        Assert.Contains("\"r1\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_file_streams_through_in_both_directions()
    {
        await using var node = await StartNodeAsync();
        await using var proxy = await NginxProxy.StartAsync(node.Address);
        await node.NewRunAsync("r1");
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var upload = new HttpRequestMessage(HttpMethod.Put, "/api/v1/runs/r1/artifacts/large.bin") { Content = new LargeContent(LargeSize, sent) };
        upload.Headers.ExpectContinue = false;
        using var answer = await proxy.Client.SendAsync(upload, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var hash = Convert.ToHexStringLower(sent.GetHashAndReset());
        Assert.Contains(hash, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await using var content = await proxy.Client.GetStreamAsync("/api/v1/runs/r1/artifacts/large.bin", Token);
        Assert.Equal(hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Token)));
    }

    [Fact]
    public async Task A_request_id_goes_from_the_client_to_the_logs()
    {
        await using var node = await StartNodeAsync();
        await using var proxy = await NginxProxy.StartAsync(node.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/server");
        request.Headers.Add("X-Request-Id", "client-4711");
        Assert.Equal(HttpStatusCode.OK, (await proxy.Client.SendAsync(request, Token)).StatusCode);
        using var line = JsonDocument.Parse(await proxy.FirstLogLineAsync(Token));
        Assert.Equal("client-4711", line.RootElement.GetProperty("id").GetString());
        Assert.Equal(new Uri(node.Address).Authority, line.RootElement.GetProperty("node").GetString());
    }

    [Fact]
    [Trait("Store", "postgres")]
    public async Task Requests_go_on_when_a_node_is_killed()
    {
        Assert.SkipUnless(TestStore.IsShared, "Several nodes need a store that they can share: RUNSTONE_TEST_STORE=postgres.");
        NginxProxy.Require();
        await using var store = await TestStore.CreateAsync();
        using var first = await ServerProcess.StartAsync(store, "--public-url", NginxProxy.PublicUrl);
        using var second = await ServerProcess.StartAsync(store, "--public-url", NginxProxy.PublicUrl);
        await using var proxy = await NginxProxy.StartAsync(first.Address, second.Address);
        using var create = Json("/api/v1/runs", """{"experiment":"e","id":"r1"}""");
        Assert.Equal(HttpStatusCode.Created, (await proxy.Client.SendAsync(create, Token)).StatusCode);

        var written = 0;
        for (var step = 0; step < 100; step++)
        {
            if (step == 30)
                await first.KillAsync();
            written += await LogAsync(proxy.Client, step);
            Assert.Equal(HttpStatusCode.OK, (await proxy.Client.GetAsync("/api/v1/runs/r1", Token)).StatusCode);
        }

        using var history = JsonDocument.Parse(await proxy.Client.GetStringAsync("/api/v1/runs/r1/metrics/history?key=m", Token));
        var steps = history.RootElement.GetProperty("step").EnumerateArray().Select(s => s.GetInt32()).ToHashSet();
        Assert.Equal(100, written);
        Assert.Equal(Enumerable.Range(0, 100), steps.Order());
    }

    // A POST that was under way to the dead node is the client's to repeat, as the SDKs do.
    private static async Task<int> LogAsync(HttpClient client, int step)
    {
        HttpStatusCode status;
        do
        {
            using var log = Json("/api/v1/runs/r1/log", $$$"""{"metrics":{"keys":["m"],"key":[0],"step":[{{{step}}}],"value":[1]}}""");
            status = (await client.SendAsync(log, Token)).StatusCode;
        }
        while (status == HttpStatusCode.BadGateway);
        Assert.Equal(HttpStatusCode.OK, status);
        return 1;
    }

    private static Task<RunningServer> StartNodeAsync()
    {
        NginxProxy.Require();
        return RunningServer.StartAsync(options: o => o with { PublicUrls = [new Uri(NginxProxy.PublicUrl)] });
    }

    private static HttpRequestMessage Json(string path, string json) =>
        new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    /// <summary>Bytes that no compression shortens, hashed while they are sent.</summary>
    private sealed class LargeContent(int size, IncrementalHash hash) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = RandomNumberGenerator.GetBytes(1 << 20);
            for (var left = size; left > 0; left -= block.Length)
            {
                BitConverter.TryWriteBytes(block, left);
                hash.AppendData(block);
                await stream.WriteAsync(block, Token);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
