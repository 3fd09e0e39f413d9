using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises of <see cref="Filter"/>, node by node, inside one experiment and over all.</summary>
public abstract class FilterConformance : StoreConformance
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");
    private static readonly Field Lr = new(FieldKind.Param, "lr");
    private static readonly Field Team = new(FieldKind.Tag, "team");

    public static TheoryData<Filter, string> Filters => new()
    {
        { Filter.All, "abcd" },
        { new Filter.Or([]), "" },
        { new Filter.Not(new Filter.Or([])), "abcd" },
        { new Filter.And([Is(Lr, ComparisonOperator.Greater, 0.05), Is(Team, ComparisonOperator.Equal, "Red")]), "a" },
        { new Filter.Or([Is(Lr, ComparisonOperator.Greater, 0.05), Is(Team, ComparisonOperator.Contains, "GRÜN")]), "ab" },

        // A metric: NaN is a value that no comparison but != is true of.
        { Is(Loss, ComparisonOperator.Equal, 0.5), "a" },
        { Is(Loss, ComparisonOperator.NotEqual, 0.5), "bc" },
        { new Filter.Not(Is(Loss, ComparisonOperator.Equal, 0.5)), "bcd" },
        { Is(Loss, ComparisonOperator.Less, 1), "a" },
        { Is(Loss, ComparisonOperator.LessOrEqual, 0.5), "a" },
        { Is(Loss, ComparisonOperator.Greater, 1e300), "b" },
        { Is(Loss, ComparisonOperator.GreaterOrEqual, double.PositiveInfinity), "b" },
        { Is(Loss, ComparisonOperator.Equal, double.NaN), "" },
        { Is(Loss, ComparisonOperator.NotEqual, double.NaN), "abc" },
        { new Filter.Exists(Loss), "abc" },
        { new Filter.Not(new Filter.Exists(Loss)), "d" },
        { Is(Loss with { Aggregate = MetricAggregate.Min }, ComparisonOperator.Equal, 0.25), "a" },
        { Is(Loss with { Aggregate = MetricAggregate.Max }, ComparisonOperator.GreaterOrEqual, 7), "ab" },
        { Is(Loss with { Aggregate = MetricAggregate.Min }, ComparisonOperator.NotEqual, 0.25), "b" },

        // A param read as a number, or as a text.
        { Is(Lr, ComparisonOperator.Equal, 0.1), "a" },
        { Is(Lr, ComparisonOperator.Equal, "0.10"), "a" },
        { Is(Lr, ComparisonOperator.Equal, "0.1"), "" },
        { Is(Lr, ComparisonOperator.NotEqual, 0.1), "b" },
        { Is(Lr, ComparisonOperator.NotEqual, "0.10"), "bc" },
        { Is(Lr, ComparisonOperator.Less, "a"), "ab" },
        { Is(Lr, ComparisonOperator.Less, 1), "ab" },
        { new Filter.Exists(Lr), "abc" },
        { new Filter.In(Lr, ["0.10", "auto", "other"], false), "ac" },
        { new Filter.In(Lr, ["0.10"], true), "bc" },
        { new Filter.In(Lr, [], false), "" },
        { new Filter.In(Lr, [], true), "abc" },

        // Tags and patterns.
        { Is(Team, ComparisonOperator.Equal, "red"), "" },
        { Is(Team, ComparisonOperator.Like, "R%"), "a" },
        { Is(Team, ComparisonOperator.Like, "r%"), "" },
        { Is(Team, ComparisonOperator.ILike, "r%"), "a" },
        { Is(Team, ComparisonOperator.Like, "_ed"), "a" },
        { Is(Team, ComparisonOperator.Like, "___"), "a" },
        { Is(Team, ComparisonOperator.Like, "%"), "abc" },
        { Is(Team, ComparisonOperator.ILike, "grÜn%"), "b" },
        { Is(Team, ComparisonOperator.Like, "100%_\\%"), "c" },
        { Is(Team, ComparisonOperator.Contains, "%_\\"), "c" },
        { Is(Team, ComparisonOperator.Contains, "ÜN🦊"), "b" },
        { Is(Team, ComparisonOperator.Like, "grün_"), "b" },
        { Is(Team, ComparisonOperator.Greater, "Red"), "b" },

        // Attributes.
        { Is(Attribute(RunFields.Id), ComparisonOperator.Equal, "a"), "a" },
        { new Filter.In(Attribute(RunFields.Id), ["a", "d", "x"], false), "ad" },
        { new Filter.In(Attribute(RunFields.Id), ["a", "d", "x"], true), "bc" },
        { Is(Attribute(RunFields.Name), ComparisonOperator.ILike, "%RUN B"), "b" },
        { Is(Attribute(RunFields.User), ComparisonOperator.Equal, "ada"), "a" },
        { Is(Attribute(RunFields.Status), ComparisonOperator.Equal, "finished"), "b" },
        { Is(Attribute(RunFields.Status), ComparisonOperator.NotEqual, "running"), "bc" },
        { new Filter.In(Attribute(RunFields.Status), ["failed", "finished"], false), "bc" },
        { Is(Attribute(RunFields.StartTime), ComparisonOperator.GreaterOrEqual, 3), "cd" },
        { Is(Attribute(RunFields.EndTime), ComparisonOperator.Less, 100), "b" },
        { new Filter.Not(Is(Attribute(RunFields.EndTime), ComparisonOperator.Less, 100)), "acd" },
        { Is(Attribute(RunFields.Duration), ComparisonOperator.Equal, 18), "b" },
        { new Filter.Exists(Attribute(RunFields.EndTime)), "b" },
        { Is(Attribute(RunFields.Parent), ComparisonOperator.Equal, "p"), "c" },
        { Is(Attribute(RunFields.Parent), ComparisonOperator.NotEqual, "x"), "c" },
        { Is(Attribute(RunFields.ArtifactUri), ComparisonOperator.Like, "s3:%"), "d" },
        { Is(Attribute(RunFields.Experiment), ComparisonOperator.Equal, 0), "abcd" },

        // Datasets: one of them suffices.
        { Is(Dataset(DatasetFields.Name), ComparisonOperator.Equal, "adult"), "a" },
        { Is(Dataset(DatasetFields.Digest), ComparisonOperator.Like, "sha%"), "ab" },
        { Is(Dataset(DatasetFields.Context), ComparisonOperator.Equal, "training"), "a" },
        { Is(Dataset(DatasetFields.Context), ComparisonOperator.Equal, "testing"), "b" },
        { new Filter.Exists(Dataset(DatasetFields.Name)), "ab" },
        { new Filter.In(Dataset(DatasetFields.Name), ["iris", "penguins"], false), "a" },

        // Free text: the name, tag values, the notes.
        { new Filter.Text("run B"), "b" },
        { new Filter.Text("grün"), "b" },
        { new Filter.Text("NOTED"), "d" },
        { new Filter.Text("%"), "c" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_finds_exactly(Filter filter, string expected)
    {
        await WriteRunsAsync();
        var query = new RunQuery { Filter = filter, OrderBy = [new Ordering(Attribute(RunFields.Id))], Columns = RunProjection.Nothing };

        Assert.Equal(expected, await FindAsync(query));
        Assert.Equal(expected, await FindAsync(query with { ExperimentIds = [0] }));
        Assert.Equal(expected, await FindAsync(query with { ExperimentIds = [0, 1] }));
        Assert.Equal(expected, string.Concat((await FindAsync(query with { ExperimentIds = [0], OrderBy = [new Ordering(Loss)] })).Order()));
        Assert.Equal(expected.Length, await Store.Runs.CountAsync(query, 100, Token));
    }

    [Fact]
    public async Task Notes_are_a_text_with_a_value_when_there_are_some()
    {
        await WriteRunsAsync();
        var notes = Attribute(RunFields.Notes);

        Assert.Equal(["d"], await base.FindAsync(Is(notes, ComparisonOperator.Contains, "noted")));
        Assert.Equal(["c", "b", "a"], await base.FindAsync(new Filter.Not(new Filter.Exists(notes))));
    }

    [Fact]
    public async Task Long_values_are_compared_beyond_the_part_that_is_indexed()
    {
        var start = new string('é', 128);
        await CommitAsync(Create("a") with { Params = [new("p", start + "a")] }, Create("b") with { Params = [new("p", start + "b")] }, Create("c") with { Params = [new("p", start)] });

        Assert.Equal(["b"], await base.FindAsync(Is(new Field(FieldKind.Param, "p"), ComparisonOperator.Equal, start + "b")));
        Assert.Equal(["c"], await base.FindAsync(Is(new Field(FieldKind.Param, "p"), ComparisonOperator.Equal, start)));
        Assert.Equal(["b"], await base.FindAsync(Is(new Field(FieldKind.Param, "p"), ComparisonOperator.Greater, start + "a")));
    }

    [Fact]
    public async Task A_filter_that_makes_no_sense_is_refused()
    {
        await RejectedAsync(Is(Loss, ComparisonOperator.Equal, "text"));
        await RejectedAsync(Is(Attribute(RunFields.Name), ComparisonOperator.Equal, 1));
        await RejectedAsync(Is(Attribute("nothing"), ComparisonOperator.Equal, 1));
        await RejectedAsync(Is(Dataset("nothing"), ComparisonOperator.Equal, "x"));
        await RejectedAsync(Is(Lr, ComparisonOperator.Like, 1));
        await RejectedAsync(new Filter.In(Loss, ["x"], false));
    }

    [Fact]
    public async Task A_filter_without_end_is_refused()
    {
        var deep = Filter.All;
        for (var i = 0; i < 5000; i++)
            deep = new Filter.Not(deep);
        var wide = new Filter.Or([.. Enumerable.Repeat<Filter>(Is(Lr, ComparisonOperator.Equal, "1"), 2000)]);
        var many = new Filter.In(Attribute(RunFields.Id), [.. Enumerable.Range(0, 50_000).Select(i => $"r{i}")], false);

        Assert.Equal(ErrorCode.TooLarge, (await Assert.ThrowsAsync<RunstoneException>(() => base.FindAsync(deep))).Error.Code);
        Assert.Equal(ErrorCode.TooLarge, (await Assert.ThrowsAsync<RunstoneException>(() => base.FindAsync(wide))).Error.Code);
        Assert.Empty(await base.FindAsync(many));
        Assert.Empty(await base.FindAsync(new Filter.And([.. Enumerable.Repeat<Filter>(Is(Loss, ComparisonOperator.NotEqual, 1), 490)])));
    }

    [Fact]
    public async Task Hostile_texts_are_values()
    {
        await WriteRunsAsync();
        const string Hostile = "x'; drop table runs; --\" or 1=1 %s @p0 ?1";

        Assert.Empty(await base.FindAsync(Is(new Field(FieldKind.Param, Hostile), ComparisonOperator.Equal, Hostile)));
        Assert.Empty(await base.FindAsync(new Filter.In(Attribute(RunFields.Id), [Hostile], false)));
        Assert.Equal(4, (await base.FindAsync(Filter.All, new Ordering(new Field(FieldKind.Tag, Hostile)))).Length);
    }

    private async Task WriteRunsAsync()
    {
        var adult = new Dataset("adult", "sha256:1", "local", "a");
        var penguins = new Dataset("penguins", "md5:2", "local", "b");
        await CommitAsync(
            Named("a", 1, r => r with { User = "ada" }) with
            {
                Metrics = Points(("loss", 0, 0, 7), ("loss", 1, 0, 0.25), ("loss", 2, 0, 0.5)),
                Params = [new("lr", "0.10")],
                Tags = [new("team", "Red")],
                Inputs = [new(adult, [new("context", "training")]), new(penguins, [])],
            },
            Named("b", 2) with
            {
                Metrics = Points(("loss", 0, 0, double.PositiveInfinity)),
                Params = [new("lr", "1e-2")],
                Tags = [new("team", "grün🦊")],
                Inputs = [new(adult with { Name = "other" }, [new("tool.data.context", "testing")])],
                Patch = new RunPatch { Status = RunStatus.Finished, EndTime = 20 },
            },
            Named("c", 3, r => r with { ParentId = "p", Status = RunStatus.Failed }) with
            {
                Metrics = Points(("loss", 0, 0, double.NaN)),
                Params = [new("lr", "auto")],
                Tags = [new("team", "100%_\\%")],
            },
            Named("d", 4, r => r with { ArtifactUri = "s3://b", Notes = "# Noted\n" }));
    }

    private static IngestBatch Named(string id, long start, Func<NewRun, NewRun>? change = null)
    {
        var run = new NewRun(0) { Name = "run " + id, StartTime = start };
        return new IngestBatch(id) { Create = change is null ? run : change(run) };
    }

    private async Task RejectedAsync(Filter filter)
    {
        var e = await Assert.ThrowsAsync<RunstoneException>(() => base.FindAsync(filter));
        Assert.Equal(ErrorCode.Invalid, e.Error.Code);
    }

    private async Task<string> FindAsync(RunQuery query) =>
        string.Concat((await Store.Runs.SearchAsync(query, Token)).Items.Select(r => r.Run.Id));

    private static Field Attribute(string key) => new(FieldKind.Attribute, key);

    private static Field Dataset(string key) => new(FieldKind.Dataset, key);

    private static Filter.Compare Is(Field field, ComparisonOperator op, string value) => new(field, op, Literal.Of(value));

    private static Filter.Compare Is(Field field, ComparisonOperator op, double value) => new(field, op, Literal.Of(value));
}
