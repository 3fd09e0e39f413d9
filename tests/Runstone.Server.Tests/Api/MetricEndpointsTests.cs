using System.Text.Json;

namespace Runstone.Server.Tests.Api;

public sealed class MetricEndpointsTests
{
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
}
