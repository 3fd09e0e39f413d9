using System.Text.Json;

namespace Runstone.Server.Tests.Hosting;

public sealed class RequestIdTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runstone-log-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.valid_ID-1", true)]
    [InlineData("has space", false)]
    [InlineData("<script>", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x", false)]
    public async Task A_valid_id_is_kept_and_another_is_replaced(string id, bool kept)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/runs/none");
        request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        using var response = await server.Client.SendAsync(request, Cancellation);
        var answered = Assert.Single(response.Headers.GetValues("X-Request-Id"));
        Assert.Matches("^[A-Za-z0-9._-]{1,64}$", answered);
        Assert.Equal(kept, answered == id);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal(answered, problem.GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task Every_answer_has_an_id_of_its_own_and_a_foreign_error_has_it_as_header_only()
    {
        await using var server = await RunningServer.StartAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in (string[])["/", "/version", "/health/ready", "/nowhere", "/api/2.0/mlflow/runs/get?run_id=none", "/a/%2e%2e/b"])
        {
            using var response = await server.Client.GetAsync(path, Cancellation);
            Assert.True(seen.Add(Assert.Single(response.Headers.GetValues("X-Request-Id"))), path);
            if (path.Contains("mlflow", StringComparison.Ordinal))
                Assert.DoesNotContain("requestId", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Verbose_json_is_one_object_a_line_with_the_id_and_the_route_of_each_request()
    {
        using var server = await ServerProcess.StartAsync(TestStore.In(_folder), "--log", "json", "--verbose");
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/runs/some-run");
        request.Headers.Add("X-Request-Id", "find-me");
        using var response = await client.SendAsync(request, Cancellation);
        await server.TerminateAsync();
        var lines = new List<JsonElement>();
        while (await server.ReadLineAsync() is { } line)
            lines.Add(JsonDocument.Parse(line).RootElement);
        var found = Assert.Single(lines, l => l.GetProperty("event").GetInt32() == 2101);
        Assert.Equal("find-me", found.GetProperty("requestId").GetString());
        Assert.Equal("information", found.GetProperty("level").GetString());
        Assert.Equal(("GET", "/api/v1/runs/{id}", 404), (
            found.GetProperty("fields").GetProperty("method").GetString(), found.GetProperty("fields").GetProperty("route").GetString(),
            found.GetProperty("fields").GetProperty("status").GetInt32()));
        Assert.True(found.TryGetProperty("traceId", out _));
        Assert.DoesNotContain("some-run", found.GetRawText(), StringComparison.Ordinal);
    }
}
