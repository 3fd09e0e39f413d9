using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Cli.Errors;
using Runstone.Client;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Protocol;
using Runstone.Server.Tests;
using Runstone.Storage;

namespace Runstone.Cli.Tests.Commands;

/// <summary>Points are erased only when that is said, and what is said of it is what was done.</summary>
public sealed class ErasureTests : IDisposable
{
    private const long LongAgo = 1_600_000_000_000;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_of_a_run_are_erased_when_yes_is_said()
    {
        await using var server = await RunningServer.StartAsync();
        await using var client = new TrackingClient(server.Address);
        await client.Runs.CreateAsync(new CreateRunRequest { Experiment = "e", Id = "r1" }, Token);
        await client.Runs.LogAsync("r1", new LogRequest { Metrics = new MetricColumns { Keys = ["a", "b"], Key = [0, 0, 1], Step = [1, 2, 1], Value = [1, 2, 3] } }, Token);
        string[] erase = ["runs", "erase-metrics", "r1", "--reason", "asked for", "--server", server.Address];
        (await CliRun.Async(erase)).Failed(ExitCode.Usage, "--key, --all: name the metric to erase");
        (await CliRun.Async([.. erase, "--all", "--key", "a"])).Failed(ExitCode.Usage, "not both");
        Assert.Contains("1 metric with 2 points received; --yes erases it for good", (await CliRun.Async([.. erase, "--key", "a"])).Ok().Out, StringComparison.Ordinal);
        Assert.Equal(2, (await client.Metrics.ListAsync("r1", Token)).Count);

        Assert.Contains("2 points erased.", (await CliRun.Async([.. erase, "--key", "a", "--yes"])).Ok().Out, StringComparison.Ordinal);
        Assert.Contains("There was nothing to erase.", (await CliRun.Async([.. erase, "--key", "a", "--yes"])).Ok().Out, StringComparison.Ordinal);
        using var all = JsonDocument.Parse((await CliRun.Async([.. erase, "--all", "--yes", "--json"])).Ok().OutBytes);
        Assert.Equal(1, all.RootElement[0].GetProperty("points").GetInt32());
        Assert.Empty(await client.Metrics.ListAsync("r1", Token));
        Assert.Equal([2L, 1], (await client.Metrics.ListErasuresAsync("r1", Token)).Select(e => e.Points));
        Assert.Equal("asked for", Assert.Single((await client.Metrics.GetHistoryAsync("r1", "b", cancellationToken: Token)).Erased!).Reason);
    }

    [Fact]
    public async Task Retention_shows_what_would_go_and_erases_it_when_that_is_said()
    {
        await FillAsync();
        (await CliRun.Async("admin", "retention", "--data", Data)).Failed(ExitCode.Usage, "neither is set");
        (await CliRun.Async("admin", "retention", "--data", Data, "--retention-age", "0")).Failed(ExitCode.Usage, "--retention-age: '0' is not allowed");
        (await CliRun.Async("admin", "retention", "--data", Data, "--retention-size", "1X")).Failed(ExitCode.Usage, "--retention-size: '1X' is not allowed");
        (await CliRun.Async("admin", "retention", "--data", _folder["none"], "--retention-age", "9")).Failed(ExitCode.NotFound, "There is no store at");
        Assert.Contains("Nothing is to be erased.", (await CliRun.Async("admin", "retention", "--data", Data, "--retention-size", "1T")).Ok().Out, StringComparison.Ordinal);

        string[] age = ["admin", "retention", "--data", Data, "--retention-age", "30"];
        for (var i = 0; i < 2; i++)
            Assert.Contains("60 points of 3 runs", (await CliRun.Async(age)).Ok().Out, StringComparison.Ordinal);
        using var half = JsonDocument.Parse((await CliRun.Async("admin", "retention", "--data", Data, "--retention-size", "500", "--apply", "--json")).Ok().OutBytes);
        var first = half.RootElement.GetProperty("list")[0];
        Assert.Equal("run-0", first.GetProperty("runId").GetString());
        Assert.Equal("retention: the metrics of the store take more than 500 bytes", first.GetProperty("reason").GetString());
        Assert.InRange(half.RootElement.GetProperty("runs").GetInt32(), 1, 2);
        Assert.Contains("erased (", (await CliRun.Async([.. age, "--apply"])).Ok().Out, StringComparison.Ordinal);
        Assert.Contains("Nothing is to be erased.", (await CliRun.Async([.. age, "--apply"])).Ok().Out, StringComparison.Ordinal);
        Assert.Contains("Nothing is wrong.", (await CliRun.Async("admin", "check", "--data", Data)).Ok().Out, StringComparison.Ordinal);

        await using var server = await RunningServer.StartAsync(TestStore.In(Data));
        await using var client = new TrackingClient(server.Address);
        Assert.Equal(20, (await client.Metrics.ListAsync("run-2", Token))["loss"].Count);
        Assert.True(Assert.Single((await client.Metrics.GetHistoryAsync("run-2", "loss", cancellationToken: Token)).Erased!).SummariesKept);
        (await CliRun.Async([.. age, "--apply"])).Failed(ExitCode.Unreachable, "is in use by process");
        (await CliRun.Async("admin", "compact", "--data", Data)).Failed(ExitCode.Unreachable, "is in use by process");
    }

    [Fact]
    public async Task A_file_becomes_smaller_when_it_is_compacted()
    {
        (await CliRun.Async("admin", "compact", "--data", Data)).Failed(ExitCode.NotFound, "There is no store at");
        (await CliRun.Async("admin", "compact", "--database", "Host=db;Database=x")).Failed(ExitCode.Usage, "VACUUM FULL");
        await FillAsync(50_000);
        (await CliRun.Async("admin", "retention", "--data", Data, "--retention-age", "30", "--apply")).Ok();
        using var report = JsonDocument.Parse((await CliRun.Async("admin", "compact", "--data", Data, "--json")).Ok().OutBytes);
        var (before, after) = (report.RootElement.GetProperty("bytesBefore").GetInt64(), report.RootElement.GetProperty("bytesAfter").GetInt64());
        Assert.InRange(after, 1, before / 2);
        Assert.Contains("Nothing is wrong.", (await CliRun.Async("admin", "check", "--data", Data)).Ok().Out, StringComparison.Ordinal);
    }

    /// <summary>Three runs that ended long ago.</summary>
    private async Task FillAsync(int points = 20)
    {
        await using var store = await RunstoneStorage.OpenAsync(new StorageOptions { Data = Data }, TimeProvider.System, NullLoggerFactory.Instance, Token);
        var random = new Random(3);
        for (var i = 0; i < 3; i++)
        {
            var outcomes = new IngestOutcome[2];
            await store.Ingest.CommitAsync(
                [
                    new IngestBatch($"run-{i}")
                    {
                        Create = new NewRun(0),
                        Metrics = new MetricBatch(["loss"], Enumerable.Range(0, points).Select(s => new MetricPoint(0, new Step(s), s, random.NextDouble())).ToArray()),
                    },
                    new IngestBatch($"run-{i}") { Patch = new RunPatch { Status = RunStatus.Finished } },
                ],
                outcomes, LongAgo + i, Token);
            Assert.All(outcomes, o => Assert.Null(o.Error));
        }
    }
}
