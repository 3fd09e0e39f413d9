using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Runstone.Server.Tests.Api;

namespace Runstone.Server.Tests.Hosting;

public sealed class ServerTests
{
    [Fact]
    public async Task A_started_server_is_alive_ready_and_says_what_it_is()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("live", await server.Client.GetStringAsync("/health/live"));
        Assert.Equal("ready", await server.Client.GetStringAsync("/health/ready"));
        var info = (await server.GetAsync("/server")).Json;
        Assert.Equal(("runstone", 1), (info.GetProperty("name").GetString(), info.GetProperty("apiVersion").GetInt32()));
    }

    [Fact]
    public async Task It_tells_when_it_started_not_when_it_was_first_asked()
    {
        var time = new MovableTime();
        await using var server = await RunningServer.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var started = time.GetUtcNow().ToUnixTimeMilliseconds();
        time.Ahead = TimeSpan.FromHours(1);
        Assert.True((await server.GetAsync("/server")).Json.GetProperty("startedAt").GetInt64() <= started);
    }

    [Fact]
    public async Task A_restart_keeps_everything()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"params":{"a":"b"},"metrics":{"keys":["m"],"key":[0],"value":[1.5]}}""");
        await server.Client.PutAsync($"/api/v1/runs/{id}/artifacts/x.txt", new StringContent("kept"));
        await server.RestartAsync();
        var run = (await server.GetAsync($"/runs/{id}")).Json.GetProperty("run");
        Assert.Equal("b", run.GetProperty("params").GetProperty("a").GetString());
        Assert.Equal(1.5, run.GetProperty("metrics").GetProperty("m").GetProperty("last").GetDouble());
        Assert.Equal("kept", await server.Client.GetStringAsync($"/api/v1/runs/{id}/artifacts/x.txt"));
    }

    [Fact]
    public async Task The_document_and_its_browser_are_served_from_here()
    {
        await using var server = await RunningServer.StartAsync();
        var document = await server.Client.GetStringAsync("/openapi/v1.json");
        foreach (var path in (string[])["/api/v1/runs/{id}/log", "/api/v1/metrics/frames", "/api/v1/live", "/api/v1/runs/{id}/artifacts/{path}"])
            Assert.Contains($"\"{path}\"", document, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/2.0", document, StringComparison.Ordinal);
        var page = await server.Client.GetStringAsync("/docs/api/");
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/docs/api/scalar.js")).StatusCode);
    }

    [Fact]
    public async Task The_document_says_what_may_be_left_out()
    {
        await using var server = await RunningServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json"));
        var live = document.RootElement.GetProperty("paths").GetProperty("/api/v1/live").GetProperty("get");
        Assert.False(live.TryGetProperty("requestBody", out _));
        Assert.All(
            live.GetProperty("parameters").EnumerateArray(),
            parameter => Assert.False(parameter.TryGetProperty("required", out var required) && required.GetBoolean()));
        var summary = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("MetricSummaryInfo").GetProperty("properties");
        Assert.Contains("\"null\"", summary.GetProperty("min").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"null\"", summary.GetProperty("last").ToString(), StringComparison.Ordinal);
        var values = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("MetricColumns").GetProperty("properties").GetProperty("value");
        Assert.Equal("array", values.GetProperty("type").GetString());
        Assert.Equal("number", values.GetProperty("items").GetProperty("anyOf")[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/v1/server", "evil.example", null, 403)]
    [InlineData("GET", "/api/v1/server", "127.0.0.1.evil.example", null, 403)]
    [InlineData("GET", "/api/v1/server", "localhost", null, 200)]
    [InlineData("GET", "/health/live", "evil.example", null, 200)]
    [InlineData("POST", "/api/v1/experiments", null, "http://evil.example", 403)]
    [InlineData("POST", "/api/v1/experiments", null, "null", 403)]
    [InlineData("GET", "/api/v1/server", null, "http://evil.example", 200)]
    public async Task Requests_of_other_hosts_and_sites_are_refused(string method, string path, string? host, string? origin, int status)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("SAMEORIGIN", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
    }

    [Theory]
    [InlineData("runs.example", "https://runs.example", 201)]
    [InlineData("runs.example", "http://runs.example", 403)]
    [InlineData("evil.example", "https://runs.example", 403)]
    public async Task Behind_a_proxy_its_public_address_counts(string host, string origin, int status)
    {
        await using var server = await RunningServer.StartAsync(options: o => o with { PublicUrls = [new Uri("https://runs.example")] });
        server.Client.DefaultRequestHeaders.Host = host;
        server.Client.DefaultRequestHeaders.Add("Origin", origin);
        server.Client.DefaultRequestHeaders.Add("X-Forwarded-Host", "runs.example");
        Assert.Equal(status, (await server.PostAsync("/experiments", """{"name":"e"}""")).Status);
    }

    [Fact]
    public async Task The_page_of_this_server_may_change_things()
    {
        await using var server = await RunningServer.StartAsync();
        server.Client.DefaultRequestHeaders.Add("Origin", server.Address);
        Assert.Equal(201, (await server.PostAsync("/experiments", """{"name":"e"}""")).Status);
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/experiments/1/runs", true)]
    [InlineData("/api/v1/nothing", false)]
    [InlineData("/api/2.0/nothing", false)]
    [InlineData("/ajax-api/2.0/nothing", false)]
    [InlineData("/openapi/nothing", false)]
    public async Task Only_addresses_of_the_page_answer_with_html(string path, bool html)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(html ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(html, response.Content.Headers.ContentType?.MediaType == "text/html");
    }

    [Fact]
    public async Task The_root_is_the_page_whatever_is_accepted()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Client.GetAsync("/");
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        using var other = await server.Client.GetAsync("/experiments/1/runs");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    private sealed class MovableTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
