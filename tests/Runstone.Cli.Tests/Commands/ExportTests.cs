using System.Text.Json;
using Runstone.Protocol;

namespace Runstone.Cli.Tests.Commands;

public sealed class ExportTests(SampleServer server)
{
    [Fact]
    public async Task Csv_has_every_value_of_every_run()
    {
        var rows = CsvReader.Read((await server.RunAsync("runs", "export", "-e", "census", "--order-by", "name")).Ok().Out);
        Assert.Equal(
            "run_id,experiment_id,name,status,user,start_time,end_time,duration,parent_id,lifecycle,updated_at,params.lr,params.model,params.note,metrics.auc,tags.team",
            string.Join(',', rows[0]));
        Assert.Equal(4, rows.Count);
        Assert.All(rows, r => Assert.Equal(rows[0].Count, r.Count));
        var (broken, forest, linear) = (Named(rows, 1), Named(rows, 2), Named(rows, 3));
        Assert.Equal(("broken-1", "0.10", "Infinity", ""), (broken["run_id"], broken["params.lr"], broken["metrics.auc"], broken["params.note"]));
        Assert.Equal(("a,b \"c\"\nd", "0.95", "90000"), (forest["params.note"], forest["metrics.auc"], forest["duration"]));
        Assert.Equal("größer 数", linear["params.note"]);
        Assert.Equal(SampleServer.Start, DateTimeOffset.Parse(forest["start_time"], System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Csv_has_the_columns_asked_for()
    {
        var run = (await server.RunAsync("runs", "export", "status = 'finished'", "-e", "census", "--order-by", "name", "--columns", "name,metrics.auc:min,tags.team")).Ok();
        Assert.Equal("name,metrics.auc:min,tags.team\nthe forest-1,0.91,blue\nthe linear-1,0.81,blue\n", run.Out);
    }

    [Fact]
    public async Task Json_lines_hold_the_runs_of_the_protocol()
    {
        var run = (await server.RunAsync("runs", "export", "-e", "census", "--order-by", "name", "--format", "jsonl")).Ok();
        var runs = run.Lines.Select(l => JsonSerializer.Deserialize(l, RunstoneJson.Default.RunRow)!).ToArray();
        Assert.Equal("broken-1 forest-1 linear-1", string.Join(' ', runs.Select(r => r.Info.Id)));
        Assert.Equal(double.PositiveInfinity, runs[0].Metrics["auc"].Last);
        Assert.Equal("blue", runs[0].Tags["team"]);
    }

    [Fact]
    public async Task History_has_every_point()
    {
        var run = (await server.RunAsync("runs", "export", "-e", "census", "--order-by", "name", "--history")).Ok();
        var rows = CsvReader.Read(run.Out);
        Assert.Equal(["run_id", "key", "step", "time", "value"], rows[0]);
        Assert.Equal(7, rows.Count);
        Assert.Equal(["broken-1", "auc", "0.5", "2026-02-02T04:40:00.000Z", "NaN"], rows[1]);
        Assert.Equal(["forest-1", "auc", "1.5", "2026-02-02T02:40:00.001Z", "0.95"], rows[4]);
    }

    [Fact]
    public async Task History_as_json_lines_has_the_same_points()
    {
        var run = (await server.RunAsync("runs", "export", "name = 'the broken-1'", "--history", "--columns", "metrics.auc", "--format", "jsonl")).Ok();
        var points = run.Lines.Select(l => JsonSerializer.Deserialize(l, CliJson.Default.PointLine)!).ToArray();
        Assert.Equal([(0.5m, double.NaN), (1.5m, double.PositiveInfinity)], points.Select(p => (p.Step, p.Value)));
        Assert.StartsWith("{\"runId\":\"broken-1\",\"key\":\"auc\",\"step\":0.5,\"time\":1770007200000,\"value\":\"NaN\"}", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_has_points_of_metrics_only() =>
        (await server.RunAsync("runs", "export", "--history", "--columns", "metrics.auc,params.lr")).Failed(2, "params.lr");

    [Fact]
    public async Task A_file_holds_what_standard_output_would()
    {
        using var folder = new TemporaryFolder();
        var expected = await server.RunAsync("runs", "export", "-e", "census", "--format", "jsonl");
        var run = (await server.RunAsync("runs", "export", "-e", "census", "-o", folder["runs.jsonl"])).Ok();
        Assert.Empty(run.OutBytes);
        Assert.Equal(expected.Out, await File.ReadAllTextAsync(folder["runs.jsonl"]));
        Assert.Equal([folder["runs.jsonl"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_file_is_replaced_only_when_told_to()
    {
        using var folder = new TemporaryFolder();
        folder.Write("runs.csv", [1]);
        (await server.RunAsync("runs", "export", "-o", folder["runs.csv"])).Failed(1, "--force");
        Assert.Equal([1], await File.ReadAllBytesAsync(folder["runs.csv"]));
        (await server.RunAsync("runs", "export", "-o", folder["runs.csv"], "--force")).Ok();
        Assert.StartsWith("run_id,", await File.ReadAllTextAsync(folder["runs.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_export_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        (await server.RunAsync("runs", "export", "metrics.", "-o", folder["runs.csv"])).Failed(2, "column");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static Dictionary<string, string> Named(IReadOnlyList<IReadOnlyList<string>> rows, int row) =>
        rows[0].Zip(rows[row]).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
}
