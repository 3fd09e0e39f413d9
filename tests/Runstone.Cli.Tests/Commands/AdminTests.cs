using System.Diagnostics;
using System.Text.Json;
using Runstone.Cli.Errors;
using Runstone.Client;
using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Cli.Tests.Commands;

/// <summary>Whole stores by the command line: what it prints, returns, and survives.</summary>
public sealed class AdminTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_is_checked_collected_backed_up_restored_and_copied()
    {
        await FillAsync(Data, 3);
        var check = (await CliRun.Async("admin", "check", "--data", Data)).Ok();
        Assert.Contains("3 runs, 3 log rows, 0 chunks, 300 points, 3 series, 0 console lines", check.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing is wrong.", check.Out, StringComparison.Ordinal);

        Assert.Contains("Nothing is to be removed.", (await CliRun.Async("admin", "gc", "--data", Data)).Ok().Out, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var gc = (await CliRun.Async("admin", "gc", "--data", Data, "--grace", "0m")).Ok();
            Assert.Contains("1 unused blob (7 B); --delete removes them", gc.Out, StringComparison.Ordinal);
            Assert.Equal(4, Directory.EnumerateFiles(Path.Combine(Data, "blobs"), "*", SearchOption.AllDirectories).Count());
        }

        using var removed = JsonDocument.Parse((await CliRun.Async("admin", "gc", "--data", Data, "--grace", "0m", "--delete", "--json")).Ok().OutBytes);
        Assert.Equal(1, removed.RootElement.GetProperty("unused").GetInt64());
        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(Data, "blobs"), "*", SearchOption.AllDirectories).Count());

        var backup = (await CliRun.Async("admin", "backup", "--data", Data, "--to", _folder["backup"])).Ok();
        Assert.Contains("3 blobs", backup.Out, StringComparison.Ordinal);
        var restore = (await CliRun.Async("admin", "restore", "--from", _folder["backup"], "--to", _folder["restored"])).Ok();
        Assert.Contains("Complete: counts and hashes of both sides are equal.", restore.Out, StringComparison.Ordinal);
        using var copied = JsonDocument.Parse((await CliRun.Async("admin", "copy", "--from", _folder["restored"], "--to", _folder["copy"], "--json")).Ok().OutBytes);
        Assert.True(copied.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal(3, copied.RootElement.GetProperty("runsCopied").GetInt64());
    }

    [Fact]
    public async Task What_is_wrong_has_its_exit_code()
    {
        (await CliRun.Async("admin", "check", "--data", Data)).Failed(ExitCode.NotFound, "There is no store at");
        (await CliRun.Async("admin", "gc", "--delete", "--data", Data)).Failed(ExitCode.NotFound, "There is no store at");
        Assert.False(Directory.Exists(Data));
        (await CliRun.Async("admin", "restore", "--from", Data, "--to", _folder["x"])).Failed(ExitCode.NotFound, "holds no complete backup");
        (await CliRun.Async("admin", "gc", "--grace", "soon")).Failed(ExitCode.Usage, "--grace: allowed is a whole number followed by m, h or d");
        (await CliRun.Async("admin", "copy", "--from", "Host=x", "--to", Data)).Failed(ExitCode.Usage, "--from-blobs: it is needed with a database");
        (await CliRun.Async("admin", "check", "--data", Data, "--blobs-style", "odd")).Failed(ExitCode.Usage, "--blobs-style: 'odd' is not allowed");

        await FillAsync(Data, 1);
        await FillAsync(_folder["other"], 1);
        (await CliRun.Async("admin", "copy", "--from", Data, "--to", _folder["other"])).Failed(ExitCode.Refused, "is not empty");
        Directory.Delete(Path.Combine(Data, "blobs"), recursive: true);
        var check = await CliRun.Async("admin", "check", "--data", Data);
        Assert.Equal(ExitCode.Failure, check.ExitCode);
        Assert.Contains("is missing; 'model.bin' of run run-0 refers to it", check.Out, StringComparison.Ordinal);
        Assert.Contains($"There is no content in '{Data}' at all", check.Out, StringComparison.Ordinal);
        Assert.Contains("2 findings.", check.Out, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task What_is_no_store_or_cannot_be_used_is_told_by_name_with_its_exit_code()
    {
        await FillAsync(Data, 1);
        Directory.CreateDirectory(_folder["text"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["text"], "runstone.db"), new string('x', 10_000), Token);
        foreach (var work in (string[][])[["gc", "--data", _folder["text"]], ["backup", "--data", _folder["text"], "--to", _folder["backup"]], ["copy", "--from", Data, "--to", _folder["text"]]])
            (await CliRun.Async(["admin", .. work])).Failed(ExitCode.Unreachable, $"'{Path.Combine(_folder["text"], "runstone.db")}' is damaged or is no database of this program");
        var check = await CliRun.Async("admin", "check", "--data", _folder["text"]);
        Assert.Equal(ExitCode.Failure, check.ExitCode);
        Assert.Contains("is damaged or is no database of this program", check.Out, StringComparison.Ordinal);

        (await CliRun.Async("admin", "copy", "--from", Data, "--to", "/proc/runstone")).Failed(ExitCode.Unreachable, "'/proc/runstone' cannot be written");
        (await CliRun.Async("admin", "copy", "--from", Data, "--to", "/proc/runstone")).Failed(ExitCode.Unreachable, "or choose another folder with --to.");
        (await CliRun.Async("admin", "backup", "--data", Data, "--to", "/proc/runstone")).Failed(ExitCode.Unreachable, "or choose another folder with --to.");

        // A backup whose description the system does not give out.
        Directory.CreateDirectory(_folder["backup"]);
        File.CreateSymbolicLink(Path.Combine(_folder["backup"], "backup.json"), "/proc/self/mem");
        (await CliRun.Async("admin", "restore", "--from", _folder["backup"], "--to", _folder["restored"])).Failed(ExitCode.Unreachable, "Give yourself the right to read and write there");
        Assert.False(Directory.Exists(_folder["restored"]));
    }

    [Fact]
    public async Task A_data_folder_in_use_is_checked_copied_and_backed_up_but_nothing_is_removed()
    {
        await using var app = await StartAsync(Data);
        await FillAsync(app.Address, "busy", 2);
        Assert.Contains("Nothing is wrong.", (await CliRun.Async("admin", "check", "--data", Data)).Ok().Out, StringComparison.Ordinal);
        Assert.Contains("Complete", (await CliRun.Async("admin", "copy", "--from", Data, "--to", _folder["copy"])).Ok().Out, StringComparison.Ordinal);
        (await CliRun.Async("admin", "backup", "--data", Data, "--to", _folder["backup"])).Ok();
        (await CliRun.Async("admin", "gc", "--data", Data)).Ok();
        (await CliRun.Async("admin", "gc", "--data", Data, "--delete")).Failed(ExitCode.Unreachable, "is in use by process");
    }

    [Fact]
    public async Task A_copy_that_is_killed_again_and_again_becomes_complete()
    {
        await FillAsync(Data, 40);
        await using var target = await TestStore.CreateAsync();
        var blobs = target.Variables.GetValueOrDefault("RUNSTONE__BLOBS_ENDPOINT") is { } endpoint ? (string[])["--blobs", target.Blobs!, "--blobs-endpoint", endpoint] : [];
        string[] copy = ["admin", "copy", "--from", Data, "--to", target.Database ?? target.Folder!, .. blobs];
        string[] check = ["admin", "check", target.Database is null ? "--data" : "--database", target.Database ?? target.Folder!, .. blobs];
        var random = new Random(7);
        for (var i = 0; i < 8; i++)
        {
            using var child = Start(copy);
            // The copy is somewhere in its work when it is killed; where does not matter.
            await Task.WhenAny(child.WaitForExitAsync(Token), Task.Delay(TimeSpan.FromMilliseconds(200 + random.Next(900)), TimeProvider.System, Token));
            if (!child.HasExited)
                child.Kill();
            await child.WaitForExitAsync(Token);
        }

        var last = (await CliRun.Async(copy)).Ok();
        Assert.Contains("Complete", last.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing is wrong.", (await CliRun.Async(check)).Ok().Out, StringComparison.Ordinal);
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "runstone.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var child = Process.Start(start)!;
        child.OutputDataReceived += (_, _) => { };
        child.ErrorDataReceived += (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return child;
    }

    /// <summary>A server that keeps everything in the folder.</summary>
    private static Task<RunningServer> StartAsync(string data) =>
        RunningServer.StartAsync(TestStore.In(data));

    private static async Task FillAsync(string data, int runs)
    {
        await using var server = await StartAsync(data);
        await FillAsync(server.Address, "census", runs);
    }

    /// <summary>Runs with 100 points and a file each; one of the contents loses its file.</summary>
    private static async Task FillAsync(string address, string experiment, int runs)
    {
        await using var client = new TrackingClient(address);
        for (var i = 0; i < runs; i++)
        {
            var id = $"run-{i}";
            await client.Runs.CreateAsync(new CreateRunRequest { Experiment = experiment, Id = id, Name = id });
            await client.Runs.LogAsync(id, new LogRequest
            {
                Params = new Dictionary<string, string>(StringComparer.Ordinal) { ["lr"] = "0.1" },
                Metrics = new MetricColumns
                {
                    Keys = ["loss"],
                    Key = new int[100],
                    Step = [.. Enumerable.Range(0, 100).Select(s => (decimal)s)],
                    Time = [.. Enumerable.Range(0, 100).Select(s => 1_770_000_000_000L + s)],
                    Value = [.. Enumerable.Range(0, 100).Select(s => 1.0 / (s + 1))],
                },
            });
            if (i == 0)
                await PutAsync(client, id, "model.bin", "content");
            await PutAsync(client, id, "model.bin", $"content {i}");
        }
    }

    private static async Task PutAsync(TrackingClient client, string run, string path, string content)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
        await client.Artifacts.UploadAsync(run, path, stream, cancellationToken: Token);
    }
}
