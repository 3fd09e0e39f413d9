namespace Runstone.Server.Tests.Api;

public sealed class ReportEndpointsTests
{
    [Fact]
    public async Task A_report_is_begun_saved_again_and_read_as_it_was()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.PostAsync("/reports", """{"experimentId":"0","title":"Week 47","body":"# First"}""");
        Assert.Equal((201, "0", "active"), (made.Status, made.Json.GetProperty("experimentId").GetString(), made.Json.GetProperty("lifecycle").GetString()));
        var path = "/reports/" + made.Json.GetProperty("id").GetString();

        var saved = await server.PostAsync(path + "/versions", """{"on":1,"title":"Week 48","body":"# Second"}""");
        Assert.Equal(2, saved.Json.GetProperty("newest").GetProperty("number").GetInt32());
        var late = await server.PostAsync(path + "/versions", """{"on":1,"title":"mine","body":""}""");
        Assert.Equal((409, "conflict", "on"), (late.Status, late.Code, late.Field));

        Assert.Equal("# Second", (await server.GetAsync(path)).Json.GetProperty("newest").GetProperty("body").GetString());
        Assert.Equal("# First", (await server.GetAsync(path + "/versions/1")).Json.GetProperty("body").GetString());
        var versions = (await server.GetAsync(path + "/versions")).Json;
        Assert.Equal((2, 2, false), (versions.GetArrayLength(), versions[0].GetProperty("number").GetInt32(), versions[0].TryGetProperty("body", out _)));
        Assert.Equal(1, (await server.GetAsync(path + "/versions?below=2")).Json[0].GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task Pages_follow_one_another_and_deleted_ones_are_hidden()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 5; i++)
            await server.PostAsync("/reports", $$"""{"title":"r{{i}}","body":""}""");
        var first = (await server.GetAsync("/reports?limit=3")).Json;
        var rest = (await server.GetAsync($"/reports?limit=3&pageToken={first.GetProperty("nextPageToken").GetString()}")).Json;
        Assert.Equal((3, 2, false), (first.GetProperty("reports").GetArrayLength(), rest.GetProperty("reports").GetArrayLength(), rest.TryGetProperty("nextPageToken", out _)));

        var id = first.GetProperty("reports")[0].GetProperty("id").GetString();
        Assert.Equal("deleted", (await server.PatchAsync($"/reports/{id}", """{"lifecycle":"deleted"}""")).Json.GetProperty("lifecycle").GetString());
        Assert.Equal(4, (await server.GetAsync("/reports")).Json.GetProperty("reports").GetArrayLength());
        Assert.Equal(1, (await server.GetAsync("/reports?lifecycle=deleted")).Json.GetProperty("reports").GetArrayLength());
        Assert.Equal(409, (await server.PostAsync($"/reports/{id}/versions", """{"on":1,"title":"x","body":""}""")).Status);
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal((400, "title"), Seen(await server.PostAsync("/reports", """{"title":" ","body":""}""")));
        Assert.Equal((413, "title"), Seen(await server.PostAsync("/reports", $$"""{"title":"{{new string('x', 201)}}","body":""}""")));
        Assert.Equal((413, "body"), Seen(await server.PostAsync("/reports", $$"""{"title":"x","body":"{{new string('x', 1_048_577)}}"}""")));
        Assert.Equal((400, "body"), Seen(await server.PostAsync("/reports", """{"title":"x"}""")));
        Assert.Equal((404, "experimentId"), Seen(await server.PostAsync("/reports", """{"title":"x","body":"","experimentId":"77"}""")));
        Assert.Equal((404, "reportId"), Seen(await server.GetAsync("/reports/77")));
        Assert.Equal((400, "reportId"), Seen(await server.GetAsync("/reports/x")));
        Assert.Equal((404, "reportId"), Seen(await server.GetAsync("/reports/77/versions")));
        Assert.Equal((400, "pageToken"), Seen(await server.GetAsync("/reports?pageToken=x")));
        Assert.Equal((400, "lifecycle"), Seen(await server.PatchAsync("/reports/1", """{"lifecycle":"gone"}""")));
    }

    private static (int Status, string? Field) Seen(Answer answer) => (answer.Status, answer.Field);
}
