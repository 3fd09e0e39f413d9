using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises about free text: it is found in what the run has now, by whatever way the engine takes.</summary>
public abstract class RunTextConformance : StoreConformance
{
    [Fact]
    public async Task Text_is_found_where_it_stands_now()
    {
        await WriteAsync(Create("r") with { Tags = [new("a", "Alpha"), new("b", "größte")], Params = [new("p", "param")] });
        await WriteAsync(Create("other") with { Tags = [new("a", "alphabet")] });
        Assert.Equal("other r", await FoundAsync("ALPHA"));
        Assert.Equal("r", await FoundAsync("GRÖ"));
        Assert.Equal("", await FoundAsync("param"));

        await WriteAsync(new IngestBatch("r") { Tags = [new("a", "Beta"), new("c", "gamma")] });
        Assert.Equal("other", await FoundAsync("alpha"));
        Assert.Equal("r", await FoundAsync("beta"));
        Assert.Equal("r", await FoundAsync("Gamma"));
        Assert.Equal("r", await FoundAsync("größte"));

        await WriteAsync(new IngestBatch("r") { RemoveTags = ["b", "c"], Patch = new RunPatch { Name = "Renamed ŵ" } });
        Assert.Equal("", await FoundAsync("größte"));
        Assert.Equal("", await FoundAsync("gamma"));
        Assert.Equal("", await FoundAsync("name of r"));
        Assert.Equal("r", await FoundAsync("renamed Ŵ"));
        Assert.Equal("r", await FoundAsync("BETA"));

        await WriteAsync(new IngestBatch("r") { RemoveTags = ["a"], Patch = new RunPatch { Notes = "The Notes, ñ" } });
        Assert.Equal("", await FoundAsync("beta"));
        Assert.Equal("r", await FoundAsync("notes, Ñ"));
        await WriteAsync(new IngestBatch("r") { Patch = new RunPatch { Notes = "" } });
        Assert.Equal("", await FoundAsync("notes"));
        Assert.Equal("other r", await FoundAsync(""));
    }

    [Fact]
    public async Task Text_is_not_found_across_two_texts()
    {
        await WriteAsync(Create("r") with { Tags = [new("a", "one"), new("b", "two")] });
        await WriteAsync(Create("s") with { Tags = [new("a", "one\u001ftwo")] });

        Assert.Equal("", await FoundAsync("onetwo"));
        Assert.Equal("s", await FoundAsync("one\u001ftwo"));
        Assert.Equal("s", await FoundAsync("E\u001fT"));
    }

    [Fact]
    public async Task Text_is_looked_for_in_the_experiments_that_are_asked()
    {
        var second = (await Store.Experiments.CreateAsync(new NewExperiment("second"), Now, Token)).Id;
        await WriteAsync(Create("a"));
        await WriteAsync(Create("b", second));
        await WriteAsync(new IngestBatch("b") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
        await WriteAsync(Create("c", second));

        Assert.Equal("c", await FoundAsync("NAME", second));
        Assert.Equal("a c", await FoundAsync("NAME", 0, second));
        Assert.Equal("a c", await FoundAsync("NAME"));
    }

    /// <summary>By a walk along the runs, by gathering, beside another condition, and counted.</summary>
    private async Task<string> FoundAsync(string text, params long[] experiments)
    {
        var walk = new RunQuery { ExperimentIds = experiments, Filter = new Filter.Text(text), OrderBy = RunFilterParser.ParseOrder(["start_time", "run_id"]) };
        var found = await IdsAsync(walk);
        var gathered = walk with { OrderBy = RunFilterParser.ParseOrder(["name"]) };
        Assert.Equal(found, await IdsAsync(gathered));
        Assert.Equal(found, await IdsAsync(gathered with { Filter = new Filter.And([new Filter.Exists(new Field(FieldKind.Attribute, RunFields.Name)), walk.Filter]) }));
        Assert.Equal(found, await IdsAsync(gathered with { Filter = new Filter.Not(new Filter.Not(walk.Filter)) }));
        Assert.Equal(found, await IdsAsync(walk with { OrderBy = RunFilterParser.ParseOrder(["params.p"]) }));
        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, await Store.Runs.CountAsync(walk, 10, Token));
        return found;
    }

    private async Task<string> IdsAsync(RunQuery query) =>
        string.Join(' ', (await Store.Runs.SearchAsync(query, Token)).Items.Select(r => r.Run.Id).Order(StringComparer.Ordinal));
}
