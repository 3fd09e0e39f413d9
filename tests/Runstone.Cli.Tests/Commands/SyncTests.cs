using System.Globalization;
using Runstone.Client;

namespace Runstone.Cli.Tests.Commands;

public sealed class SyncTests(SampleServer server)
{
    private const string Nowhere = "http://127.0.0.1:1";

    [Fact]
    public async Task A_run_logged_offline_comes_to_the_server()
    {
        using var home = new TemporaryFolder();
        var id = await LogOfflineAsync(home, run =>
        {
            run.LogParam("lr", 0.1);
            for (var step = 0; step < 100; step++)
                run.Log("loss", 1.0 / (step + 1), step);
        });

        var sync = (await server.RunAsync("sync", "--home", home.Path)).Ok();
        Assert.Matches($"^{id} +offline +synced +[0-9]+ +0 +offline runs ", sync.Lines[1]);

        var details = await server.Client.Runs.GetAsync(id);
        Assert.Equal("finished", details.Run.Info.Status);
        Assert.Equal("0.1", details.Run.Params["lr"]);
        Assert.Equal(100, details.Run.Metrics["loss"].Count);
        var again = await server.RunAsync("sync", "--home", home.Path);
        Assert.Equal((0, "", $"Nothing waits in {home.Path}.\n"), (again.ExitCode, again.Out, again.Error));
    }

    [Fact]
    public async Task What_the_server_refuses_is_told_and_kept()
    {
        using var home = new TemporaryFolder();
        var id = await LogOfflineAsync(home, run =>
        {
            run.LogParam("lr", 0.1);
            run.LogParam("lr", 0.2);
            run.Log("loss", 1, 0);
        });

        var sync = await server.RunAsync("sync", "--home", home.Path, "--json");
        Assert.Equal(5, sync.ExitCode);
        var line = Assert.Single(sync.Array(CliJson.Default.SyncLine));
        Assert.Equal((id, "synced", 1), (line.RunId, line.Outcome, line.Rejected));
        Assert.Contains("lr", sync.Error, StringComparison.Ordinal);
        Assert.Contains("1 record refused; kept with the reasons in", sync.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(home["rejected"], "rejected.jsonl", SearchOption.AllDirectories));
        Assert.Equal(1, (await server.Client.Runs.GetAsync(id)).Run.Metrics["loss"].Count);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_keeps_the_run_waiting()
    {
        using var home = new TemporaryFolder();
        var id = await LogOfflineAsync(home, run => run.Log("loss", 1, 0));
        var sync = await CliRun.Async("sync", "--home", home.Path, "--patience", "1", "--json");
        Assert.Equal(4, sync.ExitCode);
        Assert.Equal((id, "unreachable"), (sync.Array(CliJson.Default.SyncLine)[0].RunId, sync.Array(CliJson.Default.SyncLine)[0].Outcome));
        Assert.Contains("It stays in", sync.Error, StringComparison.Ordinal);
        (await server.RunAsync("sync", "--home", home.Path)).Ok();
        Assert.Equal(1, (await server.Client.Runs.GetAsync(id)).Run.Metrics["loss"].Count);
    }

    [Fact]
    public async Task Only_the_run_that_was_named_is_uploaded()
    {
        using var home = new TemporaryFolder();
        var first = await LogOfflineAsync(home, run => run.Log("loss", 1, 0));
        await LogOfflineAsync(home, run => run.Log("loss", 1, 0));
        var sync = (await server.RunAsync("sync", "--home", home.Path, "--run", first, "--json")).Ok();
        Assert.Equal(first, Assert.Single(sync.Array(CliJson.Default.SyncLine)).RunId);
        Assert.Single(Directory.GetDirectories(home["outbox"]));
    }

    [Fact]
    public async Task An_address_that_is_none_is_wrong_usage() => (await CliRun.Async("sync", "--server", "somewhere")).Failed(2, "--server: 'somewhere'");

    [Theory]
    [InlineData(" ")]
    [InlineData("[red]")]
    public async Task On_a_terminal_each_run_has_a_bar(string name)
    {
        using var home = new TemporaryFolder();
        var id = await LogOfflineAsync(home, run => run.Log("loss", 1, 0), name);
        var sync = await CliRun.WithProgressAsync("sync", "--home", home.Path, "--server", server.Address, "--json");
        Assert.Equal((0, id), (sync.ExitCode, Assert.Single(sync.Array(CliJson.Default.SyncLine)).RunId));
        Assert.Contains("%", sync.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Patience_has_a_range(int seconds) =>
        (await CliRun.Async("sync", "--patience", seconds.ToString(CultureInfo.InvariantCulture))).Failed(2, "from 1 to 86400");

    private static async Task<string> LogOfflineAsync(TemporaryFolder home, Action<Run> log, string name = "offline")
    {
        var options = new TrackingClientOptions { HomeFolder = home.Path, DrainTimeout = TimeSpan.Zero, Diagnostics = _ => { } };
        await using var client = new TrackingClient(Nowhere, options);
        await using var run = await client.StartRunAsync(
            "offline runs", new RunOptions { Name = name, CaptureEnvironment = false, SystemMetricsInterval = TimeSpan.Zero });
        log(run);
        return run.Id;
    }
}
