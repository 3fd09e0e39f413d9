using System.Text.Json;
using Runstone.Server.Tests.Api;

namespace Runstone.Server.Tests.Live;

public sealed class LiveEndpointsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_change_is_told_with_its_run_and_kinds()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        using var patience = new CancellationTokenSource(Patience);
        using var stream = await OpenAsync(server, "", patience.Token);
        await server.PostAsync($"/runs/{id}/log", """{"params":{"a":"b"},"metrics":{"keys":["m"],"key":[0],"value":[1]},"media":[{"key":"k","type":"text","data":{"text":"t"}}]}""");
        var changes = await NextAsync(stream, patience.Token);
        var change = Assert.Single(changes!.Value.GetProperty("changes").EnumerateArray());
        Assert.Equal(id, change.GetProperty("runId").GetString());
        Assert.Equal("""["params","metrics","media"]""", change.GetProperty("kinds").GetRawText());
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        var (other, wanted) = (await server.NewRunAsync(), await server.NewRunAsync());
        using var patience = new CancellationTokenSource(Patience);
        using var stream = await OpenAsync(server, $"?run={wanted}&run=another", patience.Token);
        await server.PostAsync($"/runs/{other}/log", """{"params":{"a":"b"}}""");
        await server.PostAsync($"/runs/{wanted}/log", """{"tags":{"a":"b"}}""");
        var changes = await NextAsync(stream, patience.Token);
        Assert.Equal(wanted, Assert.Single(changes!.Value.GetProperty("changes").EnumerateArray()).GetProperty("runId").GetString());
    }

    [Fact]
    public async Task A_change_of_an_experiment_itself_names_no_run()
    {
        await using var server = await RunningServer.StartAsync();
        var first = (await server.PostAsync("/experiments", """{"name":"a"}""")).Json.GetProperty("id").GetString();
        var second = (await server.PostAsync("/experiments", """{"name":"b"}""")).Json.GetProperty("id").GetString();
        using var patience = new CancellationTokenSource(Patience);
        using var stream = await OpenAsync(server, $"?experiment={first}&experiment={second}", patience.Token);
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        await server.PatchAsync($"/experiments/{first}", """{"notes":"Why"}""");
        await server.PostAsync("/comments", $$"""{"kind":"experiment","id":"{{second}}","text":"Because"}""");
        while (seen.Count < 2)
        {
            foreach (var change in (await NextAsync(stream, patience.Token))!.Value.GetProperty("changes").EnumerateArray())
                seen.Add($"{change.GetProperty("experimentId").GetString()}/{change.GetProperty("runId").GetString()} {change.GetProperty("kinds").GetRawText()}");
        }

        Assert.Equal([$"""{first}/ ["facts"]""", $"""{second}/ ["comments"]"""], seen);
    }

    [Fact]
    public async Task Many_changes_share_an_event()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        using var patience = new CancellationTokenSource(Patience);
        using var stream = await OpenAsync(server, "", patience.Token);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => server.PostAsync($"/runs/{id}/log", $$$"""{"tags":{"k{{{i}}}":"v"}}""")));
        await server.PostAsync($"/runs/{id}/log", """{"params":{"last":"1"}}""");
        var events = 0;
        string kinds;
        do
        {
            kinds = (await NextAsync(stream, patience.Token))!.Value.GetProperty("changes")[0].GetProperty("kinds").GetRawText();
            events++;
        }
        while (!kinds.Contains("params", StringComparison.Ordinal));
        Assert.InRange(events, 1, 50);
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops()
    {
        await using var server = await RunningServer.StartAsync();
        using var patience = new CancellationTokenSource(Patience);
        using var stream = await OpenAsync(server, "", patience.Token);
        var next = NextAsync(stream, patience.Token);
        await server.StopAsync();
        Assert.Null(await next);
    }

    private static async Task<StreamReader> OpenAsync(RunningServer server, string query, CancellationToken cancellationToken)
    {
        var response = await server.Client.GetAsync("/api/v1/live" + query, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        Assert.Equal(": open", await reader.ReadLineAsync(cancellationToken));
        return reader;
    }

    private static async Task<JsonElement?> NextAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
        }

        return null;
    }
}
