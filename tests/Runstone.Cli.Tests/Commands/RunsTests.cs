using System.Text.Json;
using Runstone.Protocol;

namespace Runstone.Cli.Tests.Commands;

public sealed class RunsTests(SampleServer server)
{
    private const string NewestFirst = "broken-1 linear-1 forest-1";

    [Fact]
    public async Task List_shows_the_newest_first()
    {
        var run = (await server.RunAsync("runs", "list", "-e", "census")).Ok();
        Assert.Matches("^run_id +name +status +start_time +duration +user +experiment", run.Lines[0]);
        Assert.Equal(NewestFirst, string.Join(' ', run.Lines.Skip(1).Select(l => l.Split(' ')[0])));
        Assert.Matches("^broken-1 +the broken-1 +failed +.* +1m 30s +ada +census", run.Lines[1]);
    }

    [Fact]
    public async Task List_writes_the_facts_of_runs_as_json()
    {
        var runs = (await server.RunAsync("runs", "list", "--experiment", "census", "--json")).Ok().Array(RunstoneJson.Default.RunInfo);
        Assert.Equal(NewestFirst, string.Join(' ', runs.Select(r => r.Id)));
        Assert.Equal(SampleServer.Start, runs[2].StartTime);
    }

    [Fact]
    public async Task An_experiment_is_found_by_its_id_too()
    {
        var census = await server.Client.Experiments.FindByNameAsync("census");
        var runs = (await server.RunAsync("runs", "list", "-e", census!.Id, "--json")).Ok().Array(RunstoneJson.Default.RunInfo);
        Assert.Equal(3, runs.Count);
    }

    [Fact]
    public async Task An_unknown_experiment_is_not_found()
    {
        (await server.RunAsync("runs", "list", "-e", "nobody")).Failed(3, "There is no experiment 'nobody'");
        (await server.RunAsync("runs", "list", "-e", "987654")).Failed(3, "There is no experiment '987654'");
    }

    [Fact]
    public async Task Nothing_is_an_empty_array()
    {
        var run = (await server.RunAsync("runs", "search", "params.model = 'none'", "--json")).Ok();
        Assert.Equal("[]\n", run.Out);
    }

    [Fact]
    public async Task Search_filters_and_orders()
    {
        var runs = (await server.RunAsync("runs", "search", "params.model = 'forest' or metrics.auc > 0.8", "--order-by", "name asc", "--json")).Ok()
            .Array(RunstoneJson.Default.RunRow);
        Assert.Equal("broken-1 forest-1 linear-1", string.Join(' ', runs.Select(r => r.Info.Id)));
        Assert.Equal(0.95, runs[1].Metrics["auc"].Last);
        Assert.Equal("a,b \"c\"\nd", runs[1].Params["note"]);
    }

    [Fact]
    public async Task Search_shows_params_and_metrics_of_what_it_found()
    {
        var run = (await server.RunAsync("runs", "search", "status = 'finished'", "-e", "census", "--order-by", "name")).Ok();
        Assert.Matches(@"^run_id +name +status +start_time +duration +params\.model +params\.note +metrics\.auc", run.Lines[0]);
        Assert.Matches("^forest-1 +the forest-1 +finished .* forest +a,b \"c\" d +0.9500", run.Lines[1]);
    }

    [Fact]
    public async Task Search_shows_the_columns_asked_for_in_their_order()
    {
        var run = (await server.RunAsync("runs", "search", "-e", "census", "--order-by", "name", "--columns", "metrics.auc:min,params.lr", "--columns", "run_id")).Ok();
        Assert.Matches(@"^metrics\.auc:min +params\.lr +run_id *$", run.Lines[0]);
        Assert.Matches("^ +Infinity +0.10 +broken-1 *$", run.Lines[1]);
        Assert.Matches("^ +0.9100 +forest-1 *$", run.Lines[2]);
    }

    [Fact]
    public async Task A_bad_filter_names_the_column_and_what_is_expected() =>
        (await server.RunAsync("runs", "search", "metrics.auc < ")).Failed(2, "column 15");

    [Fact]
    public async Task A_bad_order_is_wrong_usage() => (await server.RunAsync("runs", "search", "--order-by", "metrics.auc sideways")).Failed(2, "sideways");

    [Fact]
    public async Task A_bad_column_is_wrong_usage() => (await server.RunAsync("runs", "search", "--columns", "auc")).Failed(2, "there is no column 'auc'");

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task A_table_fits_the_terminal(int width)
    {
        var run = await CliRun.Async(width, "runs", "search", "--server", server.Address);
        Assert.All(run.Lines, l => Assert.InRange(WithoutColors(l).TrimEnd().Length, 1, width));
        Assert.Contains("\u001b[", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_there_is_no_colour() =>
        Assert.DoesNotContain("\u001b", (await server.RunAsync("runs", "search")).Ok().Out, StringComparison.Ordinal);

    [Fact]
    public async Task Show_tells_everything_of_a_run()
    {
        var text = (await server.RunAsync("runs", "show", "forest-1")).Ok().Out;
        foreach (var expected in new[] { "the forest-1", "census (", "finished", "2026-02-02T02:40:00.000Z", "after 1m 30s", "Params (2)", "forest", "Metrics (1)", "0.9500", "1.5", "Tags (1)", "team", "Notes of forest-1" })
            Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_writes_the_details_of_the_protocol_as_json()
    {
        var run = (await server.RunAsync("runs", "show", "broken-1", "--json")).Ok();
        var details = JsonSerializer.Deserialize(run.Out, RunstoneJson.Default.RunDetailsInfo)!;
        Assert.Equal("failed", details.Run.Info.Status);
        Assert.Equal(2, details.Run.Metrics["auc"].Count);
    }

    [Fact]
    public async Task An_unknown_run_is_not_found() => (await server.RunAsync("runs", "show", "missing")).Failed(3, "missing");

    private static string WithoutColors(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*m", "", default, TimeSpan.FromSeconds(1));
}
