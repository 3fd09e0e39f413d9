using System.Collections;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Runstone.Cli.Diagnosis;
using Runstone.Client;
using Runstone.Server.Hosting;
using Runstone.Server.Tests;
using Runstone.Storage;
using Runstone.Storage.Postgres;
using Runstone.Storage.Tests.Postgres;

namespace Runstone.Cli.Tests.Commands;

public sealed class DoctorTests(SampleServer server)
{
    [Fact]
    public async Task A_sound_machine_passes()
    {
        using var folder = new TemporaryFolder();
        var run = (await server.RunAsync("doctor", "--home", folder["none"], "--data", folder["none"], "--json")).Ok();
        var findings = run.Array(CliJson.Default.Finding).ToLookup(f => f.Check, f => f.Level, StringComparer.Ordinal);
        foreach (var check in new[] { "server", "versions", "clock", "data folder", "outbox" })
            Assert.All(findings[check].DefaultIfEmpty("missing"), level => Assert.Equal("ok", level));
        foreach (var check in new[] { "environment", "git", "node", "nvidia-smi" })
            Assert.NotEmpty(findings[check]);
    }

    [Fact]
    public async Task Without_a_server_it_fails_and_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var run = await CliRun.Async("doctor", "--server", "http://127.0.0.1:1", "--home", folder["none"], "--data", folder["none"]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("fail  server        no server answers at http://127.0.0.1:1/", run.Out, StringComparison.Ordinal);
        Assert.Contains("→ Start one with 'runstone serve'", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 failure", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task A_folder_in_use_names_the_process()
    {
        using var folder = new TemporaryFolder();
        await using var other = await RunningServer.StartAsync(TestStore.In(folder.Path));
        var message = Assert.Single(FolderCheck.Data(folder.Path), f => f.Message.StartsWith("in use", StringComparison.Ordinal));
        Assert.Equal($"in use by process {Environment.ProcessId}", message.Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_fails()
    {
        using var folder = new TemporaryFolder();
        var finding = FolderCheck.Writable("data folder", folder.Write("file", [1]));
        Assert.Equal("fail", finding.Level);
        Assert.NotNull(finding.Advice);
    }

    [Fact]
    public async Task A_waiting_run_is_told()
    {
        using var home = new TemporaryFolder();
        await using (var client = new TrackingClient("http://127.0.0.1:1", new TrackingClientOptions { HomeFolder = home.Path, DrainTimeout = TimeSpan.Zero, Diagnostics = _ => { } }))
        await using (await client.StartRunAsync("offline", new RunOptions { CaptureEnvironment = false, SystemMetricsInterval = TimeSpan.Zero }))
        {
            Assert.Contains(OutboxCheck.Run(home.Path, TimeProvider.System.GetUtcNow()), f => f.Level == "ok" && f.Message == "nothing waits, 1 run being logged");
        }

        var finding = Assert.Single(OutboxCheck.Run(home.Path, TimeProvider.System.GetUtcNow()), f => f.Level == "warn");
        Assert.StartsWith("1 run of ", finding.Message, StringComparison.Ordinal);
        Assert.Equal("Upload with 'runstone sync'.", finding.Advice);
    }

    [Theory]
    [InlineData("RUNSTONE_TRACKING_URI", "http://127.0.0.1:5000", "ok", "http://127.0.0.1:5000")]
    [InlineData("RUNSTONE_TRACKING_URI", "localhost", "fail", "not the address")]
    [InlineData("RUNSTONE_TRACKING_URL", "http://127.0.0.1:5000", "warn", "means nothing")]
    [InlineData("MLFLOW_TRACKING_URI", "http://me:secret@127.0.0.1", "ok", "http://***@127.0.0.1")]
    [InlineData("RUNSTONE__DATABASE", "Host=a;Password=secret", "ok", "RUNSTONE__DATABASE is set")]
    public void A_variable_is_judged(string name, string value, string level, string said)
    {
        var finding = Assert.Single(EnvironmentCheck.Run(new Hashtable { [name] = value, ["PATH"] = "/bin" }));
        Assert.Equal(level, finding.Level);
        Assert.Contains(said, finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "ok", "agrees")]
    [InlineData(90, "warn", "90 seconds behind")]
    [InlineData(-90, "warn", "90 seconds ahead")]
    public async Task A_clock_that_differs_is_told(int seconds, string level, string said)
    {
        // The machine's clock is moved, not the server's.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddSeconds(seconds));
        var findings = await ServerCheck.RunAsync(options => new TrackingClient(server.Address, options), time, TestContext.Current.CancellationToken);
        var finding = Assert.Single(findings, f => f.Check == "clock");
        Assert.Equal(level, finding.Level);
        Assert.Matches(said.Replace("90", "(89|90|91)", StringComparison.Ordinal), finding.Message);
    }

    [Fact]
    [Trait("Store", "postgres")]
    public async Task A_database_and_a_bucket_are_examined()
    {
        Assert.SkipUnless(TestStore.IsShared, "There is no database: RUNSTONE_TEST_STORE=sqlite.");
        await using var store = await TestStore.CreateAsync();
        var options = store.Apply(new ServerOptions { Data = "" });
        var database = await DatabaseCheck.RunAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
        var said = database.ToLookup(f => f.Check, StringComparer.Ordinal);
        foreach (var check in (string[])["database", "schema", "clock", "connections", "live changes"])
            Assert.All(said[check].DefaultIfEmpty(Finding.Fail(check, "missing", "")), f => Assert.Equal("ok", f.Level));
        var bucket = await BucketCheck.RunAsync(options.ToStorage(), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.All(bucket, f => Assert.Equal("ok", f.Level));
        Assert.Equal(4, bucket.Count);
    }

    [Fact]
    [Trait("Store", "postgres")]
    public async Task Behind_a_pooler_a_direct_address_is_asked_for()
    {
        Assert.SkipUnless(TestStore.IsShared, "There is no database: RUNSTONE_TEST_STORE=sqlite.");
        await using var store = await TestStore.CreateAsync();
        await using var other = await TestStore.CreateAsync();
        var pooler = await PgBouncer.ThroughAsync(store.Database!);
        Assert.Equal("warn", await LiveChangesAsync(pooler, null));
        Assert.Equal("ok", await LiveChangesAsync(pooler, store.Database));
        Assert.Equal("fail", await LiveChangesAsync(pooler, pooler));
        Assert.Equal("fail", await LiveChangesAsync(pooler, other.Database));
    }

    private static async Task<string> LiveChangesAsync(string database, string? listen)
    {
        var options = new ServerOptions
        {
            Data = "",
            Database = DatabaseAddress.Parse(database, out _),
            DatabaseListen = listen is null ? null : DatabaseAddress.Parse(listen, out _),
        };
        var findings = await DatabaseCheck.RunAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
        return Assert.Single(findings, f => f.Check == "live changes").Level;
    }

    [Fact]
    [Trait("Store", "postgres")]
    public async Task A_database_that_lets_nobody_in_is_told_without_the_password()
    {
        Assert.SkipUnless(TestStore.IsShared, "There is no database: RUNSTONE_TEST_STORE=sqlite.");
        await using var store = await TestStore.CreateAsync();
        var options = new ServerOptions { Data = "", Database = DatabaseAddress.Parse(store.Database + ";Password=geheim", out _) };
        var finding = Assert.Single(await DatabaseCheck.RunAsync(options, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal("fail", finding.Level);
        Assert.Contains("refused the user", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_is_judged_by_what_it_says()
    {
        Assert.All(DatabaseCheck.Judge(Sound).Concat(DatabaseCheck.Durability(Sound)), f => Assert.Equal("ok", f.Level));
        AssertFails(Sound with { VersionNumber = 140_009, Version = "14.9" }, "too old");
        AssertFails(Sound with { Encoding = "LATIN1" }, "LATIN1");
        AssertFails(Sound with { IsStandby = true, IsReadOnly = true }, "standby");
        AssertFails(Sound with { IsReadOnly = true }, "read-only");
        AssertFails(Sound with { MayCreateTables = false }, "may not create");
        AssertFails(Sound with { IncompleteCopyOf = "/srv/runstone" }, "an incomplete copy of '/srv/runstone'");
        AssertFails(Sound with { Fsync = false }, "fsync");
        AssertFails(Sound with { FullPageWrites = false }, "full_page_writes");
        AssertFails(Sound with { SynchronousCommit = "off" }, "synchronous_commit");
        Assert.Contains(DatabaseCheck.Judge(Sound with { ClockSkew = TimeSpan.FromSeconds(-90) }), f => f.Level == "warn" && f.Message.Contains("90 seconds behind", StringComparison.Ordinal));
        Assert.Contains(DatabaseCheck.Judge(Sound with { Schema = "9999-later" }), f => f.Level == "warn" && f.Message.Contains("newer", StringComparison.Ordinal));
        Assert.Equal(("ok", "fail"), (DatabaseCheck.Connections(Sound, 96).Level, DatabaseCheck.Connections(Sound, 97).Level));
    }

    [Fact]
    public async Task A_public_address_that_leads_nowhere_is_told()
    {
        var findings = await PublicUrlCheck.RunAsync([new Uri("http://127.0.0.1:1"), new Uri(server.Address)], TestContext.Current.CancellationToken);
        Assert.Equal(("fail", "ok"), (findings[0].Level, findings[1].Level));
    }

    [Fact]
    public async Task Settings_that_the_server_would_refuse_are_told()
    {
        using var folder = new TemporaryFolder();
        var run = await server.RunAsync("doctor", "--home", folder["none"], "--blobs-endpoint", "http://127.0.0.1:1", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Array(CliJson.Default.Finding), f => f is { Check: "settings", Level: "fail" });
    }

    private static readonly DatabaseFacts Sound = new()
    {
        VersionNumber = 150_004,
        Version = "15.4",
        Encoding = "UTF8",
        IsStandby = false,
        IsReadOnly = false,
        MayCreateTables = true,
        User = "runstone",
        IsPooled = false,
        Fsync = true,
        FullPageWrites = true,
        SynchronousCommit = "on",
        MaxConnections = 97,
        Connections = 3,
        Identity = "1/1",
        ClockSkew = TimeSpan.FromMilliseconds(20),
        RoundTrip = TimeSpan.FromMilliseconds(2),
        Schema = DatabaseFacts.NewestSchema,
    };

    private static void AssertFails(DatabaseFacts facts, string said) => Assert.Contains(
        DatabaseCheck.Judge(facts).Concat(DatabaseCheck.Durability(facts)), f => f.Level == "fail" && f.Message.Contains(said, StringComparison.Ordinal));

    [Fact]
    public async Task Something_else_than_a_runstone_server_is_recognised()
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{FreePort()}/");
        listener.Start();
        var answer = AnswerAsync(listener);
        var run = await CliRun.Async("doctor", "--server", listener.Prefixes.First(), "--json");
        await answer;
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Array(CliJson.Default.Finding), f => f is { Check: "server", Level: "fail" } && f.Advice!.Contains("Something else", StringComparison.Ordinal));
    }

    private static async Task AnswerAsync(HttpListener listener)
    {
        var context = await listener.GetContextAsync();
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes("<html>"));
        context.Response.Close();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
