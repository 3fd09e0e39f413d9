using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Server.Tests.Api;

public sealed class MetricEndpointsTests
{
    private static readonly JsonSerializerOptions Named = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    [Fact]
    public async Task Every_point_comes_back_in_order_as_object_and_as_lines()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        var steps = string.Join(',', Enumerable.Range(0, 20_000).Reverse());
        var zeros = string.Join(',', Enumerable.Repeat(0, 20_000));
        var logged = await server.PostAsync($"/runs/{id}/log", $$$"""{"metrics":{"keys":["a"],"key":[{{{zeros}}}],"step":[{{{steps}}}],"time":[{{{zeros}}}],"value":[{{{steps}}}]}}""");
        Assert.Equal(20_000, logged.Json.GetProperty("points").GetInt32());

        var whole = (await server.GetAsync($"/runs/{id}/metrics/history?key=a")).Json;
        Assert.Equal(Enumerable.Range(0, 20_000), whole.GetProperty("step").EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal(Enumerable.Range(0, 20_000), whole.GetProperty("value").EnumerateArray().Select(v => v.GetInt32()));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{id}/metrics/history?key=a");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await server.Client.SendAsync(request);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 1);
        var values = lines.SelectMany(l => JsonDocument.Parse(l).RootElement.GetProperty("value").EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal(Enumerable.Range(0, 20_000), values);
    }

    [Fact]
    public async Task A_part_of_a_series_is_cut_by_steps_and_values_are_exact()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"metrics":{"keys":["a"],"key":[0,0,0,0],"step":[0,1.25,2,9223372036854775807],"time":[-5,6,7,8],"value":["-Infinity",0.1,5e-324,"NaN"]}}""");
        var part = (await server.GetAsync($"/runs/{id}/metrics/history?key=a&from=0.5&to=2")).Json;
        Assert.Equal("""{"step":[1.25,2],"time":[6,7],"value":[0.1,5E-324]}""", part.GetRawText());
        var all = (await server.GetAsync($"/runs/{id}/metrics/history?key=a")).Json;
        Assert.Equal("""[0,1.25,2,9223372036854775807]""", all.GetProperty("step").GetRawText());
        Assert.Equal("""["-Infinity",0.1,5E-324,"NaN"]""", all.GetProperty("value").GetRawText());
        Assert.Equal("""{"step":[],"time":[],"value":[]}""", (await server.GetAsync($"/runs/{id}/metrics/history?key=none")).Json.GetRawText());
    }

    [Fact]
    public async Task Integers_that_no_double_holds_come_back_as_text()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        var body = """
            {"source":"me","sequence":1,"metrics":{"keys":["a","b"],"key":[0,0,1,0,0],"step":[3,1,1,2,4],"time":[0,0,0,0,0],
             "value":[-18446744073709551617,9007199254740993,9007199254740995,1.5,"Infinity"]}}
            """;
        Assert.Equal(200, (await server.PostAsync($"/runs/{id}/log", body)).Status);
        Assert.True((await server.PostAsync($"/runs/{id}/log", body)).Json.GetProperty("replayed").GetBoolean());

        var history = (await server.GetAsync($"/runs/{id}/metrics/history?key=a")).Json;
        Assert.Equal("""[{"index":0,"text":"9007199254740993"},{"index":2,"text":"-18446744073709551617"}]""", history.GetProperty("texts").GetRawText());
        Assert.Equal(9007199254740992, history.GetProperty("value")[0].GetDouble());
        var page = (await server.GetAsync($"/runs/{id}/metrics/history?key=a&limit=2")).Json;
        Assert.Equal("""[{"index":0,"text":"9007199254740993"}]""", page.GetProperty("texts").GetRawText());
        var rest = (await server.GetAsync($"/runs/{id}/metrics/history?key=a&limit=2&pageToken={page.GetProperty("nextPageToken").GetString()}")).Json;
        Assert.Equal("""[{"index":0,"text":"-18446744073709551617"}]""", rest.GetProperty("texts").GetRawText());
        Assert.False((await server.GetAsync($"/runs/{id}/metrics/history?key=a&from=2&to=2")).Json.TryGetProperty("texts", out _));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{id}/metrics/history?key=b");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await server.Client.SendAsync(request);
        Assert.Equal("""{"step":[1],"time":[0],"value":[9007199254740996],"texts":[{"index":0,"text":"9007199254740995"}]}""" + "\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("7", "metrics.value")]
    [InlineData("[1,true]", "metrics.value[1]")]
    [InlineData("[1,[2]]", "metrics.value[1]")]
    [InlineData("[null]", "metrics.value[0]")]
    [InlineData("[\"1\"]", "metrics.value[0]")]
    [InlineData("null", "metrics.value")]
    public async Task A_value_that_is_no_number_is_named(string values, string field)
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        var answer = await server.PostAsync($"/runs/{id}/log", $$$"""{"metrics":{"keys":["a"],"key":[0],"value":{{{values}}}}}""");
        Assert.Equal((400, "invalid", field), (answer.Status, answer.Code, answer.Field));
    }

    [Fact]
    public async Task Frames_come_in_the_order_asked_for()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        var steps = string.Join(',', Enumerable.Range(0, 100));
        var zeros = string.Join(',', Enumerable.Repeat(0, 100));
        await server.PostAsync($"/runs/{id}/log", $$$"""{"metrics":{"keys":["a"],"key":[{{{zeros}}}],"step":[{{{steps}}}],"value":[{{{steps}}}]}}""");
        var frames = (await server.PostAsync("/metrics/frames", $$"""{"series":[{"runId":"{{id}}","key":"none"},{"runId":"{{id}}","key":"a"}],"buckets":10}""")).Json.GetProperty("frames");
        Assert.Equal("none", frames[0].GetProperty("key").GetString());
        Assert.Equal(0, frames[0].GetProperty("points").GetInt32());
        Assert.Equal((100, false), (frames[1].GetProperty("points").GetInt32(), frames[1].GetProperty("exact").GetBoolean()));
        Assert.Equal(99, frames[1].GetProperty("max").EnumerateArray().Max(v => v.GetDouble()));
        Assert.Equal(100, frames[1].GetProperty("count").EnumerateArray().Sum(v => v.GetInt32()));
        Assert.Equal("too_large", (await server.PostAsync("/metrics/frames", $$"""{"series":[{{string.Join(',', Enumerable.Repeat("""{"runId":"r","key":"a"}""", 1000))}}],"buckets":10000}""")).Code);
    }

    [Fact]
    public async Task Frames_of_runs_and_keys_come_as_bytes_too()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"metrics":{"keys":["a","b"],"key":[0,0,0,1,1],"step":[0,1,2,1,2],"value":[5,"NaN",7,30,10]}}""");
        var all = (await server.PostAsync("/metrics/frames", $$"""{"runIds":["{{id}}","none"],"keys":["a","b"]}""")).Json.GetProperty("frames");
        Assert.Equal([(id, "a"), (id, "b"), ("none", "a"), ("none", "b")], all.EnumerateArray().Select(f => (f.GetProperty("runId").GetString()!, f.GetProperty("key").GetString()!)));

        var over = (await server.PostAsync("/metrics/frames", $$"""{"runIds":["{{id}}"],"keys":["a"],"axis":"metric","xKey":"b"}""")).Json.GetProperty("frames")[0];
        Assert.Equal("""[10,30]""", over.GetProperty("x").GetRawText());
        Assert.Equal("""[7,"NaN"]""", over.GetProperty("last").GetRawText());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/metrics/frames")
        {
            Content = new StringContent($$"""{"runIds":["{{id}}"],"keys":["none","a"],"buckets":1}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { Accept = { new("application/vnd.runstone.frames") } },
        };
        using var response = await server.Client.SendAsync(request);
        Assert.Equal("application/vnd.runstone.frames", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            "52534652414D45310200000000000000" + "01000000000000000000000000000000" + "00000000010000000300000000000000"
            + "0000000000000000" + "0000000000001C40" + "0000000000001440" + "0000000000001C40" + "0000000000001840" + "0000000000001440" + "0300000000000000",
            Convert.ToHexString(await response.Content.ReadAsByteArrayAsync()));

        Assert.Equal("xKey", (await server.PostAsync("/metrics/frames", $$"""{"runIds":["{{id}}"],"keys":["a"],"axis":"metric"}""")).Field);
        Assert.Equal("series", (await server.PostAsync("/metrics/frames", """{"series":[],"runIds":["x"]}""")).Field);
        Assert.Equal("too_large", (await server.PostAsync("/metrics/frames", $$"""{"runIds":[{{Texts(101)}}],"keys":[{{Texts(10)}}]}""")).Code);
    }

    [Fact]
    public async Task A_history_is_read_page_by_page_in_each_order()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"metrics":{"keys":["a"],"key":[0,0,0,0],"step":[1,1,2,3],"time":[9,8,7,6],"value":[1,2,3,4]}}""");
        Assert.Equal("[2,3]", (await server.GetAsync($"/runs/{id}/metrics/history?key=a&order=arrival&from=1.5&limit=2")).Json.GetProperty("step").GetRawText());
        foreach (var (order, expected) in new[] { ("step", (int[])[2, 1, 3, 4]), ("time", [4, 3, 2, 1]), ("arrival", [1, 2, 3, 4]) })
        {
            var (values, token) = (new List<int>(), "");
            for (var pages = 0; pages < 6 && token is not null; pages++)
            {
                var page = (await server.GetAsync($"/runs/{id}/metrics/history?key=a&order={order}&limit=1&pageToken={token}")).Json;
                values.AddRange(page.GetProperty("value").EnumerateArray().Select(v => v.GetInt32()));
                token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;

                // What is written meanwhile behind the page does not move it.
                await server.PostAsync($"/runs/{id}/log", """{"metrics":{"keys":["a"],"key":[0],"step":[-5],"time":[-5],"value":[-5]}}""");
            }

            Assert.Equal(expected, values.Where(v => v > 0));
            Assert.Null(token);
        }

        var first = (await server.GetAsync($"/runs/{id}/metrics/history?key=a&limit=1")).Json.GetProperty("nextPageToken").GetString();
        Assert.Equal("pageToken", (await server.GetAsync($"/runs/{id}/metrics/history?key=a&order=time&pageToken={first}")).Field);
        Assert.Equal("pageToken", (await server.GetAsync($"/runs/{id}/metrics/history?key=a&pageToken=x")).Field);
        Assert.Equal("order", (await server.GetAsync($"/runs/{id}/metrics/history?key=a&order=value")).Field);
        Assert.Equal("pageToken", (await server.GetAsync($"/runs/{id}/metrics/history?key=a&order=arrival&pageToken={first}")).Field);
        var arrived = (await server.GetAsync($"/runs/{id}/metrics/history?key=a&order=arrival&limit=1")).Json.GetProperty("nextPageToken").GetString();
        Assert.Equal("pageToken", (await server.GetAsync($"/runs/{id}/metrics/history?key=a&pageToken={arrived}")).Field);
    }

    [Fact]
    public async Task A_history_comes_as_bytes_too()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"metrics":{"keys":["a"],"key":[0,0,0],"step":[-1,0.25,7],"time":[1,2,3],"value":[1,"NaN",-0.0]}}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{id}/metrics/history?key=a&limit=2") { Headers = { Accept = { new("application/vnd.runstone.points") } } };
        using var response = await server.Client.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal("application/vnd.runstone.points", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            "5253504F494E5431" + "0200000001000000" + "FFFFFFFFFFFFFFFF0000000000000000" + "01000000000000000200000000000000" + "000000000000F03F000000000000F8FF" + "0000000090D00300" + "0000000032000000",
            Convert.ToHexString(bytes.AsSpan(0, bytes.Length - 50)));
        var token = System.Text.Encoding.ASCII.GetString(bytes.AsSpan(bytes.Length - 50));
        Assert.Equal("""[7]""", (await server.GetAsync($"/runs/{id}/metrics/history?key=a&pageToken={token}")).Json.GetProperty("step").GetRawText());
    }

    [Fact]
    public async Task Groups_are_given_or_searched_for()
    {
        await using var server = await RunningServer.StartAsync();
        var ids = new List<string>();
        foreach (var (model, values) in new[] { ("tree", "1,2"), ("tree", "3,6"), ("net", "10,10"), ("net", "\"NaN\",20"), ("net", "30,0") })
        {
            ids.Add(await server.NewRunAsync());
            await server.PostAsync($"/runs/{ids[^1]}/log", $$$"""{"params":{"model":"{{{model}}}"},"metrics":{"keys":["a"],"key":[0,0],"step":[0,1],"value":[{{{values}}}]}}""");
        }

        ids.Add(await server.NewRunAsync());

        var found = (await server.PostAsync("/metrics/groups", """{"key":"a","buckets":2,"search":{"groupBy":["params.model"]}}""")).Json;
        Assert.Equal("[0,1]", found.GetProperty("x").GetRawText());
        Assert.Equal((6, true, 0, 1), (found.GetProperty("runs").GetInt32(), found.GetProperty("complete").GetBoolean(), found.GetProperty("from").GetInt32(), found.GetProperty("to").GetInt32()));
        Assert.Equal(
            """{"by":{"params.model":"net"},"runs":3,"drawn":3,"mean":[20,10],"deviation":[14.142135623730951,10],"min":[10,0],"max":[30,20],"count":[2,3]}""",
            found.GetProperty("groups")[0].GetRawText());
        Assert.Equal("""{"by":{},"runs":1,"drawn":0,"mean":["NaN","NaN"],"deviation":["NaN","NaN"],"min":["NaN","NaN"],"max":["NaN","NaN"],"count":[0,0]}""", found.GetProperty("groups")[2].GetRawText());

        var given = (await server.PostAsync("/metrics/groups", $$"""{"key":"a","axis":"step","groups":[{"runIds":["{{ids[0]}}","none"]},{"runIds":["{{ids[0]}}","{{ids[1]}}"]}]}""")).Json.GetProperty("groups");
        Assert.Equal("[1,2]", given[0].GetProperty("mean").GetRawText());
        Assert.Equal("[2,4]", given[1].GetProperty("mean").GetRawText());
        Assert.Equal("[]", (await server.PostAsync("/metrics/groups", """{"key":"none","search":{}}""")).Json.GetProperty("x").GetRawText());

        Assert.Equal("groups", (await server.PostAsync("/metrics/groups", """{"key":"a"}""")).Field);
        Assert.Equal("search.groupBy", (await server.PostAsync("/metrics/groups", """{"key":"a","search":{"groupBy":["metrics.a"]}}""")).Field);
        Assert.Equal("axis", (await server.PostAsync("/metrics/groups", """{"key":"a","axis":"x","search":{}}""")).Field);
        Assert.Equal("xKey", (await server.PostAsync("/metrics/groups", """{"key":"a","axis":"metric","search":{}}""")).Field);
        Assert.Equal("xKey", (await server.PostAsync("/metrics/groups", """{"key":"a","xKey":"a","search":{}}""")).Field);
        var over = (await server.PostAsync("/metrics/groups", $$"""{"key":"a","axis":"metric","xKey":"a","groups":[{"runIds":["{{ids[0]}}"]}]}""")).Json;
        Assert.Equal("[1,2]", over.GetProperty("groups")[0].GetProperty("mean").GetRawText());
        Assert.Equal("[1,2]", over.GetProperty("x").GetRawText());
    }

    [Fact]
    public async Task Groups_are_what_a_plain_computation_says()
    {
        await using var server = await RunningServer.StartAsync();
        await GroupCase.Gen.SampleAsync(test => CheckAsync(server, test), iter: 10, threads: 1);
    }

    [Fact]
    public async Task Groups_come_as_bytes_too()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        await server.PostAsync($"/runs/{id}/log", """{"params":{"p":"1"},"metrics":{"keys":["a"],"key":[0,0],"step":[0,1],"value":[1,2]}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/metrics/groups")
        {
            Headers = { Accept = { new("application/vnd.runstone.groups") } },
            Content = new StringContent("""{"key":"a","buckets":2,"search":{"groupBy":["params.p"]}}""", System.Text.Encoding.UTF8, "application/json"),
        };
        using var response = await server.Client.SendAsync(request);

        Assert.Equal("application/vnd.runstone.groups", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            "525347524F555031" + "01000000020000000100000001000000" + "0000000000000000000000000000F03F" + "0000000000000000000000000000F03F"
            + "01000000010000001000000000000000" + "7B22706172616D732E70223A2231227D".PadRight(32, '0') + "000000000000F03F0000000000000040" + "00000000000000000000000000000000"
            + "000000000000F03F0000000000000040" + "000000000000F03F0000000000000040" + "0100000001000000",
            Convert.ToHexString(await response.Content.ReadAsByteArrayAsync()));
    }

    private static async Task CheckAsync(RunningServer server, GroupCase test)
    {
        var ids = new List<string>();
        foreach (var (start, points, isSealed) in test.Runs)
        {
            ids.Add((await server.PostAsync("/runs", $$"""{"experiment":"e","startTime":{{start}}}""")).Json.GetProperty("id").GetString()!);
            await LogAsync(server, ids[^1], points[..isSealed]);
            foreach (var run in await server.Get<ISealStore>().ListUnsealedAsync(1, 0, 0, 100, TestContext.Current.CancellationToken))
                await server.Get<ISealStore>().SealAsync(run.RunNo, new SealOptions(), TestContext.Current.CancellationToken);
            await LogAsync(server, ids[^1], points[isSealed..]);
        }

        var answer = await server.PostAsync("/metrics/groups", JsonSerializer.Serialize(new
        {
            key = "m",
            axis = test.Axis switch { FrameAxis.Time => "time", FrameAxis.RelativeTime => "relative", _ => "step" },
            buckets = test.Buckets,
            from = test.From,
            to = test.To,
            groups = test.Groups.Select(g => new { runIds = g.Select(r => ids[r]) }),
        }));
        Assert.Equal(200, answer.Status);
        var groups = answer.Json.GetProperty("groups").EnumerateArray().Select(
            g => new GroupFrame(g.GetProperty("drawn").GetInt32(), Numbers(g, "mean"), Numbers(g, "deviation"), Numbers(g, "min"), Numbers(g, "max"), [.. Numbers(g, "count").Select(n => (int)n)]));
        test.Check(new GroupFrames(Bound("from"), Bound("to"), Numbers(answer.Json, "x"), [.. groups]));

        double Bound(string name) => answer.Json.TryGetProperty(name, out var bound) ? bound.GetDouble() : double.NaN;
    }

    private static async Task LogAsync(RunningServer server, string id, SeriesPoint[] points)
    {
        if (points.Length == 0)
            return;
        var metrics = new
        {
            keys = new[] { "m" },
            key = new int[points.Length],
            step = points.Select(p => p.Step.Whole + (p.Step.Micros / 1_000_000m)),
            time = points.Select(p => p.Time),
            value = points.Select(p => p.Value),
        };
        Assert.Equal(200, (await server.PostAsync($"/runs/{id}/log", JsonSerializer.Serialize(new { metrics }, Named))).Status);
    }

    private static double[] Numbers(JsonElement owner, string name) => owner.GetProperty(name).Deserialize<double[]>(Named)!;

    private static string Texts(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\""));
}
