namespace Runstone.Server.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task A_started_server_is_alive()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("live", await server.Client.GetStringAsync("/health/live"));
    }
}
