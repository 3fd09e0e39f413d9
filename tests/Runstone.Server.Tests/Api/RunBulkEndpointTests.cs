using Runstone.Core.Ingest;

namespace Runstone.Server.Tests.Api;

public sealed class RunBulkEndpointTests
{
    [Fact]
    public async Task All_that_a_search_finds_is_archived_call_by_call()
    {
        await using var server = await RunningServer.StartAsync();
        var experiment = await FillAsync(server, 25);
        var body = $$"""{"search":{"experimentIds":["{{experiment}}"],"filter":"tags.odd = \"1\""},"lifecycle":"archived","limit":5""";
        var (changed, token, calls) = (0, "", 0);
        do
        {
            var answer = await server.PostAsync("/runs/lifecycle", token.Length == 0 ? body + "}" : $$"""{{body}},"pageToken":"{{token}}"}""");
            Assert.Equal((200, 0), (answer.Status, answer.Json.GetProperty("failed").GetInt32()));
            changed += answer.Json.GetProperty("changed").GetInt32();
            token = answer.Json.TryGetProperty("nextPageToken", out var next) ? next.GetString()! : "";
            calls++;
        }
        while (token.Length > 0);
        Assert.Equal((12, 3), (changed, calls));
        Assert.Equal(13, await CountAsync(server, experiment, "active", ""));
        Assert.Equal(12, await CountAsync(server, experiment, "archived", "tags.odd = \\\"1\\\""));
    }

    [Fact]
    public async Task A_change_that_was_interrupted_goes_on_without_a_token()
    {
        await using var server = await RunningServer.StartAsync();
        var experiment = await FillAsync(server, 12);
        var body = $$"""{"search":{"experimentIds":["{{experiment}}"]},"lifecycle":"deleted","limit":8}""";
        Assert.Equal(8, (await server.PostAsync("/runs/lifecycle", body)).Json.GetProperty("changed").GetInt32());
        var rest = await server.PostAsync("/runs/lifecycle", body);
        Assert.Equal((4, false), (rest.Json.GetProperty("changed").GetInt32(), rest.Json.TryGetProperty("nextPageToken", out _)));
        var back = await server.PostAsync("/runs/lifecycle", $$"""{"search":{"experimentIds":["{{experiment}}"],"lifecycle":"deleted"},"lifecycle":"active"}""");
        Assert.Equal(12, back.Json.GetProperty("changed").GetInt32());
        Assert.Equal(12, await CountAsync(server, experiment, "active", ""));
    }

    [Fact]
    public async Task Tags_are_set_and_removed_where_they_are()
    {
        await using var server = await RunningServer.StartAsync();
        var experiment = await FillAsync(server, 20);
        var answer = await server.PostAsync(
            "/runs/tags", $$$"""{"search":{"experimentIds":["{{{experiment}}}"]},"tags":{"team":"north","odd":null}}""");
        Assert.Equal((20, 0), Counts(answer));
        Assert.Equal(20, await CountAsync(server, experiment, "active", "tags.team = \\\"north\\\" and not tags.odd = \\\"1\\\""));
        Assert.Equal((20, 0), Counts(await server.PostAsync("/runs/tags", $$$"""{"search":{"experimentIds":["{{{experiment}}}"]},"tags":{"nobody":null}}""")));
    }

    [Fact]
    public async Task Runs_that_refuse_are_told_and_keep_no_other_from_being_changed()
    {
        await using var server = await RunningServer.StartAsync();
        var (kept, deleted) = (await server.NewRunAsync("kept"), await server.NewRunAsync("gone"));
        await server.PatchAsync($"/runs/{deleted}", """{"lifecycle":"deleted"}""");
        var answer = await server.PostAsync("/runs/tags", $$$"""{"runIds":["{{{kept}}}","{{{deleted}}}","nobody","{{{kept}}}"],"tags":{"a":"b"}}""");
        Assert.Equal((1, 2), Counts(answer));
        var failures = answer.Json.GetProperty("failures").EnumerateArray().Select(f => $"{f.GetProperty("runId").GetString()} {f.GetProperty("code").GetString()}");
        Assert.Equal("gone conflict, nobody not_found", string.Join(", ", failures));
        Assert.Equal("b", (await server.GetAsync($"/runs/{kept}")).Json.GetProperty("run").GetProperty("tags").GetProperty("a").GetString());
    }

    [Fact]
    public async Task Every_run_is_announced_as_by_a_call_of_its_own()
    {
        await using var server = await RunningServer.StartAsync();
        var experiment = await FillAsync(server, 30);
        using var changes = server.Get<ChangeFeed>().Subscribe(new ChangeFilter());
        await server.PostAsync("/runs/tags", $$$"""{"search":{"experimentIds":["{{{experiment}}}"]},"tags":{"a":"b"}}""");
        await server.PostAsync("/runs/lifecycle", $$"""{"search":{"experimentIds":["{{experiment}}"]},"lifecycle":"archived"}""");
        var told = await changes.NextAsync(CancellationToken.None);
        Assert.Equal(30, told.Count);
        Assert.All(told, change => Assert.Equal(ChangeKinds.Tags | ChangeKinds.Facts, change.Kinds));
    }

    [Fact]
    public async Task As_many_runs_as_are_allowed_are_named()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        var ids = string.Join(',', Enumerable.Range(0, 4999).Select(i => $"\"r{i}\""));
        Assert.Equal((1, 4999), Counts(await server.PostAsync("/runs/tags", $$$"""{"runIds":["{{{run}}}",{{{ids}}}],"tags":{"a":"b"}}""")));
        Assert.Equal("runIds", (await server.PostAsync("/runs/tags", $$$"""{"runIds":["{{{run}}}","x",{{{ids}}}],"tags":{"a":"b"}}""")).Field);
    }

    [Theory]
    [InlineData("lifecycle", """{"lifecycle":"archived"}""", "search")]
    [InlineData("lifecycle", """{"lifecycle":"archived","runIds":["a"],"search":{"experimentIds":["0"]}}""", "search")]
    [InlineData("lifecycle", """{"lifecycle":"archived","search":{"experimentIds":[]}}""", "search.experimentIds")]
    [InlineData("lifecycle", """{"lifecycle":"gone","runIds":["a"]}""", "lifecycle")]
    [InlineData("lifecycle", """{"lifecycle":"archived","runIds":[]}""", "runIds")]
    [InlineData("lifecycle", """{"lifecycle":"archived","search":{"experimentIds":["0"],"filter":"metrics.loss <"}}""", "filter")]
    [InlineData("lifecycle", """{"lifecycle":"archived","search":{"experimentIds":["0"]},"limit":5001}""", "limit")]
    [InlineData("lifecycle", """{"lifecycle":"archived","search":{"experimentIds":["0"]},"pageToken":"x"}""", "pageToken")]
    [InlineData("tags", """{"tags":{},"runIds":["a"]}""", "tags")]
    public async Task What_is_wrong_is_named(string call, string body, string field)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await server.PostAsync($"/runs/{call}", body);
        Assert.Equal((400, field), (answer.Status, answer.Field));
    }

    private static (int Changed, int Failed) Counts(Answer answer) => (answer.Json.GetProperty("changed").GetInt32(), answer.Json.GetProperty("failed").GetInt32());

    /// <summary>Runs of one experiment, of which every second one has the tag "odd".</summary>
    private static async Task<string> FillAsync(RunningServer server, int count)
    {
        var experiment = "";
        for (var i = 0; i < count; i++)
        {
            var made = await server.PostAsync("/runs", $$$"""{"experiment":"e","id":"r{{{i}}}","startTime":{{{1000 + i}}},"tags":{{{(i % 2 == 1 ? """{"odd":"1"}""" : "{}")}}}}""");
            experiment = made.Json.GetProperty("experimentId").GetString()!;
        }

        return experiment;
    }

    private static async Task<int> CountAsync(RunningServer server, string experiment, string lifecycle, string filter)
    {
        var found = await server.PostAsync("/runs/table", $$"""{"experimentIds":["{{experiment}}"],"lifecycle":"{{lifecycle}}","filter":"{{filter}}","columns":[]}""");
        return found.Json.GetProperty("runs").GetArrayLength();
    }
}
