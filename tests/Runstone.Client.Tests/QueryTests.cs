using System.Net;
using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests;

/// <summary>Reading what was logged.</summary>
public sealed class QueryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Experiments_are_searched_read_and_changed()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var experiments = bench.Client.Experiments;
        for (var i = 0; i < 5; i++)
            await experiments.CreateAsync(new CreateExperimentRequest { Name = $"it's {i}" }, Cancellation);
        var found = await experiments.SearchAsync(new ExperimentSearch { Filter = "name like \"it's%\"", OrderBy = ["name desc"], PageSize = 2 }, Cancellation)
            .ToListAsync(Cancellation);
        Assert.Equal(["it's 4", "it's 3", "it's 2", "it's 1", "it's 0"], found.ConvertAll(e => e.Name));
        var one = await experiments.FindByNameAsync("it's 3", summary: true, Cancellation);
        Assert.Equal((found[1].Id, 0L), (one!.Id, one.Summary!.Runs));
        Assert.Null(await experiments.FindByNameAsync("none", cancellationToken: Cancellation));
        await experiments.UpdateAsync(one.Id, new UpdateExperimentRequest { Name = "new" }, Cancellation);
        Assert.Equal("new", (await experiments.GetAsync(one.Id, cancellationToken: Cancellation)).Name);
    }

    [Fact]
    public async Task Runs_are_searched_over_pages_and_metrics_are_drawn()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        for (var i = 0; i < 5; i++)
        {
            await using var run = await bench.StartAsync(new RunOptions { Name = $"run {i}", Params = new { I = i } });
            for (var step = 0; step < 100; step++)
                run.Log("auc", i + (step / 1000.0), step);
        }

        var request = new SearchRunsRequest { Filter = "metrics.auc > 1", OrderBy = ["metrics.auc desc"], Limit = 2 };
        var rows = await bench.Client.Runs.SearchAsync(request, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["run 4", "run 3", "run 2", "run 1"], rows.ConvertAll(r => r.Info.Name));
        Assert.Equal(4.099, rows[0].Metrics["auc"].Last);
        var id = rows[0].Info.Id;
        Assert.Equal(100, (await bench.Client.Metrics.ListAsync(id, Cancellation))["auc"].Count);
        Assert.Equal([10m, 11m, 12m], (await bench.Client.Metrics.GetHistoryAsync(id, "auc", 10, 12, Cancellation)).Step);
        var frame = Assert.Single(await bench.Client.Metrics.DrawAsync(new FramesRequest { Series = [new SeriesRef(id, "auc")], Buckets = 10 }, Cancellation));
        Assert.Equal((100L, 10), (frame.Points, frame.X.Length));
        var groups = await bench.Client.Metrics.AggregateAsync(new GroupsRequest { Key = "auc", Buckets = 10, Search = new GroupSearch { Filter = "name != \"run 0\"" } }, Cancellation);
        Assert.Equal((4, 4, 10), (groups.Runs, Assert.Single(groups.Groups).Drawn, groups.X.Length));
        var keys = await bench.Client.Experiments.ListKeysAsync(rows[0].Info.ExperimentId, cancellationToken: Cancellation);
        Assert.Equal("auc", Assert.Single(keys.Metrics));
        Assert.Equal("I", Assert.Single(keys.Params));
    }

    [Fact]
    public async Task Files_are_uploaded_and_downloaded_and_a_download_that_broke_goes_on()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();
        Assert.True(await run.FlushAsync(cancellationToken: Cancellation));
        var artifacts = bench.Client.Artifacts;
        var file = Path.Combine(bench.Home, "source.bin");
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(file, content, Cancellation);
        var progress = new List<TransferProgress>();
        var uploaded = await artifacts.UploadAsync(run.Id, "a/b c.bin", file, new Collect(progress), Cancellation);
        Assert.Equal((3_000_000L, 3_000_000L, (long?)3_000_000), (uploaded.Size, progress[^1].Bytes, progress[^1].Total));
        Assert.Equal("a", Assert.Single(await artifacts.ListAsync(run.Id, cancellationToken: Cancellation)).Path);

        var target = Path.Combine(bench.Home, "down/copy.bin");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await File.WriteAllBytesAsync(target + ".part", content[..1_000_000], Cancellation);
        progress.Clear();
        Assert.Equal(3_000_000, await artifacts.DownloadAsync(run.Id, "a/b c.bin", target, new Collect(progress), Cancellation));
        Assert.True(progress[0].Bytes > 1_000_000);
        Assert.Equal(content, await File.ReadAllBytesAsync(target, Cancellation));
        Assert.False(File.Exists(target + ".part"));

        await File.WriteAllBytesAsync(target + ".part", new byte[1000], Cancellation);
        var damaged = await Assert.ThrowsAsync<RunstoneApiException>(() => artifacts.DownloadAsync(run.Id, "a/b c.bin", target, null, Cancellation));
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(target + ".part"));

        await artifacts.UploadAsync(run.Id, "a/d.txt", new MemoryStream("text"u8.ToArray()), null, Cancellation);
        Assert.Equal(2, await artifacts.DownloadFolderAsync(run.Id, "a", Path.Combine(bench.Home, "all"), null, Cancellation));
        Assert.Equal("text", await File.ReadAllTextAsync(Path.Combine(bench.Home, "all/d.txt"), Cancellation));
        await artifacts.DeleteAsync(run.Id, "a", Cancellation);
        Assert.Empty(await artifacts.ListAsync(run.Id, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Errors_carry_what_the_server_said()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var missing = await Assert.ThrowsAsync<RunstoneApiException>(() => bench.GetAsync("nothere"));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (missing.StatusCode, missing.Code));
        Assert.Contains("nothere", missing.Detail, StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<RunstoneApiException>(
            () => bench.Client.Runs.SearchPageAsync(new SearchRunsRequest { Filter = "metrics.a <" }, Cancellation));
        Assert.Equal(("invalid", "filter"), (wrong.Code, wrong.Field));
        await using var nobody = new Bench(Nowhere.Address);
        var unreachable = await Assert.ThrowsAsync<RunstoneApiException>(() => nobody.Client.GetServerInfoAsync(Cancellation));
        Assert.Equal((null, RunstoneApiException.Unreachable), (unreachable.StatusCode, unreachable.Code));
        Assert.Contains("127.0.0.1:9", unreachable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_are_heard_as_they_happen()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        Assert.Equal("runstone", (await bench.Client.GetServerInfoAsync(Cancellation)).Name);
        await using var run = await bench.StartAsync();
        Assert.True(await run.FlushAsync(cancellationToken: Cancellation));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var step = 0;
        using var timer = new Timer(_ => run.Log("loss", 1, Interlocked.Increment(ref step)), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        await foreach (var changes in bench.Client.WatchAsync(runIds: [run.Id], cancellationToken: limit.Token))
        {
            Assert.Equal(run.Id, Assert.Single(changes.Changes).RunId);
            return;
        }

        Assert.Fail("The stream ended without a change.");
    }

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("nonsense")]
    [InlineData("/path")]
    public void An_address_that_is_none_is_an_error(string address) =>
        Assert.Throws<ArgumentException>(() => new TrackingClient(address));

    private sealed class Collect(List<TransferProgress> list) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => list.Add(value);
    }
}
