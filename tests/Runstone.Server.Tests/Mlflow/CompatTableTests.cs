using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Runstone.Server.Compat.Mlflow;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>docs/compat/mlflow.md says what is there, and what it says is true.</summary>
public sealed partial class CompatTableTests
{
    [Fact]
    public async Task The_table_lists_the_routes_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync();
        var routes = server.Get<EndpointDataSource>().Endpoints.Select(e => e.Metadata.GetMetadata<MlflowCall>()).OfType<MlflowCall>()
            .Select(c => $"{c.Method} {c.Path}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var rows = Rows().Select(r => $"{r.Method} {r.Path}").Order(StringComparer.Ordinal);
        Assert.Equal(string.Join('\n', rows), string.Join('\n', routes));
    }

    [Fact]
    public async Task A_call_of_the_api_is_also_served_to_the_page()
    {
        await using var server = await RunningServer.StartAsync();
        var patterns = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<MlflowCall>() is not null)
            .Select(e => $"{e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {e.RoutePattern.RawText}").ToHashSet(StringComparer.Ordinal);
        var missing = patterns.Where(p => p.Contains(" /api/", StringComparison.Ordinal) && !p.Contains("2.0mlflow", StringComparison.Ordinal))
            .Where(p => !patterns.Contains(p.Replace(" /api/", " /ajax-api/", StringComparison.Ordinal)));
        Assert.Equal("", string.Join('\n', missing));
    }

    [Fact]
    public async Task What_is_not_there_yet_says_what_is_missing()
    {
        await using var api = await MlflowApi.StartAsync();
        foreach (var row in Rows().Where(r => r.State.StartsWith("not yet", StringComparison.Ordinal)))
        {
            var path = Parameter().Replace(row.Path, "x");
            var error = await api.FailAsync(row.Method, path, row.Method == "GET" ? null : "{}");
            Assert.Equal((row.Path, 501, "NOT_IMPLEMENTED"), (row.Path, error.Status, error.Code));
            Assert.Contains(row.State["not yet: ".Length..], error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_works_is_there()
    {
        await using var api = await MlflowApi.StartAsync();
        foreach (var row in Rows().Where(r => !r.State.StartsWith("not yet", StringComparison.Ordinal)))
        {
            using var answer = await api.SendAsync(row.Method, Parameter().Replace(row.Path, "x"), row.Method == "GET" ? null : "{}");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.NotEqual(HttpStatusCode.NotImplemented, answer.StatusCode);
            Assert.True((int)answer.StatusCode < 500, $"{row.Path}: {text}");
            Assert.DoesNotContain("ENDPOINT_NOT_FOUND", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/api/2.0/mlflow/no/such/call")]
    [InlineData("POST", "/api/3.0/mlflow/nothing")]
    [InlineData("GET", "/ajax-api/9.9/mlflow/x")]
    [InlineData("DELETE", "/api/2.0/mlflow/runs/create")]
    [InlineData("GET", "/api/2.0/mlflow-artifacts/elsewhere")]
    public async Task An_unknown_call_answers_in_the_clients_format(string method, string path)
    {
        await using var api = await MlflowApi.StartAsync();
        var error = await api.FailAsync(method, path);
        Assert.Equal((404, "ENDPOINT_NOT_FOUND"), (error.Status, error.Code));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Method, string Path, string State)> Rows()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Runstone.slnx")))
            folder = folder.Parent;
        return File.ReadLines(Path.Combine(folder.FullName, "docs", "compat", "mlflow.md"))
            .SkipWhile(l => l != "## Calls").TakeWhile(l => l != "## The page")
            .Select(l => Row().Match(l)).Where(m => m.Success)
            .Select(m => (m.Groups["method"].Value, m.Groups["path"].Value, m.Groups["state"].Value));
    }

    [GeneratedRegex(@"^\| (?<method>[A-Z]+) \| `(?<path>[^`]+)` \| (?<state>(works|differs|not yet).*) \|$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"<[^>]+>|\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
