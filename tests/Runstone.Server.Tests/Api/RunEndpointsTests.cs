namespace Runstone.Server.Tests.Api;

public sealed class RunEndpointsTests
{
    [Fact]
    public async Task A_run_is_made_logged_to_read_and_ended()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.PostAsync("/runs", """{"experiment":"e","name":"first","user":"ada","tags":{"a":"b"},"notes":"# hi","environment":{"os":"linux"}}""");
        Assert.Equal(201, made.Status);
        var id = made.Json.GetProperty("id").GetString();
        var logged = await server.PostAsync($"/runs/{id}/log", """
            {"params":{"lr":"0.1"},"tags":{"c":"d"},"metrics":{"keys":["loss"],"key":[0,0],"step":[1,2.5],"time":[5,6],"value":[0.5,"NaN"]},
             "inputs":[{"dataset":{"name":"adult","digest":"sha256:1","sourceType":"local","source":"a.csv"},"tags":{"context":"train"}}],
             "models":[{"modelId":"m-1","direction":"output","step":2}]}
            """);
        Assert.Equal("""{"points":2,"replayed":false}""", logged.Json.GetRawText());
        var ended = await server.PostAsync($"/runs/{id}/log", """{"status":"finished"}""");
        Assert.Equal(200, ended.Status);

        var read = (await server.GetAsync($"/runs/{id}")).Json;
        var run = read.GetProperty("run");
        var info = run.GetProperty("info");
        Assert.Equal("finished", info.GetProperty("status").GetString());
        Assert.True(info.GetProperty("endTime").GetInt64() >= info.GetProperty("startTime").GetInt64());
        Assert.Equal("""{"lr":"0.1"}""", run.GetProperty("params").GetRawText());
        Assert.Equal("""{"a":"b","c":"d"}""", run.GetProperty("tags").GetRawText());
        Assert.Equal("NaN", run.GetProperty("metrics").GetProperty("loss").GetProperty("last").GetString());
        Assert.Equal("adult", run.GetProperty("inputs")[0].GetProperty("dataset").GetProperty("name").GetString());
        Assert.Equal("output", run.GetProperty("models")[0].GetProperty("direction").GetString());
        Assert.Equal("# hi", read.GetProperty("notes").GetString());
        Assert.Equal("linux", read.GetProperty("environment").GetProperty("os").GetString());
    }

    [Fact]
    public async Task An_ended_run_takes_nothing_until_it_is_resumed()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync("r-1");
        await server.PatchAsync($"/runs/{id}", """{"status":"failed"}""");
        var refused = await server.PostAsync($"/runs/{id}/log", """{"params":{"a":"b"}}""");
        Assert.Equal((409, "conflict"), (refused.Status, refused.Code));
        Assert.Contains("resume", refused.Detail, StringComparison.Ordinal);

        Assert.Equal(409, (await server.PostAsync("/runs", """{"experiment":"e","id":"r-1"}""")).Status);
        var resumed = await server.PostAsync("/runs", """{"experiment":"e","id":"r-1","name":"other","resume":true}""");
        Assert.Equal((200, "running"), (resumed.Status, resumed.Json.GetProperty("status").GetString()));
        Assert.NotEqual("other", resumed.Json.GetProperty("name").GetString(), StringComparer.Ordinal);
        Assert.False(resumed.Json.TryGetProperty("endTime", out _));
        Assert.Equal(200, (await server.PostAsync($"/runs/{id}/log", """{"params":{"a":"b"}}""")).Status);
        Assert.Equal(201, (await server.PostAsync("/runs", """{"experiment":"e","id":"r-2","resume":true}""")).Status);
    }

    [Fact]
    public async Task A_deleted_run_takes_nothing_until_it_is_restored()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        Assert.Equal("deleted", (await server.PatchAsync($"/runs/{id}", """{"lifecycle":"deleted"}""")).Json.GetProperty("lifecycle").GetString());
        Assert.Equal(409, (await server.PostAsync($"/runs/{id}/log", """{"params":{"a":"b"}}""")).Status);
        Assert.Equal(409, (await server.PostAsync("/runs", $$"""{"experiment":"e","id":"{{id}}","resume":true}""")).Status);
        Assert.Equal(409, (int)(await server.Client.PutAsync($"/api/v1/runs/{id}/artifacts/a.txt", new StringContent("x"))).StatusCode);
        Assert.Equal(200, (await server.PatchAsync($"/runs/{id}", """{"lifecycle":"active"}""")).Status);
        Assert.Equal(200, (await server.PostAsync($"/runs/{id}/log", """{"params":{"a":"b"}}""")).Status);
    }

    [Fact]
    public async Task An_archived_run_is_hidden_and_goes_on()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        Assert.Equal("archived", (await server.PatchAsync($"/runs/{id}", """{"lifecycle":"archived"}""")).Json.GetProperty("lifecycle").GetString());
        Assert.Equal(200, (await server.PostAsync($"/runs/{id}/log", """{"params":{"a":"b"}}""")).Status);
        Assert.Equal(200, (int)(await server.Client.PutAsync($"/api/v1/runs/{id}/artifacts/a.txt", new StringContent("x"))).StatusCode);
        Assert.Equal(0, (await server.PostAsync("/runs/search", "{}")).Json.GetProperty("runs").GetArrayLength());
        Assert.Equal(1, (await server.PostAsync("/runs/search", """{"lifecycle":"archived"}""")).Json.GetProperty("runs").GetArrayLength());
        Assert.Equal(200, (await server.PatchAsync($"/runs/{id}", """{"lifecycle":"active"}""")).Status);
    }

    [Fact]
    public async Task A_request_sent_again_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        const string Request = """{"source":"p1","sequence":0,"metrics":{"keys":["a"],"key":[0],"value":[1]}}""";
        Assert.False((await server.PostAsync($"/runs/{id}/log", Request)).Json.GetProperty("replayed").GetBoolean());
        Assert.True((await server.PostAsync($"/runs/{id}/log", Request)).Json.GetProperty("replayed").GetBoolean());
        Assert.Equal(1, (await server.GetAsync($"/runs/{id}/metrics")).Json.GetProperty("a").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_refused_request_leaves_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"params":{"lr":"1"}}""");
        var refused = await server.PostAsync($"/runs/{id}/log", """{"params":{"lr":"2","new":"x"},"tags":{"t":"x"},"metrics":{"keys":["a"],"key":[0],"value":[1]}}""");
        Assert.Equal((409, "params"), (refused.Status, refused.Field));
        var run = (await server.GetAsync($"/runs/{id}")).Json.GetProperty("run");
        Assert.Equal("""{"lr":"1"}""", run.GetProperty("params").GetRawText());
        Assert.Equal("{}", run.GetProperty("tags").GetRawText());
        Assert.Equal("{}", run.GetProperty("metrics").GetRawText());
    }

    [Fact]
    public async Task Runs_are_searched_sorted_counted_and_paged()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var id = await server.NewRunAsync($"r{i}");
            await server.PostAsync($"/runs/{id}/log", $$$"""{"params":{"depth":"{{{i}}}"},"metrics":{"keys":["auc"],"key":[0],"value":[0.{{{i}}}]}}""");
        }

        var first = (await server.PostAsync("/runs/search", """{"filter":"params.depth >= 1","orderBy":["metrics.auc desc"],"limit":3,"count":true,"columns":{"metrics":["auc"],"params":[],"tags":[]}}""")).Json;
        Assert.Equal(["r4", "r3", "r2"], Ids(first));
        Assert.Equal((4, true), (first.GetProperty("total").GetInt32(), first.GetProperty("totalIsExact").GetBoolean()));
        Assert.Equal("{}", first.GetProperty("runs")[0].GetProperty("params").GetRawText());
        var token = first.GetProperty("nextPageToken").GetString();
        var second = (await server.PostAsync("/runs/search", $$"""{"filter":"params.depth >= 1","orderBy":["metrics.auc desc"],"limit":3,"pageToken":"{{token}}"}""")).Json;
        Assert.Equal(["r1"], Ids(second));
        Assert.False(second.TryGetProperty("nextPageToken", out _));
        var foreign = await server.PostAsync("/runs/search", $$"""{"filter":"params.depth >= 2","orderBy":["metrics.auc desc"],"pageToken":"{{token}}"}""");
        Assert.Equal((400, "pageToken"), (foreign.Status, foreign.Field));
        var broken = await server.PostAsync("/runs/search", """{"pageToken":"not one of ours!"}""");
        Assert.Equal((400, "pageToken"), (broken.Status, broken.Field));
    }

    [Fact]
    public async Task Pages_go_on_where_the_one_before_ended_while_runs_come_and_go()
    {
        await using var server = await RunningServer.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
            ids.Add(await server.NewRunAsync($"r{i}"));
        var first = (await server.PostAsync("/runs/search", """{"orderBy":["run_id"],"limit":3,"count":true}""")).Json;
        Assert.Equal(["r0", "r1", "r2"], Ids(first));
        Assert.Equal(6, first.GetProperty("total").GetInt32());

        await server.NewRunAsync("r00");
        await server.PatchAsync($"/runs/{ids[2]}", """{"lifecycle":"deleted"}""");
        var token = first.GetProperty("nextPageToken").GetString();
        var second = (await server.PostAsync("/runs/search", $$"""{"orderBy":["run_id"],"limit":3,"pageToken":"{{token}}"}""")).Json;

        Assert.Equal(["r3", "r4", "r5"], Ids(second));
        Assert.False(second.TryGetProperty("nextPageToken", out _));
    }

    [Theory]
    [InlineData("POST", "/runs", """{"experiment":"e","id":"../x"}""", 400, "runId")]
    [InlineData("POST", "/runs", """{}""", 400, "experiment")]
    [InlineData("POST", "/runs", """{"experiment":"e","experimentId":"0"}""", 400, "experiment")]
    [InlineData("POST", "/runs", """{"experimentId":"77"}""", 404, "experimentId")]
    [InlineData("POST", "/runs", """{"experiment":"e","nam":"x"}""", 400, "nam")]
    [InlineData("POST", "/runs", """{"experiment":"e","environment":{"gpuss":[]}}""", 400, "environment.gpuss")]
    [InlineData("POST", "/runs", """{"experiment":5}""", 400, "experiment")]
    [InlineData("POST", "/runs", """{"experiment":"e",}""", 400, "body")]
    [InlineData("POST", "/runs", "[]", 400, "body")]
    [InlineData("POST", "/runs", "", 400, "body")]
    [InlineData("GET", "/runs/nope", null, 404, "runId")]
    [InlineData("PATCH", "/runs/nope", """{"name":"x"}""", 404, "runId")]
    [InlineData("PATCH", "/runs/r", """{"status":"done"}""", 400, "status")]
    [InlineData("POST", "/runs/nope/log", """{"params":{"a":"b"}}""", 404, "runId")]
    [InlineData("POST", "/runs/r/log", """{"params":{"a":1}}""", 400, "params.a")]
    [InlineData("POST", "/runs/r/log", """{"params":{"":"1"}}""", 400, "params[0].key")]
    [InlineData("POST", "/runs/r/log", """{"metrics":{"keys":["a"],"key":[0],"value":["x"]}}""", 400, "metrics.value[0]")]
    [InlineData("POST", "/runs/r/log", """{"metrics":{"keys":["a"],"key":[0,0],"value":[1]}}""", 400, "metrics.key")]
    [InlineData("POST", "/runs/r/log", """{"metrics":{"keys":["a"],"key":[3],"value":[1]}}""", 400, "metrics[0].key")]
    [InlineData("POST", "/runs/r/log", """{"metrics":{"keys":["a"],"key":[0],"step":[1e20],"value":[1]}}""", 400, "metrics.step[0]")]
    [InlineData("POST", "/runs/r/log", """{"metrics":{"keys":["a"]}}""", 400, "metrics.key")]
    [InlineData("POST", "/runs/r/log", """{"sequence":1}""", 400, "source")]
    [InlineData("POST", "/runs/search", """{"filter":"metrics.loss <"}""", 400, "filter")]
    [InlineData("POST", "/runs/search", """{"orderBy":["metrics.loss sideways"]}""", 400, "orderBy")]
    [InlineData("POST", "/runs/search", """{"limit":1001}""", 400, "limit")]
    [InlineData("POST", "/runs/search", """{"experimentIds":["x"]}""", 400, "experimentIds")]
    [InlineData("POST", "/metrics/frames", """{"series":[]}""", 400, "series")]
    [InlineData("POST", "/metrics/frames", """{"series":[{"runId":"r","key":"a"}],"axis":"width"}""", 400, "axis")]
    [InlineData("POST", "/metrics/frames", """{"series":[{"runId":"r","key":"a"}],"buckets":0}""", 400, "buckets")]
    [InlineData("GET", "/runs/r/metrics/history", null, 400, "key")]
    [InlineData("GET", "/runs/r/metrics/history?key=a&from=x", null, 400, "from")]
    [InlineData("GET", "/runs/nope/metrics", null, 404, "runId")]
    [InlineData("GET", "/runs/nope/artifacts", null, 404, "runId")]
    [InlineData("GET", "/runs/r/artifacts?path=..%2Fx", null, 400, "path")]
    [InlineData("GET", "/runs/r/artifacts/none.txt", null, 404, "path")]
    [InlineData("GET", "/live?experiment=x", null, 400, "experiment")]
    [InlineData("GET", "/nothing", null, 404, "path")]
    [InlineData("DELETE", "/server", null, 405, "method")]
    public async Task What_is_wrong_is_named(string method, string path, string? json, int status, string field)
    {
        await using var server = await RunningServer.StartAsync();
        await server.NewRunAsync("r");
        var answer = await server.SendAsync(new HttpMethod(method), path, json);
        Assert.Equal((status, field), (answer.Status, answer.Field));
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_malformed_body_is_located()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await server.PostAsync("/runs", "{\n  \"experiment\": \"e\",\n  \"name\": oops\n}");
        Assert.Contains("line 3", answer.Detail, StringComparison.Ordinal);
        using var text = new StringContent("{}");
        var unsupported = await server.Client.PostAsync("/api/v1/runs", text);
        Assert.Equal(415, (int)unsupported.StatusCode);
        Assert.Equal("application/problem+json", unsupported.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await RawHttp.SendAsync(server, $"POST /api/v1/runs HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {65 << 20}");
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("\"too_large\"", answer, StringComparison.Ordinal);
    }

    private static string[] Ids(System.Text.Json.JsonElement page) =>
        [.. page.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("info").GetProperty("id").GetString()!)];

    [Fact]
    public async Task A_table_has_the_columns_that_were_asked_for()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var (id, value) in new[] { ("r-1", "0.5"), ("r-2", "\"-Infinity\""), ("r-3", "1e300") })
        {
            await server.NewRunAsync(id);
            await server.PostAsync($"/runs/{id}/log", $$$"""{"params":{"l\"r":"{{{id}}}"},"metrics":{"keys":["loss"],"key":[0],"step":[1],"time":[5],"value":[{{{value}}}]}}""");
        }

        await server.NewRunAsync("r-4");
        const string Request = """{"orderBy":["metrics.loss desc"],"limit":3,"count":true,"columns":["metrics.loss","metrics.loss:min","params.`l\"r`","status"]}""";
        var first = await server.PostAsync("/runs/table", Request);
        Assert.Equal("""["r-3","r-1","r-2"]""", first.Json.GetProperty("runs").GetRawText());
        Assert.Equal(
            """[{"field":"metrics.loss","values":[1E+300,0.5,"-Infinity"]},{"field":"metrics.loss:min","values":[1E+300,0.5,"-Infinity"]},{"field":"params.\u0060l\u0022r\u0060","values":["r-3","r-1","r-2"]},{"field":"status","values":["running","running","running"]}]""",
            first.Json.GetProperty("columns").GetRawText());
        Assert.Equal((4, true), (first.Json.GetProperty("total").GetInt64(), first.Json.GetProperty("totalIsExact").GetBoolean()));

        var token = first.Json.GetProperty("nextPageToken").GetString();
        var last = await server.PostAsync("/runs/table", Request.Replace("\"limit\":3", $"\"pageToken\":\"{token}\"", StringComparison.Ordinal));
        Assert.Equal("""["r-4"]""", last.Json.GetProperty("runs").GetRawText());
        Assert.Equal("""{"field":"metrics.loss","values":[null]}""", last.Json.GetProperty("columns")[0].GetRawText());
        Assert.False(last.Json.TryGetProperty("nextPageToken", out _));

        // A search goes on where a table ended.
        var search = await server.PostAsync("/runs/search", $$"""{"orderBy":["metrics.loss desc"],"pageToken":"{{token}}"}""");
        Assert.Equal("r-4", search.Json.GetProperty("runs")[0].GetProperty("info").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("""{"columns":["metrics.loss desc"]}""", "columns")]
    [InlineData("""{"columns":["datasets.name"]}""", "columns")]
    [InlineData("""{"columns":[null]}""", "columns")]
    [InlineData("""{"limit":10001}""", "limit")]
    [InlineData("""{"skip":-1}""", "skip")]
    [InlineData("""{"skip":1000001}""", "skip")]
    [InlineData("""{"orderBy":["children"]}""", "orderBy")]
    [InlineData("""{"filter":"inputs = 'a'"}""", "filter")]
    [InlineData("""{"orderBy":["nothing"]}""", "orderBy")]
    public async Task A_table_that_cannot_be_is_refused(string request, string field)
    {
        await using var server = await RunningServer.StartAsync();

        var refused = await server.PostAsync("/runs/table", request);

        Assert.Equal((400, field), (refused.Status, refused.Field));
    }

    [Fact]
    public async Task A_table_jumps_to_a_row_and_shows_runs_as_a_tree()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 5; i++)
            await server.PostAsync("/runs", $$"""{"experiment":"e","id":"r-{{i}}","startTime":{{i + 1}}{{(i is 1 or 3 ? ",\"parentId\":\"r-4\"" : "")}}}""");
        await server.PostAsync("/runs/r-0/log", """{"inputs":[{"dataset":{"name":"adult","digest":"d1","sourceType":"local","source":"a"},"tags":{}},{"dataset":{"name":"wine","digest":"d2","sourceType":"local","source":"b"},"tags":{}}]}""");

        var jumped = (await server.PostAsync("/runs/table", """{"skip":3,"limit":1,"count":true}""")).Json;
        Assert.Equal(("""["r-1"]""", 5), (jumped.GetProperty("runs").GetRawText(), jumped.GetProperty("total").GetInt32()));
        var last = (await server.PostAsync("/runs/table", """{"skip":3,"limit":9,"count":true}""")).Json;
        Assert.Equal(("""["r-1","r-0"]""", 5), (last.GetProperty("runs").GetRawText(), last.GetProperty("total").GetInt32()));
        var behind = (await server.PostAsync("/runs/table", """{"skip":1000000,"count":true}""")).Json;
        Assert.Equal(("[]", 5), (behind.GetProperty("runs").GetRawText(), behind.GetProperty("total").GetInt32()));

        const string Roots = """{"roots":true,"limit":2,"count":true,"columns":["children","inputs","lifecycle"]}""";
        var roots = (await server.PostAsync("/runs/table", Roots)).Json;
        Assert.Equal(("""["r-4","r-2"]""", 3), (roots.GetProperty("runs").GetRawText(), roots.GetProperty("total").GetInt32()));
        Assert.Equal(
            """[{"field":"children","values":[2,0]},{"field":"inputs","values":[null,null]},{"field":"lifecycle","values":["active","active"]}]""",
            roots.GetProperty("columns").GetRawText());
        var token = roots.GetProperty("nextPageToken").GetString();
        var rest = (await server.PostAsync("/runs/table", Roots.Replace("{", $"{{\"pageToken\":\"{token}\",", StringComparison.Ordinal))).Json;
        Assert.Equal("""["r-0"]""", rest.GetProperty("runs").GetRawText());
        Assert.Equal("""{"field":"inputs","values":["adult@d1\nwine@d2"]}""", rest.GetProperty("columns")[1].GetRawText());
        Assert.Equal("pageToken", (await server.PostAsync("/runs/search", $$"""{"pageToken":"{{token}}"}""")).Field);
    }

    [Fact]
    public async Task A_table_has_two_million_cells_at_most()
    {
        await using var server = await RunningServer.StartAsync();
        var columns = string.Join(',', Enumerable.Repeat("\"name\"", 201));

        var refused = await server.PostAsync("/runs/table", $$"""{"limit":10000,"columns":[{{columns}}]}""");

        Assert.Equal((413, "columns"), (refused.Status, refused.Field));
    }
}
