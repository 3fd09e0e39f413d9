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
}
