using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests;

/// <summary>Programs that are stopped, crash or are killed while they log.</summary>
public sealed class ProcessTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Runstone.Client.Child.dll");

    /// <summary>What the child said on standard error.</summary>
    private readonly ConcurrentQueue<string> _errors = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_kill_9_nothing_logged_is_lost_or_doubled(bool serverIsUp)
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var child = Start("log", "killed-run", serverIsUp ? server.Address : Nowhere.Address, bench.Home);
        long promised = -1;
        while (promised < 60_000)
            promised = long.Parse((await child.StandardOutput.ReadLineAsync(Cancellation))!, CultureInfo.InvariantCulture);
        // The outbox is in use while the process lives.
        Assert.True(Assert.Single(bench.Sync().List()).InUse);
        Assert.Equal(OutboxSyncOutcome.InUse, Assert.Single(await bench.Sync().RunAsync(cancellationToken: Cancellation)).Outcome);
        child.Kill();
        await child.WaitForExitAsync(Cancellation);
        foreach (var line in (await child.StandardOutput.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            promised = Math.Max(promised, long.TryParse(line, CultureInfo.InvariantCulture, out var step) ? step : 0);

        var progress = new List<OutboxSyncProgress>();
        var sync = new OutboxSync(new OutboxSyncOptions { HomeFolder = bench.Home, ServerAddress = server.Address, Client = bench.Options });
        var result = Assert.Single(await sync.RunAsync(new Collect(progress), Cancellation));
        Assert.Equal((OutboxSyncOutcome.Synced, 0L), (result.Outcome, result.Rejected));
        Assert.Equal(result.Records, progress[^1].TotalRecords);

        var counter = await bench.HistoryAsync("killed-run", "counter");
        Assert.True(counter.Step.Count > promised, $"{promised} was promised, {counter.Step.Count} points are there");
        Assert.Equal(Enumerable.Range(0, counter.Step.Count).Select(i => (decimal)i), counter.Step);
        var details = await bench.GetAsync("killed-run");
        Assert.Equal(counter.Step.Count, details.Run.Metrics["counter"].Count);
        Assert.Equal((RunStatuses.Killed, "log"), (details.Run.Info.Status, details.Run.Params["mode"]));
        Assert.Equal(counter.Time[^1], details.Run.Info.EndTime);
        Assert.Equal("note.txt", Assert.Single(await bench.Client.Artifacts.ListAsync("killed-run", cancellationToken: Cancellation)).Path);
        Assert.Empty(bench.Outboxes);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_marks_the_run_killed(string signal)
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var child = Start("wait", "stopped-run", server.Address, bench.Home);
        Assert.Equal("ready", await child.StandardOutput.ReadLineAsync(Cancellation));
        using (var kill = Process.Start("kill", ["-" + signal, child.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(Cancellation);
        await child.WaitForExitAsync(Cancellation);
        await AssertEndedAsync(bench, "stopped-run", RunStatuses.Killed);
    }

    [Fact]
    public async Task An_unhandled_exception_marks_the_run_failed()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var child = Start("throw", "failed-run", server.Address, bench.Home);
        await child.WaitForExitAsync(Cancellation);
        var details = await AssertEndedAsync(bench, "failed-run", RunStatuses.Failed);
        Assert.Contains("the child fails", details.Run.Tags["runstone.error"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exception_that_leaves_the_block_and_ends_the_process_marks_the_run_failed(bool serverIsUp)
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var child = Start("unwind", "unwound-run", serverIsUp ? server.Address : Nowhere.Address, bench.Home);
        await child.WaitForExitAsync(Cancellation);
        var details = await AssertEndedAsync(bench, "unwound-run", RunStatuses.Failed);
        Assert.Contains("the child fails", details.Run.Tags["runstone.error"], StringComparison.Ordinal);
        Assert.NotNull(details.Run.Info.EndTime);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_runs_that_were_open_when_the_exception_or_its_cause_was_thrown_fail(bool serverIsUp)
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var child = Start("nested", "outer", serverIsUp ? server.Address : Nowhere.Address, bench.Home);
        await child.WaitForExitAsync(Cancellation);
        await AssertEndedAsync(bench, "outer", RunStatuses.Failed);
        Assert.Equal(RunStatuses.Finished, (await bench.GetAsync("outer-good")).Run.Info.Status);
        var bad = await bench.GetAsync("outer-bad");
        Assert.Equal((RunStatuses.Failed, "outer"), (bad.Run.Info.Status, bad.Run.Info.ParentId));
        Assert.Contains("the fold fails", bad.Run.Tags["runstone.error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_that_the_program_catches_leaves_the_run_finished_whatever_happens_later()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var child = Start("catch", "caught-run", server.Address, bench.Home);
        await child.WaitForExitAsync(Cancellation);
        Assert.NotEqual(0, child.ExitCode);
        var details = await AssertEndedAsync(bench, "caught-run", RunStatuses.Finished);
        Assert.False(details.Run.Tags.ContainsKey("runstone.error"));
    }

    [Theory]
    [InlineData("0", RunStatuses.Finished)]
    [InlineData("3", RunStatuses.Failed)]
    public async Task A_program_that_ends_without_ending_its_run_ends_it_by_its_exit_code(string code, string status)
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var child = Start("exit", "open-run", server.Address, bench.Home, code);
        await child.WaitForExitAsync(Cancellation);
        await AssertEndedAsync(bench, "open-run", status);
    }

    [Fact]
    public async Task A_server_that_is_away_leaves_the_run_for_the_next_sync()
    {
        await using var bench = new Bench(Nowhere.Address);
        using (var child = Start("exit", "left-run", Nowhere.Address, bench.Home, "0"))
            await child.WaitForExitAsync(Cancellation);
        Assert.Single(_errors, e => e.Contains("1 run is not uploaded yet. `runstone sync`", StringComparison.Ordinal));
        var result = Assert.Single(await bench.Sync(TimeSpan.FromMilliseconds(300)).RunAsync(cancellationToken: Cancellation));
        Assert.Equal(OutboxSyncOutcome.Unreachable, result.Outcome);
        Assert.Equal("left-run", Assert.Single(bench.Sync().List()).RunId);
    }

    private static async Task<RunDetailsInfo> AssertEndedAsync(Bench bench, string runId, string status)
    {
        // What the process did not get through in its last moment, the next sync brings.
        await new OutboxSync(new OutboxSyncOptions { HomeFolder = bench.Home, ServerAddress = bench.Client.Address.AbsoluteUri, Client = bench.Options })
            .RunAsync(cancellationToken: Cancellation);
        var details = await bench.GetAsync(runId);
        Assert.Equal(status, details.Run.Info.Status);
        Assert.Equal([0.5], (await bench.HistoryAsync(runId, "loss")).Value);
        Assert.Empty(bench.Outboxes);
        return details;
    }

    private Process Start(string mode, string runId, string address, string home, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet", [Program, mode, runId, .. more]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RUNSTONE_TRACKING_URI"] = address;
        start.Environment["RUNSTONE_HOME"] = home;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, e) => _errors.Enqueue(e.Data ?? "");
        process.BeginErrorReadLine();
        return process;
    }

    private sealed class Collect(List<OutboxSyncProgress> list) : IProgress<OutboxSyncProgress>
    {
        public void Report(OutboxSyncProgress value) => list.Add(value);
    }
}
