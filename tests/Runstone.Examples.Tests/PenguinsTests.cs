using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Runstone.Client;
using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Examples.Tests;

/// <summary>The example as a newcomer runs it, against a real server: everything it says it logs must be there afterwards.</summary>
public sealed class PenguinsTests : IDisposable
{
    private const int Candidates = 6;
    private const int Folds = 5;

    private readonly string _home = Directory.CreateTempSubdirectory("runstone-example-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Penguins_are_trained_and_logged()
    {
        var data = Path.Combine(Setting("RepositoryRoot"), "examples", "Penguins", "data", "penguins.csv");
        await using var server = await RunningServer.StartAsync();
        await RunExampleAsync(server, "--epochs", "16");
        await CheckAsync(server, "palmer-penguins", data, epochs: 16, classes: 3, leastAccuracy: 0.9);
    }

    [Fact]
    public async Task The_adult_census_is_trained_and_logged_the_same_way()
    {
        var data = SharedFolder.Require("data", "adult", "adult.data");
        await using var server = await RunningServer.StartAsync();
        await RunExampleAsync(server, "--epochs", "8", "--dataset", "adult", "--data", data);
        await CheckAsync(server, "adult-census", data, epochs: 8, classes: 2, leastAccuracy: 0.8);
    }

    [Fact]
    public async Task A_wrong_option_is_explained()
    {
        await using var server = await RunningServer.StartAsync();
        var (code, errors) = await StartExampleAsync(server, "--dataset", "adult");
        Assert.Equal(2, code);
        Assert.Contains("--data", errors, StringComparison.Ordinal);
    }

    private static async Task CheckAsync(RunningServer server, string experiment, string data, int epochs, int classes, double leastAccuracy)
    {
        await using var client = new TrackingClient(server.Address);
        var found = await client.Experiments.FindByNameAsync(experiment);
        var page = await client.Runs.SearchPageAsync(new SearchRunsRequest { ExperimentIds = [found!.Id] });
        Assert.Equal(Candidates + 1, page.Runs.Count);
        Assert.All(page.Runs, r => Assert.Equal(RunStatuses.Finished, r.Info.Status));

        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(data)));
        Assert.All(page.Runs, r => Assert.Equal(digest, Assert.Single(r.Inputs).Dataset.Digest));

        var parent = Assert.Single(page.Runs, r => r.Info.ParentId is null);
        Assert.Equal(epochs.ToString(CultureInfo.InvariantCulture), parent.Params["epochs"]);
        foreach (var child in page.Runs.Where(r => r.Info.ParentId is not null))
        {
            Assert.Equal(parent.Info.Id, child.Info.ParentId);
            await CheckCandidateAsync(client, child, classes);
            await CheckMediaAsync(server, child, classes);
        }

        Assert.InRange(parent.Metrics["best/test_accuracy"].Last, leastAccuracy, 1);
        Assert.Contains(page.Runs, r => string.Equals(r.Info.Name, parent.Tags["best"], StringComparison.Ordinal));
        var details = await client.Runs.GetAsync(parent.Info.Id);
        Assert.Equal(Candidates, details.Children.Count);
        Assert.True(details.Environment!.Packages!.ContainsKey("Microsoft.ML"), "The packages of the program are recorded.");
    }

    private static async Task CheckCandidateAsync(TrackingClient client, RunRow run, int classes)
    {
        Assert.True(run.Params.ContainsKey("trainer"), "The trainer is a param.");
        var folds = await client.Metrics.GetHistoryAsync(run.Info.Id, "cv/accuracy");
        Assert.Equal([0, 1, 2, 3, 4], folds.Step);
        Assert.Equal(Folds, run.Metrics["cv/log_loss"].Count);
        Assert.Equal(run.Metrics["cv_mean/accuracy"].Last, folds.Value.Average(), 12);

        var loss = await client.Metrics.GetHistoryAsync(run.Info.Id, "train/log_loss");
        Assert.True(loss.Value.Count >= 2, "The learning curve has at least two points.");
        // More trees of a random forest vary less, they do not fit closer.
        if (!string.Equals(run.Params["trainer"], "FastForest", StringComparison.Ordinal))
            Assert.True(loss.Value[^1] < loss.Value[0], $"The training loss of {run.Info.Name} does not fall: {loss.Value[0]} to {loss.Value[^1]}.");
        Assert.Equal(run.Metrics["test/accuracy"].Last, run.Metrics["validation/accuracy"].Last, 12);

        var files = await client.Artifacts.ListAllAsync(run.Info.Id).Select(f => f.Path).ToListAsync();
        Assert.Contains("model/model.zip", files, StringComparer.Ordinal);
        await using var csv = await client.Artifacts.OpenReadAsync(run.Info.Id, "confusion_matrix.csv");
        using var reader = new StreamReader(csv);
        var rows = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(classes + 1, rows.Length);
        CheckAccuracy(rows, run.Metrics["test/accuracy"].Last);
    }

    private static async Task CheckMediaAsync(RunningServer server, RunRow run, int classes)
    {
        var path = $"/api/v1/runs/{run.Info.Id}/media";
        var keys = JsonDocument.Parse(await server.Client.GetStringAsync(path)).RootElement;
        Assert.Equal<string[]>(
            ["test/confusion confusion-matrix", "test/pr pr", "test/roc roc"],
            [.. keys.EnumerateArray().Select(k => $"{k.GetProperty("key")} {k.GetProperty("type")}")]);
        var roc = JsonDocument.Parse(await server.Client.GetStringAsync(path + "/items?key=test/roc")).RootElement.GetProperty("items")[0].GetProperty("data");
        Assert.Equal(classes, roc.GetProperty("curves").GetArrayLength());
        Assert.All(roc.GetProperty("curves").EnumerateArray(), curve => Assert.InRange(curve.GetProperty("auc").GetDouble(), 0.7, 1));
    }

    // The accuracy that was logged is the share of the diagonal.
    private static void CheckAccuracy(string[] rows, double accuracy)
    {
        var counts = rows.Skip(1).Select(r => r.Split(',')[1..^1].Select(c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var right = counts.Select((row, i) => row[i]).Sum();
        Assert.Equal(right / counts.Sum(r => r.Sum()), accuracy, 9);
    }

    private async Task RunExampleAsync(RunningServer server, params string[] args)
    {
        var (code, errors) = await StartExampleAsync(server, args);
        Assert.True(code == 0, errors);
    }

    private async Task<(int Code, string Errors)> StartExampleAsync(RunningServer server, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Setting("RepositoryRoot"),
        };
        start.ArgumentList.Add(Setting("PenguinsProgram"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        start.Environment["RUNSTONE_TRACKING_URI"] = server.Address;
        start.Environment["RUNSTONE_HOME"] = _home;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await errors + await output);
    }

    private static string Setting(string name) =>
        typeof(PenguinsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => string.Equals(a.Key, name, StringComparison.Ordinal)).Value!;
}
