using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IRunStore"/>, but the filters (<see cref="FilterConformance"/>).</summary>
public abstract class RunConformance : StoreConformance
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");
    private static readonly Field Model = new(FieldKind.Param, "model");

    [Fact]
    public async Task What_is_not_there_is_null_or_empty()
    {
        Assert.Null(await Store.Runs.GetAsync("r", Token));
        Assert.Null(await Store.Runs.GetDetailsAsync("r", Token));
        Assert.Empty(await Store.Runs.ListChildrenAsync("r", Token));
        Assert.Empty((await Store.Runs.SearchAsync(new RunQuery(), Token)).Items);
        Assert.Equal(0, await Store.Runs.CountAsync(new RunQuery(), 10, Token));
    }

    [Fact]
    public async Task The_default_order_is_newest_start_first_then_the_id()
    {
        await CommitAsync(Create("b", start: 5), Create("c", start: 5), Create("a", start: 5), Create("z", start: 9), Create("m", start: -1));

        Assert.Equal(["z", "a", "b", "c", "m"], await FindAsync(Filter.All));
    }

    [Fact]
    public async Task Metric_order_puts_NaN_after_numbers_and_missing_last_in_both_directions()
    {
        await CommitAsync(
            Create("one", start: 1) with { Metrics = Points(("loss", 0, 0, 1)) },
            Create("minus", start: 2) with { Metrics = Points(("loss", 0, 0, double.NegativeInfinity)) },
            Create("plus", start: 3) with { Metrics = Points(("loss", 0, 0, double.PositiveInfinity)) },
            Create("nan", start: 4) with { Metrics = Points(("loss", 0, 0, double.NaN)) },
            Create("none", start: 5),
            Create("tie", start: 6) with { Metrics = Points(("loss", 0, 0, 1)) });

        Assert.Equal(["minus", "tie", "one", "plus", "nan", "none"], await FindAsync(Filter.All, new Ordering(Loss)));
        Assert.Equal(["plus", "tie", "one", "minus", "nan", "none"], await FindAsync(Filter.All, new Ordering(Loss, true)));
        Assert.Equal(["plus", "tie", "one", "minus", "nan", "none"], await FindInAsync([0], Filter.All, new Ordering(Loss, true)));
    }

    [Fact]
    public async Task Orders_by_min_and_max_use_all_values()
    {
        await CommitAsync(
            Create("a") with { Metrics = Points(("loss", 0, 0, 5), ("loss", 1, 0, 1), ("loss", 2, 0, 3)) },
            Create("b") with { Metrics = Points(("loss", 0, 0, 2), ("loss", 1, 0, 9), ("loss", 2, 0, 2)) });

        Assert.Equal(["a", "b"], await FindAsync(Filter.All, new Ordering(Loss with { Aggregate = MetricAggregate.Min })));
        Assert.Equal(["b", "a"], await FindAsync(Filter.All, new Ordering(Loss with { Aggregate = MetricAggregate.Max }, true)));
        Assert.Equal(["b", "a"], await FindInAsync([0], Filter.All, new Ordering(Loss)));
    }

    [Fact]
    public async Task Text_orders_compare_ordinally_and_whole_values()
    {
        var prefix = new string('p', 200);
        await CommitAsync(
            Create("1", start: 1) with { Params = [new("model", prefix + "b")] },
            Create("2", start: 2) with { Params = [new("model", prefix + "a")] },
            Create("3", start: 3) with { Params = [new("model", "Zebra")] },
            Create("4", start: 4) with { Params = [new("model", "ant")] },
            Create("5", start: 5) with { Params = [new("model", "é")] },
            Create("6", start: 6));

        Assert.Equal(["3", "4", "2", "1", "5", "6"], await FindInAsync([0], Filter.All, new Ordering(Model)));
        Assert.Equal(["5", "1", "2", "4", "3", "6"], await FindInAsync([0], Filter.All, new Ordering(Model, true)));
        Assert.Equal(["3", "4", "2", "1", "5", "6"], await FindAsync(Filter.All, new Ordering(Model)));
    }

    [Fact]
    public async Task Several_orders_apply_one_after_the_other()
    {
        await CommitAsync(
            Create("a", start: 1) with { Params = [new("model", "x")], Metrics = Points(("loss", 0, 0, 2)) },
            Create("b", start: 2) with { Params = [new("model", "x")], Metrics = Points(("loss", 0, 0, 1)) },
            Create("c", start: 3) with { Params = [new("model", "w")] },
            Create("d", start: 4) with { Params = [new("model", "x")] });

        var order = new[] { new Ordering(Model, true), new Ordering(Loss), new Ordering(new Field(FieldKind.Attribute, RunFields.Name)) };

        Assert.Equal(["b", "a", "d", "c"], await FindAsync(Filter.All, order));
        Assert.Equal(["b", "a", "d", "c"], await FindInAsync([0], Filter.All, order));
    }

    [Fact]
    public async Task Orders_without_end_are_refused()
    {
        await WriteAsync(Create("a"));
        var orders = Enumerable.Range(0, 100).Select(i => new Ordering(new Field(FieldKind.Metric, $"m{i}"))).ToArray();

        Assert.Equal(ErrorCode.TooLarge, (await Assert.ThrowsAsync<RunstoneException>(() => FindAsync(Filter.All, orders))).Error.Code);
        Assert.Equal(["a"], await FindAsync(Filter.All, orders[..32]));
        Assert.Equal(["a"], await FindInAsync([0], Filter.All, orders[..32]));
    }

    [Theory]
    [InlineData(RunFields.Id)]
    [InlineData(RunFields.Name)]
    [InlineData(RunFields.User)]
    [InlineData(RunFields.Status)]
    [InlineData(RunFields.StartTime)]
    [InlineData(RunFields.EndTime)]
    [InlineData(RunFields.Duration)]
    [InlineData(RunFields.Parent)]
    [InlineData(RunFields.ArtifactUri)]
    [InlineData(RunFields.Experiment)]
    public async Task Every_attribute_orders_with_missing_ones_last(string field)
    {
        var first = new IngestBatch("a") { Create = new NewRun(0) { Name = "a", User = "a", Status = RunStatus.Failed, StartTime = 10, ParentId = "a", ArtifactUri = "a" }, Patch = new RunPatch { EndTime = 20 } };
        var second = new IngestBatch("b") { Create = new NewRun(await ExperimentAsync("e")) { Name = "b", User = "b", Status = RunStatus.Scheduled, StartTime = 11, ParentId = "b", ArtifactUri = "b" }, Patch = new RunPatch { EndTime = 30 } };
        await CommitAsync(first, second, new IngestBatch("c") { Create = new NewRun(9_999) }, Create("c", start: 5));
        var order = new Field(FieldKind.Attribute, field);
        var withoutThird = new Filter.Not(new Filter.Compare(new Field(FieldKind.Attribute, RunFields.Id), ComparisonOperator.Equal, Literal.Of("c")));

        Assert.Equal(["a", "b"], await FindAsync(withoutThird, new Ordering(order)));
        Assert.Equal(["b", "a"], await FindAsync(withoutThird, new Ordering(order, true)));
        if (field is RunFields.EndTime or RunFields.Duration or RunFields.Parent or RunFields.ArtifactUri)
        {
            Assert.Equal(["a", "b", "c"], await FindAsync(Filter.All, new Ordering(order)));
            Assert.Equal(["b", "a", "c"], await FindAsync(Filter.All, new Ordering(order, true)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_of_an_order_join_to_the_whole(bool oneExperiment)
    {
        var batches = Enumerable.Range(0, 23).Select(i =>
            Create($"r{i:D2}", start: i) with { Metrics = i % 3 == 0 ? Core.Metrics.MetricBatch.Empty : Points(("loss", 0, 0, i % 3 == 1 ? double.NaN : i % 5)) });
        await CommitAsync([.. batches]);
        var query = new RunQuery { ExperimentIds = oneExperiment ? [0] : [], OrderBy = [new Ordering(Loss)], Limit = 50 };
        var whole = await Store.Runs.SearchAsync(query, Token);
        Assert.False(whole.HasMore);
        Assert.Equal(23, whole.Items.Count);

        foreach (var limit in new[] { 1, 4, 7, 23 })
        {
            var joined = new List<string>();
            for (var offset = 0; offset < 23; offset += limit)
            {
                var page = await Store.Runs.SearchAsync(query with { Limit = limit, Offset = offset }, Token);
                Assert.Equal(offset + limit < 23, page.HasMore);
                joined.AddRange(page.Items.Select(r => r.Run.Id));
            }

            Assert.Equal<string[]>([.. whole.Items.Select(r => r.Run.Id)], [.. joined]);
        }

        Assert.Empty((await Store.Runs.SearchAsync(query with { Offset = 23 }, Token)).Items);
    }

    [Fact]
    public async Task A_search_looks_in_the_experiments_and_stages_it_names()
    {
        var (one, two) = (await ExperimentAsync("one"), await ExperimentAsync("two"));
        await CommitAsync(
            Create("a", one), Create("b", two), Create("c"),
            Create("d", one) with { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });

        Assert.Equal(["a"], await FindInAsync([one], Filter.All));
        Assert.Equal(["a", "b"], await FindInAsync([one, two, 4711], Filter.All));
        Assert.Equal(["a", "b", "c"], await FindAsync(Filter.All));
        Assert.Equal(["d"], await IdsAsync(new RunQuery { Lifecycle = LifecycleView.Deleted }));
        Assert.Equal(["a", "d"], await IdsAsync(new RunQuery { ExperimentIds = [one], Lifecycle = LifecycleView.All }));
    }

    [Fact]
    public async Task What_is_archived_is_found_where_it_is_asked_for()
    {
        var (kept, away) = (await ExperimentAsync("kept"), await ExperimentAsync("away"));
        var put = new RunPatch { Lifecycle = Lifecycle.Archived };
        await CommitAsync(Create("a", kept), Create("b", kept) with { Patch = put }, Create("c", away), Create("d", away) with { Patch = put });
        await Store.Experiments.UpdateAsync(away, new ExperimentPatch { Lifecycle = Lifecycle.Archived }, Now, Token);

        Assert.Equal(["a"], await FindInAsync([kept], Filter.All));
        Assert.Equal(["c"], await FindInAsync([away], Filter.All));
        Assert.Equal(["a"], await FindAsync(Filter.All));
        Assert.Equal(1, await Store.Runs.CountAsync(new RunQuery(), 10, Token));
        Assert.Equal(["b", "d"], await IdsAsync(new RunQuery { Lifecycle = LifecycleView.Archived }));
        Assert.Equal(["a", "b", "c", "d"], await IdsAsync(new RunQuery { Lifecycle = LifecycleView.All }));
        Assert.Empty(await IdsAsync(new RunQuery { Lifecycle = LifecycleView.Deleted }));
    }

    [Fact]
    public async Task A_search_returns_the_columns_asked_for_in_order_of_their_keys()
    {
        await CommitAsync(
            Create("a", start: 2) with { Params = [new("z", "1"), new("b", "2")], Tags = [new("t", "1")], Metrics = Points(("m2", 0, 0, 1), ("m1", 0, 0, 2)) },
            Create("b", start: 1) with { Params = [new("b", "3")] });

        var everything = (await Store.Runs.SearchAsync(new RunQuery(), Token)).Items;
        var some = (await Store.Runs.SearchAsync(new RunQuery { Columns = new RunProjection { Params = ["b", "unknown"], Metrics = ["m1"], Tags = [] } }, Token)).Items;

        Assert.Equal([new Param("b", "2"), new Param("z", "1")], everything[0].Params);
        Assert.Equal<string[]>(["m1", "m2"], [.. everything[0].Metrics.Select(m => m.Key)]);
        Assert.Equal([new Tag("t", "1")], everything[0].Tags);
        Assert.Equal([new Param("b", "3")], everything[1].Params);
        Assert.Empty(everything[1].Metrics);
        Assert.Equal([new Param("b", "2")], some[0].Params);
        Assert.Equal<string[]>(["m1"], [.. some[0].Metrics.Select(m => m.Key)]);
        Assert.Empty(some[0].Tags);
    }

    [Fact]
    public async Task Counting_stops_at_the_ceiling()
    {
        await CommitAsync([.. Enumerable.Range(0, 12).Select(i => Create($"r{i}"))]);

        Assert.Equal(12, await Store.Runs.CountAsync(new RunQuery { Limit = 1, Offset = 5 }, 100, Token));
        Assert.Equal(5, await Store.Runs.CountAsync(new RunQuery(), 5, Token));
    }

    [Fact]
    public async Task Keys_in_use_are_listed_by_name()
    {
        var other = await ExperimentAsync("other");
        await CommitAsync(
            Create("a") with { Params = [new("Beta", "1"), new("alpha", "1"), new("ÄRGER", "1")], Tags = [new("tag", "1")] },
            Create("b", other) with { Params = [new("gamma", "1")], Metrics = Points(("loss", 0, 0, 1)) });

        Assert.Equal(["Beta", "alpha", "ÄRGER"], await Store.Runs.ListKeysAsync([0], FieldKind.Param, "", 10, Token));
        Assert.Equal(["Beta", "alpha", "gamma"], await Store.Runs.ListKeysAsync([], FieldKind.Param, "a", 3, Token));
        Assert.Equal(["ÄRGER"], await Store.Runs.ListKeysAsync([0, other], FieldKind.Param, "ärg", 10, Token));
        Assert.Equal(["loss"], await Store.Runs.ListKeysAsync([other], FieldKind.Metric, "", 10, Token));
        Assert.Equal(["tag"], await Store.Runs.ListKeysAsync([0], FieldKind.Tag, "", 10, Token));
        Assert.Empty(await Store.Runs.ListKeysAsync([0], FieldKind.Metric, "", 10, Token));
    }

    [Fact]
    public async Task Children_are_the_active_ones_by_start()
    {
        await CommitAsync(
            Child("late", 9), Child("early", 1), Child("deleted", 5) with { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } }, Create("p"), Create("stranger"));

        Assert.Equal<string[]>(["early", "late"], [.. (await Store.Runs.ListChildrenAsync("p", Token)).Select(r => r.Id)]);
    }

    private static IngestBatch Child(string id, long start) => new(id) { Create = new NewRun(0) { ParentId = "p", StartTime = start } };

    private async Task<string[]> FindInAsync(long[] experiments, Filter filter, params Ordering[] order) =>
        await IdsAsync(new RunQuery { ExperimentIds = experiments, Filter = filter, OrderBy = order });

    private async Task<string[]> IdsAsync(RunQuery query) =>
        [.. (await Store.Runs.SearchAsync(query with { Columns = RunProjection.Nothing }, Token)).Items.Select(r => r.Run.Id)];
}
