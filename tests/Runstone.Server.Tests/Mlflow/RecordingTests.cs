using Runstone.Server.Tests.Api;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>What real clients sent to a real MLflow server gets the same answers here and leaves the same behind.</summary>
public sealed class RecordingTests
{
    public static TheoryData<string> Recordings => [.. Recording.Names()];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recording_replays(string name)
    {
        var recording = Recording.Load(name);
        await using var server = await RunningServer.StartAsync();
        var replay = new Replay(server.Client, recording);
        await replay.RunAsync();
        await new EndState(server.Client, replay).CheckAsync(recording.Expected);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task What_a_recorded_run_logs_to_be_looked_at_is_media()
    {
        var recording = Recording.Load("media");
        await using var server = await RunningServer.StartAsync();
        var replay = new Replay(server.Client, recording);
        await replay.RunAsync();
        var run = (await server.PostAsync("/runs/search", "{}")).Json.GetProperty("runs")[0].GetProperty("info").GetProperty("id").GetString();

        var keys = (await server.GetAsync($"/runs/{run}/media")).Json.EnumerateArray().Select(k => $"{k.GetProperty("key")} {k.GetProperty("type")} {k.GetProperty("count")}");
        Assert.Equal<string[]>(["figures/line.png image 1", "grid image 3", "page.html html 1", "plain.png image 1"], [.. keys]);
        var media = (await server.GetAsync($"/runs/{run}/media/items?key=grid")).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal<string[]>(["image 0", "image 1", "image 2"], [.. media.Select(m => $"{m.GetProperty("type")} {m.GetProperty("step")}")]);
        foreach (var item in media)
        {
            Assert.EndsWith("+compressed.webp", item.GetProperty("preview").GetString(), StringComparison.Ordinal);
            var file = await server.Client.GetByteArrayAsync($"/api/v1/runs/{run}/artifacts/{string.Join('/', item.GetProperty("path").GetString()!.Split('/').Select(Uri.EscapeDataString))}");
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], file[..4]);
        }
    }
}
