using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Api;

public sealed class MediaEndpointsTests
{
    [Fact]
    public async Task What_is_logged_is_read_by_step_page_by_page()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await LogAsync(server, id, """{"key":"w","step":2,"type":"histogram","data":{ "edges":[0,1],"counts":[5] }}""", """{"key":"img","step":1,"time":7,"type":"image","path":"media/img/1.png","caption":"☃"}""");
        await LogAsync(server, id, """{"key":"w","step":0.5,"type":"text","data":{"text":"\ud83d\ude00"}}""", """{"key":"w","step":2,"type":"text","data":{"text":"b"}}""");

        Assert.Equal(
            """[{"key":"img","type":"image","count":1,"firstStep":1,"lastStep":1,"lastTime":7,"runs":1}]""",
            JsonSerializer.Serialize((await server.GetAsync($"/runs/{id}/media")).Json.EnumerateArray().Where(k => k.GetProperty("key").GetString() is "img")));
        Assert.Equal<string[]>(["img image 1", "w text 2", "w histogram 1"], await KeysAsync(server, id));

        var first = (await server.GetAsync($"/runs/{id}/media/items?key=w&limit=2")).Json;
        var second = (await server.GetAsync($"/runs/{id}/media/items?key=w&limit=2&pageToken={first.GetProperty("nextPageToken")}")).Json;
        Assert.False(second.TryGetProperty("nextPageToken", out _));
        Assert.Equal([0.5, 2, 2], Items(first).Concat(Items(second)).Select(i => i.GetProperty("step").GetDouble()));
        Assert.Equal("""{ "edges":[0,1],"counts":[5] }""".Replace(" ", "", StringComparison.Ordinal), Items(first)[1].GetProperty("data").GetRawText().Replace(" ", "", StringComparison.Ordinal));

        var image = Assert.Single(Items((await server.GetAsync($"/runs/{id}/media/items?key=img")).Json));
        Assert.Equal(("media/img/1.png", "☃", 7), (image.GetProperty("path").GetString(), image.GetProperty("caption").GetString(), image.GetProperty("time").GetInt64()));
        Assert.Equal([2, 2], Items((await server.GetAsync($"/runs/{id}/media/items?key=w&from=1")).Json).Select(i => i.GetProperty("step").GetDouble()));
    }

    [Fact]
    public async Task A_sample_has_both_ends_and_says_of_what_it_was_taken()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await LogAsync(server, id, [.. Enumerable.Range(0, 40).Select(i => $$$"""{"key":"h","step":{{{i / 2}}},"type":"text","data":{"text":"{{{i}}}"}}""")]);
        var sample = (await server.GetAsync($"/runs/{id}/media/items?key=h&samples=3")).Json;
        Assert.Equal([0, 0, 10, 10, 19, 19], Items(sample).Select(i => i.GetProperty("step").GetDouble()));
        Assert.Equal("""{"steps":20,"items":40}""", sample.GetProperty("covers").GetRawText());
        Assert.Equal([19, 19], Items((await server.GetAsync($"/runs/{id}/media/items?key=h&samples=1")).Json).Select(i => i.GetProperty("step").GetDouble()));
        Assert.Equal([3, 3, 4, 4], Items((await server.GetAsync($"/runs/{id}/media/items?key=h&samples=9&from=3&to=4.2")).Json).Select(i => i.GetProperty("step").GetDouble()));
    }

    [Fact]
    public async Task Runs_are_compared_at_the_step_or_before_it()
    {
        await using var server = await RunningServer.StartAsync();
        var (a, b, c) = (await server.NewRunAsync("a"), await server.NewRunAsync("b"), await server.NewRunAsync("c"));
        await LogAsync(server, a, Text("k", 1), Text("k", 5));
        await LogAsync(server, b, Text("k", 9), Text("other", 1));
        Assert.Equal<string[]>(["a 5", "b 9", "c", "none"], await CompareAsync("""{"runIds":["a","b","c","none"],"key":"k"}"""));
        Assert.Equal<string[]>(["b", "a 1"], await CompareAsync("""{"runIds":["b","a"],"key":"k","step":4.5}"""));

        var keys = (await server.PostAsync("/media/keys", """{"runIds":["a","b","c"]}""")).Json;
        Assert.Equal<string[]>(
            ["k 3 1..9 2", "other 1 1..1 1"],
            [.. keys.EnumerateArray().Select(k => $"{k.GetProperty("key")} {k.GetProperty("count")} {k.GetProperty("firstStep")}..{k.GetProperty("lastStep")} {k.GetProperty("runs")}")]);
        Assert.Empty((await server.GetAsync($"/runs/{c}/media")).Json.EnumerateArray());

        async Task<string[]> CompareAsync(string body) => [.. (await server.PostAsync("/media/compare", body)).Json.EnumerateArray()
            .Select(r => string.Join(' ', Items(r).Select(i => i.GetProperty("step").GetRawText()).Prepend(r.GetProperty("runId").GetString())))];
    }

    [Fact]
    public async Task A_request_is_kept_once_and_as_a_whole()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        var body = $$"""{"media":[{{Text("k", 1)}}],"metrics":{"keys":["m"],"key":[0],"value":[1]},"source":"s","sequence":3}""";
        Assert.False((await server.PostAsync($"/runs/{id}/log", body)).Json.GetProperty("replayed").GetBoolean());
        Assert.True((await server.PostAsync($"/runs/{id}/log", body)).Json.GetProperty("replayed").GetBoolean());
        var refused = await server.PostAsync($"/runs/{id}/log", $$$"""{"media":[{{{Text("k", 2)}}},{"key":"k","type":"text","data":{"text":1}}],"params":{"a":"b"}}""");
        Assert.Equal((400, "media[1].data.text"), (refused.Status, refused.Field));
        Assert.Equal([1], Items((await server.GetAsync($"/runs/{id}/media/items?key=k")).Json).Select(i => i.GetProperty("step").GetDouble()));
    }

    [Theory]
    [InlineData("""{"key":"k","type":"film","path":"a"}""", 400, "media[0].type")]
    [InlineData("""{"key":"k","type":"image"}""", 400, "media[0].path")]
    [InlineData("""{"key":"k","type":"roc","path":"a"}""", 400, "media[0].path")]
    [InlineData("""{"key":"k","type":"table","path":"a","data":{}}""", 400, "media[0].data")]
    [InlineData("""{"key":"k","type":"image","data":{}}""", 400, "media[0].data")]
    [InlineData("""{"key":"k","type":"image","path":"../a"}""", 400, "media[0].path")]
    [InlineData("""{"key":"","type":"image","path":"a"}""", 400, "media[0].key")]
    [InlineData("""{"key":"k","type":"image","path":"a","step":1e25}""", 400, "media[0].step")]
    [InlineData("""{"key":"k","type":"image","path":"a","size":1}""", 400, "size")]
    [InlineData("""{"type":"image","path":"a"}""", 400, "key")]
    [InlineData("null", 400, "media[0]")]
    public async Task What_is_wrong_with_an_item_is_named(string item, int status, string field)
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        var answer = await server.PostAsync($"/runs/{id}/log", $$"""{"media":[{{item}}]}""");
        Assert.Equal(status, answer.Status);
        Assert.EndsWith(field, answer.Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_question_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        Assert.Equal(404, (await server.GetAsync("/runs/none/media")).Status);
        Assert.Equal(404, (await server.GetAsync("/runs/none/media/items?key=k")).Status);
        Assert.Equal("key", (await server.GetAsync($"/runs/{id}/media/items")).Field);
        Assert.Equal("limit", (await server.GetAsync($"/runs/{id}/media/items?key=k&limit=1001")).Field);
        Assert.Equal("samples", (await server.GetAsync($"/runs/{id}/media/items?key=k&samples=201")).Field);
        Assert.Equal("samples", (await server.GetAsync($"/runs/{id}/media/items?key=k&samples=2&limit=1")).Field);
        Assert.Equal("pageToken", (await server.GetAsync($"/runs/{id}/media/items?key=k&pageToken=BAAA")).Field);
        Assert.Equal("from", (await server.GetAsync($"/runs/{id}/media/items?key=k&from=1e300")).Field);
        Assert.Equal("runIds", (await server.PostAsync("/media/compare", """{"runIds":[],"key":"k"}""")).Field);
        Assert.Equal("runIds", (await server.PostAsync("/media/keys", """{"runIds":["a","a"]}""")).Field);
        Assert.Equal("runIds[1]", (await server.PostAsync("/media/keys", """{"runIds":["a",null]}""")).Field);
        var many = await server.PostAsync($"/runs/{id}/log", $$"""{"media":[{{string.Join(',', Enumerable.Repeat(Text("k", 1), 1001))}}]}""");
        Assert.Equal((413, "media"), (many.Status, many.Field));
    }

    [Fact]
    public async Task Data_bound_an_answer()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        var text = new string('x', 1_000_000);
        for (var i = 0; i < 18; i++)
            await LogAsync(server, id, $$$"""{"key":"k","step":{{{i}}},"type":"text","data":{"text":"{{{text}}}"}}""");
        var page = (await server.GetAsync($"/runs/{id}/media/items?key=k")).Json;
        Assert.Equal(8, Items(page).Length);
        Assert.Equal(8, Items((await server.GetAsync($"/runs/{id}/media/items?key=k&pageToken={page.GetProperty("nextPageToken")}")).Json).Length);
        Assert.Equal(16, Items((await server.GetAsync($"/runs/{id}/media/items?key=k&samples=16")).Json).Length);
        Assert.Equal((413, "too_large"), await server.GetAsync($"/runs/{id}/media/items?key=k&samples=17") is { } a ? (a.Status, a.Code) : default);
    }

    [Fact]
    public async Task Pictures_tables_and_figures_that_mlflow_logs_come_with_the_rest()
    {
        const string Picture = "images/val%23dog%25step%25{0}%25timestamp%25{1}%25u{1}";
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"tags":{"mlflow.loggedImages":"True","mlflow.loggedArtifacts":"[{\"path\": \"t.json\", \"type\": \"table\"}]"}}""");
        await LogAsync(server, id, Text("val/dog", 3), Text("val/dog", 7));
        foreach (var path in (string[])[Picture + ".png", Picture + "%25compressed.webp"])
        {
            foreach (var (step, time) in ((int, int)[])[(3, 9), (3, 5), (1, 2), (8, 1)])
                await PutAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, step, time));
        }

        await PutAsync("t.json");
        await PutAsync("plots/roc.png");

        Assert.Equal<string[]>(["plots/roc.png image 1", "t.json table 1", "val/dog image 4", "val/dog text 2"], await KeysAsync(server, id));

        var all = Items((await server.GetAsync($"/runs/{id}/media/items?key=val/dog")).Json);
        Assert.Equal<string[]>(["1 2", "3 text", "3 5", "3 9", "7 text", "8 1"], [.. all.Select(Show)]);
        var found = new List<string>();
        string? token = null;
        do
        {
            var page = (await server.GetAsync($"/runs/{id}/media/items?key=val/dog&limit=1&pageToken={token}")).Json;
            found.AddRange(Items(page).Select(Show));
            token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        Assert.Equal<string[]>([.. all.Select(Show)], [.. found]);
        Assert.Equal("images/val#dog%step%1%timestamp%2%u2%compressed.webp", all[0].GetProperty("preview").GetString());
        Assert.Equal<string[]>(["1 2", "8 1"], [.. Items((await server.GetAsync($"/runs/{id}/media/items?key=val/dog&samples=2")).Json).Select(Show)]);
        var compared = (await server.PostAsync("/media/compare", $$"""{"runIds":["{{id}}"],"key":"val/dog","step":6}""")).Json[0];
        Assert.Equal<string[]>(["3 text", "3 5", "3 9"], [.. Items(compared).Select(Show)]);

        async Task PutAsync(string path)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("x"));
            using var answer = await server.Client.PutAsync($"/api/v1/runs/{id}/artifacts/{path}", content);
            answer.EnsureSuccessStatusCode();
        }

        static string Show(JsonElement item) => item.GetProperty("step").GetRawText() + " " + (item.GetProperty("type").GetString() is "text" ? "text" : item.GetProperty("time").GetRawText());
    }

    private static string Text(string key, int step) => $$$"""{"key":"{{{key}}}","step":{{{step}}},"type":"text","data":{"text":"t"}}""";

    private static async Task<string[]> KeysAsync(RunningServer server, string id) =>
        [.. (await server.GetAsync($"/runs/{id}/media")).Json.EnumerateArray().Select(k => $"{k.GetProperty("key")} {k.GetProperty("type")} {k.GetProperty("count")}")];

    private static JsonElement[] Items(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    private static async Task LogAsync(RunningServer server, string id, params string[] items) =>
        Assert.Equal(200, (await server.PostAsync($"/runs/{id}/log", $$"""{"media":[{{string.Join(',', items)}}]}""")).Status);
}
