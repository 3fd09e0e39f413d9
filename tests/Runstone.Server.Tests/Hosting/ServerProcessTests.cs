using System.Net;
using System.Net.Sockets;

namespace Runstone.Server.Tests.Hosting;

public sealed class ServerProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runstone-process-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Wrong_options_end_it_with_code_2()
    {
        var (code, _, errors) = await ServerProcess.RunAsync("--host", "0.0.0.0", "--speed", "--data", _folder);
        Assert.Equal(2, code);
        Assert.Contains("access control", errors, StringComparison.Ordinal);
        Assert.Contains("--speed", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_ends_it_with_code_3()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var (code, output, errors) = await ServerProcess.RunAsync("--port", $"{port}", "--data", _folder);
        Assert.Equal(3, code);
        Assert.Empty(output);
        Assert.Contains($"{port}", errors, StringComparison.Ordinal);
        Assert.Contains("--port", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task A_folder_in_use_ends_it_with_code_4()
    {
        await using var server = await RunningServer.StartAsync(TestStore.In(_folder));
        var (code, _, errors) = await ServerProcess.RunAsync("--port", "0", "--data", _folder);
        Assert.Equal(4, code);
        Assert.Contains($"in use by process {Environment.ProcessId}", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task A_folder_that_cannot_be_written_ends_it_with_code_4()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "x");
        var (code, _, errors) = await ServerProcess.RunAsync("--port", "0", "--data", Path.Combine(file, "data"));
        Assert.Equal(4, code);
        Assert.Contains(file, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task A_damaged_database_ends_it_with_code_4()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "runstone.db"), new string('x', 10_000));
        var (code, _, errors) = await ServerProcess.RunAsync("--port", "0", "--data", _folder);
        Assert.Equal(4, code);
        Assert.Contains("runstone.db", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_option_and_ends_with_code_0()
    {
        var (code, output, _) = await ServerProcess.RunAsync("--help");
        Assert.Equal(0, code);
        foreach (var option in (string[])["--port", "--host", "--database-listen", "--blobs-style", "--verbose", "RUNSTONE__BLOBS_ENDPOINT", "runstone.json"])
            Assert.Contains(option, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_stops_it_with_code_0()
    {
        await using var store = await TestStore.CreateAsync();
        using var server = await ServerProcess.StartAsync(store);
        Assert.Equal(0, await server.TerminateAsync());
    }
}
