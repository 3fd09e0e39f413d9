namespace Runstone.Server.Tests.Api;

public sealed class ViewEndpointsTests
{
    [Fact]
    public async Task A_view_is_saved_opened_changed_and_removed()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.PostAsync("/experiments/0/views", """{"name":"losses","settings":{"filter":"metrics.loss < 1","n":[1,null]}}""");
        Assert.Equal(201, made.Status);
        var path = "/experiments/0/views/" + made.Json.GetProperty("id").GetString();
        Assert.Equal("""{"filter":"metrics.loss < 1","n":[1,null]}""", (await server.GetAsync(path)).Json.GetProperty("settings").GetRawText());

        var list = (await server.GetAsync("/experiments/0/views")).Json;
        Assert.Equal(("losses", "default", false), (list[0].GetProperty("name").GetString(), list[0].GetProperty("person").GetString(), list[0].TryGetProperty("settings", out _)));

        var changed = await server.PatchAsync(path, """{"settings":{"a":1},"revision":1}""");
        Assert.Equal((2, "losses"), (changed.Json.GetProperty("revision").GetInt32(), changed.Json.GetProperty("name").GetString()));
        var late = await server.PatchAsync(path, """{"settings":{"a":2},"revision":1}""");
        Assert.Equal((409, "conflict", "revision"), (late.Status, late.Code, late.Field));

        Assert.Equal(204, (await server.DeleteAsync(path)).Status);
        Assert.Equal((404, "viewId"), ((await server.GetAsync(path)).Status, (await server.GetAsync(path)).Field));
    }

    [Fact]
    public async Task An_experiment_opens_with_its_default()
    {
        await using var server = await RunningServer.StartAsync();
        var id = (await server.PostAsync("/experiments/0/views", """{"name":"a","settings":{}}""")).Json.GetProperty("id").GetString();
        Assert.Equal(204, (await server.PutAsync("/experiments/0/default-view", $$"""{"viewId":"{{id}}"}""")).Status);
        Assert.True((await server.GetAsync("/experiments/0/views")).Json[0].GetProperty("isDefault").GetBoolean());
        Assert.Equal(204, (await server.PutAsync("/experiments/0/default-view", "{}")).Status);
        Assert.False((await server.GetAsync("/experiments/0/views")).Json[0].GetProperty("isDefault").GetBoolean());
    }

    [Fact]
    public async Task What_was_left_on_the_page_is_there_again()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(204, (await server.GetAsync("/experiments/0/workspace")).Status);
        await server.PutAsync("/experiments/0/workspace", """{"settings":{"panels":["loss"]}}""");
        var left = (await server.PutAsync("/experiments/0/workspace", """{"settings":{"panels":["acc"]}}""")).Json;
        Assert.Equal(2, left.GetProperty("revision").GetInt32());
        Assert.Equal("""{"panels":["acc"]}""", (await server.GetAsync("/experiments/0/workspace")).Json.GetProperty("settings").GetRawText());
    }

    [Theory]
    [InlineData("/experiments/0/views", """{"name":"","settings":{}}""", 400, "name")]
    [InlineData("/experiments/0/views", """{"name":"a","settings":[]}""", 400, "settings")]
    [InlineData("/experiments/0/views", """{"name":"a"}""", 400, "settings")]
    [InlineData("/experiments/0/views", """{"name":"a","settings":{},"colour":1}""", 400, "colour")]
    [InlineData("/experiments/77/views", """{"name":"a","settings":{}}""", 404, "experimentId")]
    [InlineData("/experiments/x/views", """{"name":"a","settings":{}}""", 400, "id")]
    public async Task What_is_wrong_is_named(string path, string body, int status, string field)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await server.PostAsync(path, body);
        Assert.Equal((status, field), (answer.Status, answer.Field));
    }

    [Fact]
    public async Task What_is_too_much_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var large = await server.PutAsync("/experiments/0/workspace", "{\"settings\":{\"a\":\"" + new string('x', 262_144) + "\"}}");
        Assert.Equal((413, "settings"), (large.Status, large.Field));
        var deep = await server.PutAsync("/experiments/0/workspace", "{\"settings\":{\"a\":" + new string('[', 40) + new string(']', 40) + "}}");
        Assert.Equal((400, "settings"), (deep.Status, deep.Field));
        var name = await server.PostAsync("/experiments/0/views", "{\"settings\":{},\"name\":\"" + new string('x', 121) + "\"}");
        Assert.Equal((413, "name"), (name.Status, name.Field));
        var absent = await server.PutAsync("/experiments/0/default-view", """{"viewId":"9"}""");
        Assert.Equal((404, "viewId"), (absent.Status, absent.Field));
        Assert.Equal("viewId", (await server.GetAsync("/experiments/0/views/abc")).Field);
    }
}
