namespace Runstone.Server.Tests.Api;

public sealed class CommentEndpointsTests
{
    [Fact]
    public async Task A_comment_is_added_edited_and_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        var added = await server.PostAsync("/comments", $$"""{"kind":"run","id":"{{run}}","text":"Why is it **flat**?"}""");
        Assert.Equal((201, "default"), (added.Status, added.Json.GetProperty("person").GetString()));
        var path = "/comments/" + added.Json.GetProperty("id").GetString();
        Assert.True((await server.PatchAsync(path, """{"text":"Because."}""")).Json.TryGetProperty("editedAt", out _));
        Assert.Equal("Because.", (await ListAsync(server, run))[0].GetProperty("text").GetString());

        Assert.Equal(204, (await server.DeleteAsync(path)).Status);
        var left = (await ListAsync(server, run))[0];
        Assert.Equal((false, true), (left.TryGetProperty("text", out _), left.TryGetProperty("deletedAt", out _)));
        Assert.Equal(404, (await server.PatchAsync(path, """{"text":"again"}""")).Status);
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 5; i++)
            await server.PostAsync("/comments", $$"""{"kind":"experiment","id":"0","text":"{{i}}"}""");
        var texts = new List<string>();
        string? after = null;
        do
        {
            var page = (await server.GetAsync($"/comments?kind=experiment&id=0&limit=2&after={after}")).Json;
            texts.AddRange(page.GetProperty("comments").EnumerateArray().Select(c => c.GetProperty("text").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        Assert.Equal("0,1,2,3,4", string.Join(',', texts));
    }

    [Fact]
    public async Task What_is_starred_is_listed_until_the_star_is_taken_away()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        Assert.Equal(204, (await server.PutAsync($"/stars/run/{run}")).Status);
        Assert.Equal(204, (await server.PutAsync("/stars/experiment/0")).Status);
        var stars = (await server.GetAsync("/stars/run")).Json;
        Assert.Equal((1, run, "run"), (stars.GetArrayLength(), stars[0].GetProperty("id").GetString(), stars[0].GetProperty("kind").GetString()));
        Assert.Equal(204, (await server.DeleteAsync($"/stars/run/{run}")).Status);
        Assert.Equal(0, (await server.GetAsync("/stars/run")).Json.GetArrayLength());
        Assert.Equal(1, (await server.GetAsync("/stars/experiment")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_report_is_starred_and_spoken_of_like_a_run()
    {
        await using var server = await RunningServer.StartAsync();
        var report = (await server.PostAsync("/reports", """{"title":"Which","body":"This"}""")).Json.GetProperty("id").GetString();
        Assert.Equal(204, (await server.PutAsync($"/stars/report/{report}")).Status);
        var star = Assert.Single((await server.GetAsync("/stars/report")).Json.EnumerateArray());
        Assert.Equal(("report", report), (star.GetProperty("kind").GetString(), star.GetProperty("id").GetString()));
        Assert.Equal(201, (await server.PostAsync("/comments", $$"""{"kind":"report","id":"{{report}}","text":"Agreed."}""")).Status);
        Assert.Equal(1, (await server.GetAsync($"/comments?kind=report&id={report}")).Json.GetProperty("comments").GetArrayLength());
        Assert.Equal(204, (await server.DeleteAsync($"/stars/report/{report}")).Status);
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal((404, "reportId"), Seen(await server.PutAsync("/stars/report/77")));
        Assert.Equal((404, "reportId"), Seen(await server.PutAsync("/stars/report/nope")));
        Assert.Equal((400, "kind"), Seen(await server.PostAsync("/comments", """{"kind":"model","id":"0","text":"x"}""")));
        Assert.Equal((400, "text"), Seen(await server.PostAsync("/comments", """{"kind":"experiment","id":"0","text":" "}""")));
        Assert.Equal((413, "text"), Seen(await server.PostAsync("/comments", $$"""{"kind":"experiment","id":"0","text":"{{new string('x', 65_537)}}"}""")));
        Assert.Equal((404, "runId"), Seen(await server.PostAsync("/comments", """{"kind":"run","id":"nope","text":"x"}""")));
        Assert.Equal((404, "experimentId"), Seen(await server.GetAsync("/comments?kind=experiment&id=77")));
        Assert.Equal((400, "after"), Seen(await server.GetAsync("/comments?kind=experiment&id=0&after=x")));
        Assert.Equal((400, "kind"), Seen(await server.GetAsync("/stars/model")));
        Assert.Equal((404, "runId"), Seen(await server.PutAsync("/stars/run/nope")));
        Assert.Equal((404, "commentId"), Seen(await server.PatchAsync("/comments/77", """{"text":"x"}""")));
    }

    private static (int Status, string? Field) Seen(Answer answer) => (answer.Status, answer.Field);

    private static async Task<System.Text.Json.JsonElement> ListAsync(RunningServer server, string run) =>
        (await server.GetAsync($"/comments?kind=run&id={run}")).Json.GetProperty("comments");
}
