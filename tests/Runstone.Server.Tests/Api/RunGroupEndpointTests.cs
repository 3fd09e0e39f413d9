namespace Runstone.Server.Tests.Api;

public sealed class RunGroupEndpointTests
{
    [Fact]
    public async Task Groups_are_opened_level_by_level_down_to_their_runs()
    {
        await using var server = await RunningServer.StartAsync();
        await FillAsync(server);
        const string Start = """{"by":["params.model","metrics.size"],"columns":["metrics.loss","params.seed"],"goals":{"metrics.loss":"min"},""";

        var outer = (await server.PostAsync("/runs/groups", Start + "\"orderBy\":[\"mean(metrics.loss) desc\"]}")).Json;
        Assert.Equal((3, 5), (outer.GetProperty("total").GetInt32(), outer.GetProperty("runs").GetInt32()));
        Assert.Equal(
            """{"value":"forest","count":3,"within":[{"field":"params.model","value":"forest"}],"columns":[{"field":"metrics.loss","count":3,"mean":2,"deviation":1,"min":1,"max":3,"median":2,"best":{"runId":"r-0","value":1}},{"field":"params.seed","count":3,"distinct":2}]}""",
            outer.GetProperty("groups")[0].GetRawText());
        Assert.Equal(
            """{"value":"linear","count":1,"within":[{"field":"params.model","value":"linear"}],"columns":[{"field":"metrics.loss","count":0,"notFinite":1},{"field":"params.seed","count":1,"distinct":1,"same":"7"}]}""",
            outer.GetProperty("groups")[1].GetRawText());
        var none = outer.GetProperty("groups")[2];
        Assert.Equal("""{"count":1,"within":[{"field":"params.model"}],"columns":[{"field":"metrics.loss","count":0},{"field":"params.seed","count":0,"distinct":0}]}""", none.GetRawText());

        var within = outer.GetProperty("groups")[0].GetProperty("within").GetRawText();
        var inner = (await server.PostAsync("/runs/groups", Start + $"\"within\":{within},\"limit\":1,\"skip\":1}}")).Json;
        Assert.Equal((2, 3), (inner.GetProperty("total").GetInt32(), inner.GetProperty("runs").GetInt32()));
        var deep = inner.GetProperty("groups")[0].GetProperty("within").GetRawText();
        Assert.Equal("""[{"field":"params.model","value":"forest"},{"field":"metrics.size","value":"NaN"}]""", deep);

        Assert.Equal("""["r-2"]""", (await server.PostAsync("/runs/table", $$"""{"within":{{deep}}}""")).Json.GetProperty("runs").GetRawText());
        var page = (await server.PostAsync("/runs/table", $$"""{"within":{{within}},"limit":1,"count":true}""")).Json;
        Assert.Equal(3, page.GetProperty("total").GetInt32());
        var token = page.GetProperty("nextPageToken").GetString();
        Assert.Equal(200, (await server.PostAsync("/runs/table", $$"""{"within":{{within}},"pageToken":"{{token}}"}""")).Status);
        Assert.Equal("pageToken", (await server.PostAsync("/runs/table", $$"""{"pageToken":"{{token}}"}""")).Field);
        var without = none.GetProperty("within").GetRawText();
        Assert.Equal("""["r-4"]""", (await server.PostAsync("/runs/table", $$"""{"within":{{without}}}""")).Json.GetProperty("runs").GetRawText());
    }

    [Theory]
    [InlineData("""{}""", "by", "1 to 4")]
    [InlineData("""{"by":["name","user","status","parent_id","run_id"]}""", "by", "1 to 4")]
    [InlineData("""{"by":["nothing"]}""", "by", "Field to group by, column 1")]
    [InlineData("""{"by":["children"]}""", "by", "Field to group by, column 1")]
    [InlineData("""{"by":["datasets.name"]}""", "by", "column 1")]
    [InlineData("""{"by":["name"],"filter":"metrics.loss <"}""", "filter", "Filter, column 15")]
    [InlineData("""{"by":["name"],"columns":["params.a b"]}""", "columns", "Column of a table, column 10")]
    [InlineData("""{"by":["name"],"orderBy":["sum(metrics.a)"]}""", "orderBy", "Order, column 1")]
    [InlineData("""{"by":["name"],"orderBy":["mean(metrics.a"]}""", "orderBy", "Order, column 15")]
    [InlineData("""{"by":["name"],"orderBy":["mean(metrics.a)"]}""", "orderBy", "columns")]
    [InlineData("""{"by":["name"],"goals":{"metrics.a":"min"}}""", "goals", "columns")]
    [InlineData("""{"by":["name"],"columns":["metrics.a"],"goals":{"metrics.a":"best"}}""", "goals.metrics.a", "min or max")]
    [InlineData("""{"by":["name"],"columns":["user"],"goals":{"user":"min"}}""", "goals", "text")]
    [InlineData("""{"by":["name"],"within":[{"field":"name","value":"a"}]}""", "within", "/runs/table")]
    [InlineData("""{"by":["name","user"],"within":[{"field":"user","value":"a"}]}""", "within", "'name'")]
    [InlineData("""{"by":["name","user"],"within":[{"field":"name","value":1}]}""", "within[0].value", "a text")]
    [InlineData("""{"by":["metrics.a","user"],"within":[{"field":"metrics.a","value":"x"}]}""", "within[0].value", "a number")]
    [InlineData("""{"by":["name","user"],"within":[null]}""", "within", "Field of a group, column 1")]
    [InlineData("""{"by":["name"],"limit":1001}""", "limit", "1000")]
    [InlineData("""{"by":["name"],"skip":-1}""", "skip", "1000000")]
    public async Task What_is_wrong_is_named(string request, string field, string reason)
    {
        await using var server = await RunningServer.StartAsync();

        var refused = await server.PostAsync("/runs/groups", request);

        Assert.Equal((400, field), (refused.Status, refused.Field));
        Assert.Contains(reason, refused.Detail, StringComparison.Ordinal);
    }

    private static async Task FillAsync(RunningServer server)
    {
        (string? Model, string Loss, string Size, string Seed)[] runs =
            [("forest", "1", "10", "1"), ("forest", "3", "10", "2"), ("forest", "2", "\"NaN\"", "2"), ("linear", "\"Infinity\"", "10", "7")];
        for (var i = 0; i < runs.Length; i++)
        {
            await server.PostAsync("/runs", $$"""{"experiment":"e","id":"r-{{i}}","startTime":{{i + 1}}}""");
            var (model, loss, size, seed) = runs[i];
            await server.PostAsync($"/runs/r-{i}/log", $$$"""{"params":{"model":"{{{model}}}","seed":"{{{seed}}}"},"metrics":{"keys":["loss","size"],"key":[0,1],"step":[1,1],"time":[5,5],"value":[{{{loss}}},{{{size}}}]}}""");
        }

        await server.PostAsync("/runs", """{"experiment":"e","id":"r-4","startTime":9}""");
    }
}
