using System.Security.Cryptography;
using System.Text;
using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests;

/// <summary>What is logged is what the server has.</summary>
public sealed class RunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_logged_is_on_the_server_and_nothing_is_left_behind()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        string id;
        await using (var run = await bench.StartAsync(new RunOptions
        {
            Name = "first",
            Params = new { Trees = 100, Inner = new { Rate = 0.5 } },
            Notes = "before",
            User = "ada",
            Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = "test" },
        }))
        {
            id = run.Id;
            run.LogParam("seed", 7);
            run.SetTag("kind", "changed");
            run.SetTags([KeyValuePair.Create("more", "tags")]);
            run.SetNotes("# after");
            for (var i = 0; i < 12_000; i++)
                run.Log("loss", 1.0 / (i + 1), i);
            run.Log("epoch", 0.5, 2.25m);
            run.Log("counted", 1);
            run.Log("counted", double.NaN);
            run.LogMetrics([KeyValuePair.Create("auc", 0.9)], step: 3);
            run.LogMetric("timed", double.PositiveInfinity, 1, DateTimeOffset.FromUnixTimeMilliseconds(1234));
        }

        var details = await bench.GetAsync(id);
        Assert.Equal(("first", "ada", RunStatuses.Finished, "# after"), (details.Run.Info.Name, details.Run.Info.User, details.Run.Info.Status, details.Notes));
        Assert.True(details.Run.Info.EndTime >= details.Run.Info.StartTime);
        Assert.Equal(("100", "0.5", "7"), (details.Run.Params["Trees"], details.Run.Params["Inner.Rate"], details.Run.Params["seed"]));
        Assert.Equal(("changed", "tags"), (details.Run.Tags["kind"], details.Run.Tags["more"]));
        var loss = await bench.HistoryAsync(id, "loss");
        Assert.Equal(Enumerable.Range(0, 12_000).Select(i => (decimal)i), loss.Step);
        Assert.Equal(Enumerable.Range(0, 12_000).Select(i => 1.0 / (i + 1)), loss.Value);
        Assert.Equal(12_000, details.Run.Metrics["loss"].Count);
        Assert.Equal([2.25m], (await bench.HistoryAsync(id, "epoch")).Step);
        Assert.Equal([0m, 1m], (await bench.HistoryAsync(id, "counted")).Step);
        var timed = await bench.HistoryAsync(id, "timed");
        Assert.Equal((1234, double.PositiveInfinity), (timed.Time[0], timed.Value[0]));
        Assert.Empty(bench.Outboxes);
        Assert.Empty(bench.Told);
    }

    [Fact]
    public async Task Artifacts_of_every_kind_arrive()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var file = bench.Files.File("in/one.txt", "one");
        bench.Files.File("in/deep/zwei ä#%.txt", "two");
        var large = Path.Combine(bench.Home, "large.bin");
        await File.WriteAllBytesAsync(large, RandomNumberGenerator.GetBytes(9 * 1024 * 1024), Cancellation);
        string id;
        await using (var run = await bench.StartAsync())
        {
            id = run.Id;
            run.LogArtifact(file);
            run.LogArtifacts(Path.GetDirectoryName(file)!, "folder");
            run.LogText("report.md", "# hello");
            run.LogBytes("bytes/b.bin", new byte[] { 1, 2, 3 });
            await run.LogStreamAsync("stream.txt", new MemoryStream(Encoding.UTF8.GetBytes("streamed")), Cancellation);
            run.LogArtifact(large, "model/large.bin");
            run.LogArtifact(Path.Combine(bench.Home, "missing"));
            // A copy was taken: what happens to the file afterwards does not matter.
            File.WriteAllText(file, "changed");
        }

        var files = await bench.Client.Artifacts.ListAllAsync(id, cancellationToken: Cancellation).ToListAsync(Cancellation);
        Assert.Equal(
            ["bytes/b.bin", "folder/deep/zwei ä#%.txt", "folder/one.txt", "model/large.bin", "one.txt", "report.md", "stream.txt"],
            files.ConvertAll(f => f.Path));
        Assert.Equal(Hash(await File.ReadAllBytesAsync(large, Cancellation)), files.Single(f => f.Path is "model/large.bin").Sha256);
        Assert.Equal(Hash("one"u8), files.Single(f => f.Path is "one.txt").Sha256);
        Assert.Equal(Hash("streamed"u8), files.Single(f => f.Path is "stream.txt").Sha256);
        Assert.Equal(DiagnosticCodes.FileUnreadable, Assert.Single(bench.Told).Code);
        Assert.Empty(bench.Outboxes);
    }

    [Fact]
    public async Task Dataset_versions_are_named_by_their_content()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var file = bench.Files.File("data/a.csv", "x,y\n1,2\n");
        bench.Files.File("data/sub/b.csv", "z");
        string id;
        await using (var run = await bench.StartAsync())
        {
            id = run.Id;
            var one = await run.LogDatasetAsync("one", file, "training", Cancellation);
            var all = await run.LogDatasetAsync("all", Path.GetDirectoryName(file)!, cancellationToken: Cancellation);
            var stream = await run.LogDatasetAsync("stream", new MemoryStream("z"u8.ToArray()), "https://data.example/z", cancellationToken: Cancellation);
            Assert.Equal("sha256:" + Hash("x,y\n1,2\n"u8), one!.Digest);
            var lines = $"{Hash("x,y\n1,2\n"u8)}  a.csv\n{Hash("z"u8)}  sub/b.csv\n";
            Assert.Equal("sha256:" + Hash(Encoding.UTF8.GetBytes(lines)), all!.Digest);
            Assert.Equal(("sha256:" + Hash("z"u8), "https"), (stream!.Digest, stream.SourceType));
            Assert.Null(await run.LogDatasetAsync("none", Path.Combine(bench.Home, "none"), cancellationToken: Cancellation));
        }

        var inputs = (await bench.GetAsync(id)).Run.Inputs;
        Assert.Equal(["one", "all", "stream"], inputs.Select(i => i.Dataset.Name).ToList());
        Assert.Equal("training", inputs[0].Tags["context"]);
        Assert.Equal("""{"files":2,"bytes":9}""", inputs[1].Dataset.Profile);
    }

    [Fact]
    public async Task Nested_runs_have_their_parent_and_are_there_when_it_is_disposed()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var ids = new List<string>();
        await using (var parent = await bench.StartAsync())
        {
            ids.Add(parent.Id);
            for (var i = 0; i < 3; i++)
            {
                await using var child = await parent.StartChildAsync($"fold {i}", Bench.Quiet());
                await using var inner = await child.StartChildAsync(options: Bench.Quiet());
                child.Log("auc", i, i);
                ids.Add(child.Id);
                ids.Add(inner.Id);
            }
        }

        Assert.Empty(bench.Outboxes);
        var children = (await bench.GetAsync(ids[0])).Children;
        Assert.Equal(["fold 0", "fold 1", "fold 2"], children.Select(c => c.Name).Order(StringComparer.Ordinal).ToList());
        Assert.All(children, c => Assert.Equal(RunStatuses.Finished, c.Status));
        Assert.Equal(ids[1], (await bench.GetAsync(ids[2])).Run.Info.ParentId);
    }

    [Fact]
    public async Task A_run_is_resumed_by_its_id()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using (var run = await bench.StartAsync(new RunOptions { RunId = "my-run_1", Name = "kept" }))
        {
            run.Log("loss", 3, 1);
            run.Log("counted", 3);
            run.LogParam("p", 1);
        }

        await using (var run = await bench.StartAsync(new RunOptions { RunId = "my-run_1" }))
        {
            Assert.True(await run.FlushAsync(cancellationToken: Cancellation));
            Assert.Equal(RunStatuses.Running, (await bench.GetAsync("my-run_1")).Run.Info.Status);
            run.Log("loss", 2, 2);
            run.Log("counted", 2);
        }

        var details = await bench.GetAsync("my-run_1");
        Assert.Equal(("kept", RunStatuses.Finished, "1"), (details.Run.Info.Name, details.Run.Info.Status, details.Run.Params["p"]));
        Assert.Equal([1m, 2m], (await bench.HistoryAsync("my-run_1", "loss")).Step);
        Assert.Equal([0m, 1m], (await bench.HistoryAsync("my-run_1", "counted")).Step);
    }

    [Fact]
    public async Task A_body_that_throws_leaves_a_failed_run_and_its_exception()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var id = "";
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Client.RunAsync(
            "tests",
            run =>
            {
                id = run.Id;
                throw new InvalidOperationException("boom");
            },
            Bench.Quiet(), Cancellation));
        Assert.Equal("boom", thrown.Message);
        var details = await bench.GetAsync(id);
        Assert.Equal(RunStatuses.Failed, details.Run.Info.Status);
        Assert.Contains("InvalidOperationException: boom", details.Run.Tags["runstone.error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_cancelled_leaves_a_killed_run()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        using var cancel = new CancellationTokenSource();
        var id = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Client.RunAsync(
            "tests",
            async run =>
            {
                id = run.Id;
                await cancel.CancelAsync();
                cancel.Token.ThrowIfCancellationRequested();
            },
            Bench.Quiet(), cancel.Token));
        Assert.Equal(RunStatuses.Killed, (await bench.GetAsync(id)).Run.Info.Status);
    }

    [Fact]
    public async Task Calls_that_make_no_sense_are_told_and_never_throw()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var run = await bench.StartAsync();
        run.Log(null!, 1);
        run.Log("a", 1, decimal.MaxValue);
        run.LogParams(null!);
        run.LogParam("", 1);
        run.LogMetrics(null!);
        run.SetTag(null!, "x");
        run.LogDataset(null!);
        run.EndAs("running");
        await run.DisposeAsync();
        await run.DisposeAsync();
        run.Log("late", 1, 1);
        run.LogText("late.txt", "x");
        run.LogParam("late", 1);
        Assert.Equal(
            [DiagnosticCodes.InvalidCall, DiagnosticCodes.RunHasEnded], bench.Told.Select(t => t.Code).Distinct(StringComparer.Ordinal).ToList());
        Assert.Equal(RunStatuses.Finished, (await bench.GetAsync(run.Id)).Run.Info.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("-a")]
    public async Task A_malformed_run_id_is_an_error_at_the_start(string id)
    {
        await using var bench = new Bench(Nowhere.Address);
        await Assert.ThrowsAsync<ArgumentException>(() => bench.StartAsync(new RunOptions { RunId = id }));
        await Assert.ThrowsAsync<ArgumentException>(() => bench.Client.StartRunAsync(" ", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task The_environment_and_the_load_of_the_machine_are_captured()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using var run = await bench.Client.StartRunAsync(
            "tests", new RunOptions { SystemMetricsInterval = TimeSpan.FromMilliseconds(50) }, Cancellation);
        await Until.TrueAsync(
            async () => await run.FlushAsync(cancellationToken: Cancellation)
                && (await bench.GetAsync(run.Id)) is { Environment: not null } details
                && details.Run.Metrics.TryGetValue("system/cpu_percent", out var cpu) && cpu.Count > 1,
            "environment and load");
        var environment = (await bench.GetAsync(run.Id)).Environment!;
        Assert.Equal((Environment.MachineName, Environment.ProcessId), (environment.Host, environment.ProcessId));
        Assert.NotEmpty(environment.Packages!);
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_costs_the_data_but_not_the_training()
    {
        await using var bench = new Bench(Nowhere.Address);
        var blocked = new TrackingClientOptions { HomeFolder = bench.Files.File("file", ""), Diagnostics = bench.Told.Enqueue };
        await using var client = new TrackingClient(Nowhere.Address, blocked);
        await using (var run = await client.StartRunAsync("tests", cancellationToken: Cancellation))
        {
            run.Log("loss", 1, 1);
            run.LogText("a.txt", "x");
            Assert.Null(run.OutboxFolder);
            Assert.True(run.DroppedCount >= 1);
            Assert.False(await run.FlushAsync(cancellationToken: Cancellation));
        }

        Assert.Contains(bench.Told, t => t.Code is DiagnosticCodes.OutboxUnwritable);
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
