using Runstone.Protocol;

namespace Runstone.Cli.Tests.Commands;

public sealed class ExperimentsTests(SampleServer server)
{
    [Fact]
    public async Task List_shows_each_experiment_with_its_runs()
    {
        var run = (await server.RunAsync("experiments", "list")).Ok();
        Assert.Matches(@"^ *id  name +runs  running  failed  last activity +created", run.Lines[0]);
        Assert.Contains(run.Lines, l => System.Text.RegularExpressions.Regex.IsMatch(l, @"^ *\d+  census +3 +0 +1 ", default, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task List_writes_the_experiments_of_the_protocol_as_json()
    {
        var run = (await server.RunAsync("experiments", "list", "name = 'census'", "--json")).Ok();
        var census = Assert.Single(run.Array(RunstoneJson.Default.ExperimentInfo));
        Assert.Equal("census", census.Name);
        Assert.Equal((3, 1), (census.Summary!.Runs, census.Summary.Failed));
    }

    [Fact]
    public async Task A_result_that_is_cut_off_says_so()
    {
        var run = await server.RunAsync("experiments", "list", "--limit", "1", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Array(RunstoneJson.Default.ExperimentInfo));
        Assert.Equal("There are more than 1; --limit <n> or --limit all shows more.\n", run.Error);
    }

    [Fact]
    public async Task A_bad_filter_names_the_column() => (await server.RunAsync("experiments", "list", "name <")).Failed(2, "column");
}
