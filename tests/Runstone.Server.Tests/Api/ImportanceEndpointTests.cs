using System.Globalization;

namespace Runstone.Server.Tests.Api;

public sealed class ImportanceEndpointTests
{
    [Fact]
    public async Task The_param_that_makes_the_metric_comes_first()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 40; i++)
        {
            var run = await server.NewRunAsync();
            var value = i == 39 ? "\"NaN\"" : string.Create(CultureInfo.InvariantCulture, $"{i * 0.5}");
            var logged = await server.PostAsync($"/runs/{run}/log", $$$"""{"params":{"lr":"{{{i}}}","seed":"{{{i * 7 % 13}}}","same":"x"{{{(i < 5 ? ",\"rare\":\"1\"" : "")}}}},"metrics":{"keys":["loss"],"key":[0],"step":[1],"time":[1],"value":[{{{value}}}]}}""");
            Assert.Equal(200, logged.Status);
        }

        var answer = (await server.PostAsync("/runs/importance", """{"metric":"metrics.loss"}""")).Json;
        Assert.Equal((39, true), (answer.GetProperty("runs").GetInt32(), answer.GetProperty("complete").GetBoolean()));
        Assert.InRange(answer.GetProperty("explained").GetDouble(), 0.5, 1);
        var found = answer.GetProperty("params").EnumerateArray().ToArray();
        Assert.Equal(4, found.Length);
        Assert.Equal(("lr", "number", 1.0, 39), (found[0].GetProperty("key").GetString(), found[0].GetProperty("kind").GetString(), found[0].GetProperty("correlation").GetDouble(), found[0].GetProperty("runs").GetInt32()));
        Assert.InRange(found[0].GetProperty("importance").GetDouble(), 0.7, 1);
        Assert.Equal(("category", 0.0, false), Of("same"));

        var again = (await server.PostAsync("/runs/importance", """{"metric":"metrics.loss"}""")).Json;
        Assert.Equal(answer.GetRawText(), again.GetRawText());
        var few = (await server.PostAsync("/runs/importance", """{"metric":"metrics.loss:min","params":["seed"],"search":{"filter":"metrics.loss < 3"}}""")).Json;
        Assert.Equal((6, 0.0), (few.GetProperty("runs").GetInt32(), few.GetProperty("params")[0].GetProperty("importance").GetDouble()));
        // Only some of the first five runs have the param `rare`.
        var late = (await server.PostAsync("/runs/importance", """{"metric":"metrics.loss","search":{"filter":"metrics.loss >= 5"}}""")).Json;
        Assert.Equal("lr same seed", string.Join(' ', late.GetProperty("params").EnumerateArray().Select(p => p.GetProperty("key").GetString()).Order(StringComparer.Ordinal)));

        (string?, double, bool) Of(string key) => found.Where(p => p.GetProperty("key").GetString() == key)
            .Select(p => (p.GetProperty("kind").GetString(), p.GetProperty("importance").GetDouble(), p.TryGetProperty("correlation", out _))).Single();
    }

    [Theory]
    [InlineData("""{"metric":"params.lr"}""", 400, "metric")]
    [InlineData("""{"metric":"metrics.loss","params":[]}""", 400, "params")]
    [InlineData("""{"metric":"metrics.loss","params":[null]}""", 400, "params")]
    [InlineData("""{"metric":"metrics.loss","search":{"experimentIds":["x"]}}""", 400, "search.experimentIds")]
    [InlineData("""{"metric":"metrics.loss","search":{"lifecycle":"x"}}""", 400, "lifecycle")]
    [InlineData("""{"metric":"metrics.loss","search":{"limit":1}}""", 400, "search.limit")]
    public async Task What_is_wrong_is_named(string body, int status, string field)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await server.PostAsync("/runs/importance", body);
        Assert.Equal((status, field), (answer.Status, answer.Field));
    }
}
