namespace Runstone.Server.Tests.Api;

public sealed class RunColumnEndpointTests
{
    [Fact]
    public async Task Columns_and_values_are_told()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await server.NewRunAsync($"r-{i}");
            await server.PostAsync($"/runs/r-{i}/log", $$$"""{"params":{"l\"r":"0.{{{i}}}","model":"{{{(i == 0 ? "Forest" : "linear")}}}"},"tags":{"host":"a"},"metrics":{"keys":["loss"],"key":[0],"step":[1],"time":[5],"value":[{{{i}}}]}}""");
        }

        var columns = (await server.PostAsync("/runs/columns", """{"filter":"metrics.loss > 0"}""")).Json;
        Assert.Equal(
            """{"columns":[{"field":"metrics.loss","runs":2,"distinct":2,"numeric":true,"min":1,"max":2},{"field":"params.\"l\"\"r\"","runs":2,"distinct":2,"numeric":true,"min":0.1,"max":0.2},{"field":"params.model","runs":2,"distinct":1,"numeric":false},{"field":"tags.host","runs":2,"distinct":1,"numeric":false}],"runs":2,"complete":true}""",
            columns.GetRawText());
        var written = columns.GetProperty("columns")[1].GetProperty("field").GetString();
        var table = (await server.PostAsync("/runs/table", $$"""{"columns":[{{System.Text.Json.JsonSerializer.Serialize(written)}}],"limit":1}""")).Json;
        Assert.Equal("0.2", table.GetProperty("columns")[0].GetProperty("values")[0].GetString());

        var experiment = (await server.GetAsync("/runs/r-0")).Json.GetProperty("run").GetProperty("info").GetProperty("experimentId").GetString();
        var values = await server.GetAsync($"/experiments/{experiment}/values?field=params.model");
        Assert.Equal("""{"values":[{"value":"linear","runs":2},{"value":"Forest","runs":1}],"complete":true}""", values.Json.GetRawText());
        values = await server.GetAsync($"/experiments/{experiment}/values?field=params.model&limit=1");
        Assert.Equal("""{"values":[{"value":"linear","runs":2}],"complete":false}""", values.Json.GetRawText());
        values = await server.GetAsync($"/experiments/{experiment}/values?field=params.model&contains=FOR");
        Assert.Equal("""{"values":[{"value":"Forest","runs":1}],"complete":true}""", values.Json.GetRawText());

        foreach (var (query, field) in new[] { ("field=metrics.loss", "field"), ("field=params.", "field"), ("field=name&limit=0", "limit"), ("field=nothing", "field") })
        {
            var refused = await server.GetAsync($"/experiments/{experiment}/values?{query}");
            Assert.Equal((400, field), (refused.Status, refused.Field));
        }

        Assert.Contains("Field, column 8", (await server.GetAsync($"/experiments/{experiment}/values?field=params.")).Detail, StringComparison.Ordinal);
        Assert.Equal(404, (await server.GetAsync("/experiments/999/values?field=name")).Status);
        Assert.Equal("filter", (await server.PostAsync("/runs/columns", """{"filter":"metrics.loss <"}""")).Field);
        Assert.Equal("within", (await server.PostAsync("/runs/columns", """{"within":[{"field":"nothing"}]}""")).Field);
    }
}
