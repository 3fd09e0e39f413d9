namespace Runstone.Server.Tests.Api;

public sealed class ExperimentEndpointsTests
{
    [Fact]
    public async Task An_experiment_is_made_read_changed_deleted_and_restored()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.PostAsync("/experiments", """{"name":"income","tags":{"team":"a","old":"x"}}""");
        Assert.Equal(201, made.Status);
        var path = "/experiments/" + made.Json.GetProperty("id").GetString();

        var changed = await server.PatchAsync(path, """{"name":"income 2","tags":{"team":"b","old":null}}""");
        Assert.Equal("income 2", changed.Json.GetProperty("name").GetString());
        Assert.Equal("""{"team":"b"}""", changed.Json.GetProperty("tags").GetRawText());

        Assert.Equal("deleted", (await server.PatchAsync(path, """{"lifecycle":"deleted"}""")).Json.GetProperty("lifecycle").GetString());
        Assert.DoesNotContain("income 2", (await server.GetAsync("/experiments")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("income 2", (await server.GetAsync("/experiments?lifecycle=deleted")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("active", (await server.PatchAsync(path, """{"lifecycle":"active"}""")).Json.GetProperty("lifecycle").GetString());
        Assert.Equal("income 2", (await server.GetAsync(path)).Json.GetProperty("name").GetString());
        Assert.Equal("archived", (await server.PatchAsync(path, """{"lifecycle":"archived"}""")).Json.GetProperty("lifecycle").GetString());
        Assert.DoesNotContain("income 2", (await server.GetAsync("/experiments")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("income 2", (await server.GetAsync("/experiments?lifecycle=archived")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(200, (await server.PostAsync("/experiments", """{"name":"income 2","getOrCreate":true}""")).Status);
    }

    [Fact]
    public async Task Notes_and_the_pinned_metric_are_set_and_shown()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        await server.PostAsync($"/runs/{run}/log", """{"metrics":{"keys":["loss"],"key":[0],"step":[1],"time":[5],"value":[0.5]}}""");
        var path = "/experiments/" + (await server.GetAsync($"/runs/{run}")).Json.GetProperty("run").GetProperty("info").GetProperty("experimentId").GetString();
        var changed = await server.PatchAsync(path, """{"notes":"# One","pinnedMetric":"loss"}""");
        Assert.Equal(("# One", "loss"), (changed.Json.GetProperty("notes").GetString(), changed.Json.GetProperty("pinnedMetric").GetString()));
        Assert.Equal("# One", (await server.GetAsync(path)).Json.GetProperty("notes").GetString());

        var listed = (await server.GetAsync("/experiments?summary=true&filter=name%20%3D%20%27e%27")).Json.GetProperty("experiments")[0];
        Assert.False(listed.TryGetProperty("notes", out _));
        Assert.Equal($$"""{"runs":["{{run}}"],"values":[0.5]}""", listed.GetProperty("summary").GetProperty("pinned").GetRawText());
        Assert.Equal((413, "notes"), Seen(await server.PatchAsync(path, $$"""{"notes":"{{new string('n', 262_145)}}"}""")));
        Assert.Equal((413, "pinnedMetric"), Seen(await server.PatchAsync(path, $$"""{"pinnedMetric":"{{new string('n', 1025)}}"}""")));
        Assert.False((await server.PatchAsync(path, """{"pinnedMetric":""}""")).Json.TryGetProperty("pinnedMetric", out _));

        static (int Status, string? Field) Seen(Answer answer) => (answer.Status, answer.Field);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_found_on_request()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await server.PostAsync("/experiments", """{"name":"e"}""");
        var again = await server.PostAsync("/experiments", """{"name":"e"}""");
        Assert.Equal((409, "already_exists", "name"), (again.Status, again.Code, again.Field));
        var found = await server.PostAsync("/experiments", """{"name":"e","getOrCreate":true}""");
        Assert.Equal(200, found.Status);
        Assert.Equal(first.Json.GetProperty("id").GetString(), found.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Pages_follow_one_another_and_a_token_serves_its_query_only()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 5; i++)
            await server.PostAsync("/experiments", $$"""{"name":"x{{i}}"}""");
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await server.GetAsync($"/experiments?filter=name%20like%20%27x%25%27&orderBy=name%20desc&limit=2&pageToken={token}");
            Assert.Equal(200, page.Status);
            names.AddRange(page.Json.GetProperty("experiments").EnumerateArray().Select(e => e.GetProperty("name").GetString()!));
            var last = token;
            token = page.Json.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
            Assert.NotEqual(last, token ?? "end", StringComparer.Ordinal);
        }
        while (token is not null);
        Assert.Equal(["x4", "x3", "x2", "x1", "x0"], names);

        var first = await server.GetAsync("/experiments?limit=2");
        var foreign = await server.GetAsync($"/experiments?limit=2&lifecycle=all&pageToken={first.Json.GetProperty("nextPageToken").GetString()}");
        Assert.Equal((400, "pageToken"), (foreign.Status, foreign.Field));
        Assert.Contains("another query", foreign.Detail, StringComparison.Ordinal);
        Assert.Equal("pageToken", (await server.GetAsync("/experiments?pageToken=abc")).Field);
    }

    [Fact]
    public async Task Counts_and_keys_come_from_the_runs()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        await server.PostAsync($"/runs/{run}/log", """{"params":{"lr":"1"},"tags":{"t":"1"},"metrics":{"keys":["loss","acc"],"key":[0,1],"value":[1,2]}}""");
        var id = (await server.GetAsync($"/runs/{run}")).Json.GetProperty("run").GetProperty("info").GetProperty("experimentId").GetString();
        var summary = (await server.GetAsync($"/experiments/{id}?summary=true")).Json.GetProperty("summary");
        Assert.Equal((1, 1), (summary.GetProperty("runs").GetInt32(), summary.GetProperty("running").GetInt32()));
        var keys = (await server.GetAsync($"/experiments/{id}/keys")).Json;
        Assert.Equal("""["acc","loss"]""", keys.GetProperty("metrics").GetRawText());
        Assert.Equal("""["lr"]""", keys.GetProperty("params").GetRawText());
        Assert.False(keys.GetProperty("truncated").GetBoolean());
        Assert.True((await server.GetAsync($"/experiments/{id}/keys?limit=1")).Json.GetProperty("truncated").GetBoolean());
    }

    [Theory]
    [InlineData("GET", "/experiments/99", null, 404, "experimentId")]
    [InlineData("GET", "/experiments/abc", null, 400, "id")]
    [InlineData("GET", "/experiments?limit=0", null, 400, "limit")]
    [InlineData("GET", "/experiments?limit=many", null, 400, "limit")]
    [InlineData("GET", "/experiments?lifecycle=gone", null, 400, "lifecycle")]
    [InlineData("GET", "/experiments?filter=name%20%3D", null, 400, "filter")]
    [InlineData("GET", "/experiments?orderBy=size", null, 400, "orderBy")]
    [InlineData("POST", "/experiments", """{}""", 400, "name")]
    [InlineData("POST", "/experiments", """{"name":""}""", 400, "name")]
    [InlineData("POST", "/experiments", """{"name":"a","tags":{"k":null}}""", 400, "tags.k")]
    [InlineData("PATCH", "/experiments/0", """{"tags":{"missing":null}}""", 404, "key")]
    public async Task What_is_wrong_is_named(string method, string path, string? json, int status, string field)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await server.SendAsync(new HttpMethod(method), path, json);
        Assert.Equal((status, field), (answer.Status, answer.Field));
    }
}
