using System.Globalization;
using System.Text.Json;

namespace Runstone.Server.Tests.Api;

public sealed class ConsoleEndpointsTests
{
    [Fact]
    public async Task Lines_are_appended_and_read_by_number_and_from_the_end()
    {
        await using var server = await RunningServer.StartAsync();
        var path = await MakeAsync(server);
        Assert.Equal(0, (await server.GetAsync(path)).Json.GetProperty("total").GetInt32());

        var first = await server.PostAsync(path, """{"lines":[{"time":5,"text":"one \u001b[31m☃"},{"time":6,"stream":"err","text":""}],"source":"c","sequence":0}""");
        Assert.Equal((200, 2, false), (first.Status, first.Json.GetProperty("lines").GetInt32(), first.Json.GetProperty("replayed").GetBoolean()));
        Assert.True((await server.PostAsync(path, """{"lines":[{"text":"one"}],"source":"c","sequence":0}""")).Json.GetProperty("replayed").GetBoolean());
        await server.PostAsync(path, """{"lines":[{"text":"three"}]}""");

        var page = (await server.GetAsync(path)).Json;
        Assert.Equal((3, 20, 0, false), (page.GetProperty("total").GetInt32(), page.GetProperty("bytes").GetInt32(), page.GetProperty("from").GetInt32(), page.TryGetProperty("next", out _)));
        Assert.Equal("""[{"time":5,"stream":"out","text":"one \u001B[31m☃"},{"time":6,"stream":"err","text":""}]""", (await server.GetAsync(path + "?limit=2")).Json.GetProperty("lines").GetRawText());
        Assert.Equal(2, (await server.GetAsync(path + "?limit=2")).Json.GetProperty("next").GetInt32());
        Assert.Equal(("three", 2), LineOf((await server.GetAsync(path + "?from=2")).Json));
        Assert.Equal(("three", 2), LineOf((await server.GetAsync(path + "?tail=1")).Json));
        Assert.Equal(0, (await server.GetAsync(path + "?from=3")).Json.GetProperty("lines").GetArrayLength());
        Assert.Equal("one \u001b[31m☃\n\nthree\n", await server.Client.GetStringAsync("/api/v1" + path + "/text", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_search_goes_on_where_it_stopped()
    {
        await using var server = await RunningServer.StartAsync();
        var path = await MakeAsync(server);
        for (var i = 0; i < 3; i++)
            await AppendAsync(server, path, Enumerable.Range(i * 100, 100).Select(n => n % 10 == 3 ? $"epoch {n}: \u001b[1mLoss\u001b[0m=0.{n}" : "nothing"));
        var first = (await server.GetAsync(path + "/search?q=loss%3D&ignoreCase=true&limit=20")).Json;
        Assert.Equal((300, 20, 194), (first.GetProperty("total").GetInt32(), first.GetProperty("matches").GetArrayLength(), first.GetProperty("next").GetInt32()));
        var match = first.GetProperty("matches")[1];
        Assert.Equal(("epoch 13: Loss=0.13", 13, 10, 5), (match.GetProperty("text").GetString(), match.GetProperty("line").GetInt32(), match.GetProperty("at").GetInt32(), match.GetProperty("length").GetInt32()));
        var rest = (await server.GetAsync(path + "/search?q=loss%3D&ignoreCase=true&limit=20&from=194")).Json;
        Assert.Equal((10, false), (rest.GetProperty("matches").GetArrayLength(), rest.TryGetProperty("next", out _)));
        Assert.Equal(0, (await server.GetAsync(path + "/search?q=loss%3D")).Json.GetProperty("matches").GetArrayLength());
        Assert.Equal(3, (await server.GetAsync(path + "/search?regex=true&q=%5Eepoch%20.%3F.%3F3%3A.%2B%3D0%5C.%5B12%5D%3F53%24")).Json.GetProperty("matches").GetArrayLength());
    }

    [Fact]
    public async Task Long_lines_make_short_pages_and_the_text_is_streamed_as_it_was_written()
    {
        await using var server = await RunningServer.StartAsync();
        var path = await MakeAsync(server);
        var lines = Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} ") + new string((char)('a' + (i % 26)), 60_000)).ToList();
        for (var i = 0; i < 200; i += 50)
            await AppendAsync(server, path, lines.Skip(i).Take(50));

        var read = new List<string>();
        for (int? from = 0; from is not null;)
        {
            var page = (await server.GetAsync($"{path}?from={from}&limit=5000")).Json;
            Assert.InRange(page.GetProperty("lines").GetArrayLength(), 1, 80);
            read.AddRange(page.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("text").GetString()!));
            from = page.TryGetProperty("next", out var next) ? next.GetInt32() : null;
        }

        Assert.Equal(lines, read);
        var tail = (await server.GetAsync(path + "?tail=5000")).Json;
        var count = tail.GetProperty("lines").GetArrayLength();
        Assert.InRange(count, 50, 80);
        Assert.Equal(200 - count, tail.GetProperty("from").GetInt32());
        Assert.Equal(string.Concat(lines.Select(l => l + "\n")), await server.Client.GetStringAsync("/api/v1" + path + "/text", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        var path = await MakeAsync(server);
        Assert.Equal((400, "lines"), Seen(await server.PostAsync(path, """{"lines":[]}""")));
        Assert.Equal((400, "lines[0]"), Seen(await server.PostAsync(path, """{"lines":[null]}""")));
        Assert.Equal((400, "lines[0].text"), Seen(await server.PostAsync(path, """{"lines":[{"text":"a\nb"}]}""")));
        Assert.Equal((413, "lines[0].text"), Seen(await server.PostAsync(path, $$"""{"lines":[{"text":"{{new string('x', 65_537)}}"}]}""")));
        Assert.Equal((400, "lines[0].stream"), Seen(await server.PostAsync(path, """{"lines":[{"text":"a","stream":"both"}]}""")));
        Assert.Equal((400, "sequence"), Seen(await server.PostAsync(path, """{"lines":[{"text":"a"}],"source":"c"}""")));
        Assert.Equal((400, "from"), Seen(await server.GetAsync(path + "?from=-1")));
        Assert.Equal((400, "limit"), Seen(await server.GetAsync(path + "?limit=5001")));
        Assert.Equal((400, "tail"), Seen(await server.GetAsync(path + "?tail=0")));
        Assert.Equal((400, "tail"), Seen(await server.GetAsync(path + "?tail=1&from=0")));
        Assert.Equal((400, "q"), Seen(await server.GetAsync(path + "/search?q=")));
        Assert.Equal((400, "q"), Seen(await server.GetAsync(path + "/search?regex=true&q=(%3F%3Da)")));
        Assert.Equal(404, (await server.GetAsync("/runs/nobody/console")).Status);
        Assert.Equal(404, (await server.GetAsync("/runs/nobody/console/text")).Status);
        Assert.Equal(404, (await server.GetAsync("/runs/nobody/console/search?q=a")).Status);
        Assert.Equal(404, (await server.PostAsync("/runs/nobody/console", """{"lines":[{"text":"a"}]}""")).Status);
        await server.PostAsync(path[..^"/console".Length] + "/log", """{"status":"finished"}""");
        Assert.Equal(409, (await server.PostAsync(path, """{"lines":[{"text":"a"}]}""")).Status);
    }

    private static async Task<string> MakeAsync(RunningServer server) =>
        $"/runs/{(await server.PostAsync("/runs", """{"experimentId":"0"}""")).Json.GetProperty("id").GetString()}/console";

    private static async Task AppendAsync(RunningServer server, string path, IEnumerable<string> lines) => Assert.Equal(
        200, (await server.PostAsync(path, JsonSerializer.Serialize(new { lines = lines.Select(l => new { text = l }) }))).Status);

    private static (string? Text, int From) LineOf(JsonElement page) => (page.GetProperty("lines")[0].GetProperty("text").GetString(), page.GetProperty("from").GetInt32());

    private static (int Status, string? Field) Seen(Answer answer) => (answer.Status, answer.Field);
}
