using CsCheck;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises about pages that go on from the one before, whatever is written in between.</summary>
public abstract class RunPagingConformance : StoreConformance
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");
    private static readonly Field Model = new(FieldKind.Param, "model");

    private static readonly Field[] Fields =
    [
        Loss, Loss with { Aggregate = MetricAggregate.Min }, Loss with { Aggregate = MetricAggregate.Max }, Model, new(FieldKind.Tag, "stage"),
        .. RunFields.All.Order(StringComparer.Ordinal).Select(key => new Field(FieldKind.Attribute, key)),
    ];

    private static readonly Gen<Ordering> Order = Gen.Select(Gen.Int[0, Fields.Length - 1], Gen.Bool, (field, descending) => new Ordering(Fields[field], descending));

    private static readonly Filter[] Filters =
    [
        Filter.All,
        new Filter.Compare(Loss, ComparisonOperator.NotEqual, Literal.Of(2)),
        new Filter.Not(new Filter.Compare(Model, ComparisonOperator.Equal, Literal.Of("b"))),
        new Filter.Text("NAME"),
        new Filter.Or([new Filter.Exists(Loss), new Filter.Compare(Model, ComparisonOperator.Equal, Literal.Of("a"))]),
    ];

    [Fact]
    public async Task Pages_of_every_order_join_to_the_whole()
    {
        var experiments = await SeedAsync(40);
        foreach (var field in Fields)
        {
            foreach (var descending in new[] { false, true })
            {
                foreach (long[] scope in new[] { [experiments[0]], experiments, [] })
                {
                    var query = new RunQuery { ExperimentIds = scope, OrderBy = [new Ordering(field, descending)], Columns = RunProjection.Nothing };
                    Assert.Equal(await WholeAsync(query), await PagesAsync(query with { Limit = 3 }));
                }
            }
        }
    }

    [Fact]
    public async Task Pages_of_any_search_join_to_the_whole()
    {
        var experiments = await SeedAsync(60);
        var searches = Gen.Select(Order.Array[0, 4], Gen.Int[0, Filters.Length - 1], Gen.Int[0, 2], Gen.Int[1, 7], Gen.Enum<LifecycleView>());
        await searches.SampleAsync(
            async (order, filter, scope, limit, lifecycle) =>
            {
                var query = new RunQuery
                {
                    ExperimentIds = scope == 0 ? [] : experiments[..scope],
                    OrderBy = order,
                    Filter = Filters[filter],
                    Lifecycle = lifecycle,
                    Columns = RunProjection.Nothing,
                };
                Assert.Equal(await WholeAsync(query), await PagesAsync(query with { Limit = limit }));
            },
            iter: 150, threads: 1);
    }

    [Fact]
    public async Task Whatever_is_written_meanwhile_each_run_that_stays_is_shown_once()
    {
        var round = 0;
        var cases = Gen.Select(Order.Array[0, 2], Gen.Int[1, 9], Gen.Bool);
        await cases.SampleAsync(
            async (order, limit, oneExperiment) =>
            {
                var prefix = $"p{round++}x";
                var experiment = await ExperimentAsync(prefix);
                var batches = Enumerable.Range(0, 50).Select(i => Any($"{prefix}{i}", experiment, i)).ToArray();
                await CommitAsync(batches);
                var query = new RunQuery
                {
                    ExperimentIds = oneExperiment ? [experiment] : [experiment, 0],
                    OrderBy = order,
                    Limit = limit,
                    Columns = RunProjection.Nothing,
                };

                using var stop = new CancellationTokenSource();
                var writer = WriteAsync(prefix, experiment, stop.Token);
                var found = await PagesAsync(query);
                await stop.CancelAsync();
                await writer;

                Assert.Equal<string[]>([.. found.Distinct(StringComparer.Ordinal)], found);
                Assert.Subset(found.ToHashSet(StringComparer.Ordinal), batches.Where((_, i) => Stays(i)).Select(b => b.RunId).ToHashSet(StringComparer.Ordinal));
            },
            iter: 12, threads: 1);
    }

    [Fact]
    public async Task A_position_outlives_its_run()
    {
        await CommitAsync([.. Enumerable.Range(0, 6).Select(i => Create($"r{i}", start: i) with { Metrics = Points(("loss", 0, 0, i)) })]);
        foreach (long[] scope in new long[][] { [], [0] })
        {
            var query = new RunQuery { ExperimentIds = scope, OrderBy = [new Ordering(Loss)], Limit = 3 };
            var first = await Store.Runs.SearchAsync(query, Token);
            Assert.Equal([OrderValue.Of(2d)], first.Next!.Values);
            Assert.Equal((2, "r2"), (first.Next.StartTime, first.Next.RunId));
            await CommitAsync(new IngestBatch("r2") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
            var second = await Store.Runs.SearchAsync(query with { After = first.Next }, Token);
            Assert.Equal<string[]>(["r3", "r4", "r5"], [.. second.Items.Select(r => r.Run.Id)]);
            Assert.Null(second.Next);
            await CommitAsync(new IngestBatch("r2") { Patch = new RunPatch { Lifecycle = Lifecycle.Active } });
        }
    }

    [Theory]
    [InlineData("Müller", "müller")]
    [InlineData("MÜLLER", "LLE")]
    [InlineData("100%_done^", "%_DONE^")]
    [InlineData("naïve Bayes", "BAYES")]
    [InlineData("plain text", "N T")]
    public async Task Text_is_found_without_regard_to_case_and_taken_literally(string value, string sought)
    {
        await CommitAsync(
            Create("name") with { Create = new NewRun(0) { Name = value } },
            Create("tag") with { Create = new NewRun(0), Tags = [new Tag("t", value)] },
            new IngestBatch("notes") { Create = new NewRun(0) { Notes = value } },
            new IngestBatch("none") { Create = new NewRun(0) { Name = "nothing" } });

        Assert.Equal(["name", "notes", "tag"], await FindAsync(new Filter.Text(sought), new Ordering(new Field(FieldKind.Attribute, RunFields.Id))));
        Assert.Equal(["name"], await FindAsync(new Filter.Compare(new Field(FieldKind.Attribute, RunFields.Name), ComparisonOperator.Contains, Literal.Of(sought))));
        Assert.Equal(["tag"], await FindAsync(new Filter.Compare(new Field(FieldKind.Tag, "t"), ComparisonOperator.Contains, Literal.Of(sought))));
    }

    /// <summary>Two conditions that few runs fulfil and one that most do: however the search goes about it, it finds the same.</summary>
    [Fact]
    public async Task Rare_and_common_conditions_find_the_same()
    {
        const int Runs = 1500;
        await CommitAsync([.. Enumerable.Range(0, Runs).Select(i => Create($"r{i:D4}", start: i) with
        {
            Params = [new Param("model", i % 500 == 7 ? "rare" : "common")],
            Metrics = i % 3 == 0 ? MetricBatch.Empty : Points(("loss", 0, 0, i % 700)),
        })]);
        foreach (var value in new[] { "rare", "common" })
        {
            var filter = new Filter.Compare(Model, ComparisonOperator.Equal, Literal.Of(value));
            foreach (var order in new Ordering[][] { [], [new Ordering(Loss)], [new Ordering(Loss, true)], [new Ordering(Model), new Ordering(Loss)] })
            {
                var query = new RunQuery { ExperimentIds = [0], Filter = filter, OrderBy = order, Columns = RunProjection.Nothing };
                var whole = await WholeAsync(query);
                Assert.Equal(value == "rare" ? 3 : Runs - 3, whole.Length);
                Assert.Equal(whole, await PagesAsync(query with { Limit = 400 }));
                Assert.Equal(whole, await WholeAsync(query with { ExperimentIds = [] }));
                Assert.Equal(whole.Length, await Store.Runs.CountAsync(query, 10_000, Token));
            }
        }
    }

    /// <summary>Rows are passed over from a position on into the next parts of an order: with a value, NaN, without one.</summary>
    [Fact]
    public async Task Rows_are_passed_over_from_a_position_on()
    {
        double?[] losses = [1, 2, 3, double.NaN, double.NaN, null, null, null];
        await CommitAsync([.. losses.Select((loss, i) => Create($"r{i}", start: i) with { Metrics = loss is { } value ? Points(("loss", 0, 0, value)) : MetricBatch.Empty })]);
        var query = new RunQuery { ExperimentIds = [0], OrderBy = [new Ordering(Loss)], Columns = RunProjection.Nothing };
        var whole = await WholeAsync(query);
        for (var first = 1; first < whole.Length; first++)
        {
            var page = await Store.Runs.SearchAsync(query with { Limit = first }, Token);
            for (var offset = 0; offset < 9; offset++)
            {
                var later = await Store.Runs.SearchAsync(query with { After = page.Next, Offset = offset }, Token);
                Assert.Equal<string[]>([.. whole.Skip(first + offset)], [.. later.Items.Select(r => r.Run.Id)]);
            }
        }
    }

    /// <summary>Far behind the first row rows are passed over in an index; runs of every lifecycle, ties and long texts are among them.</summary>
    [Fact]
    public async Task A_page_far_behind_is_that_of_the_whole()
    {
        const int Runs = 900;
        var random = new Random(5);
        await CommitAsync([.. Enumerable.Range(0, Runs).Select(i => Create($"r{i:D4}", start: i / 3) with
        {
            Params = i % 7 == 0 ? [] : [new Param("model", new string('x', random.Next(2) * 130) + random.Next(4))],
            Metrics = i % 9 == 0 ? MetricBatch.Empty : Points(("loss", 0, 0, i % 11 == 0 ? double.NaN : random.Next(300))),
        })]);
        await CommitAsync([.. Enumerable.Range(0, Runs).Where(i => i % 5 == 1).Select(i => new IngestBatch($"r{i:D4}") { Patch = new RunPatch { Lifecycle = i % 2 == 0 ? Lifecycle.Deleted : Lifecycle.Archived } })]);
        foreach (var lifecycle in Enum.GetValues<LifecycleView>())
        {
            foreach (var order in new Ordering[][] { [], [new Ordering(Loss)], [new Ordering(Loss, true)], [new Ordering(Model)], [new Ordering(Model, true), new Ordering(Loss)], [new Ordering(new Field(FieldKind.Attribute, RunFields.StartTime))] })
            {
                var query = new RunQuery { ExperimentIds = [0], OrderBy = order, Lifecycle = lifecycle, Columns = RunProjection.Nothing };
                var whole = await WholeAsync(query);
                foreach (var offset in new[] { 199, 200, 201, 350, 500, 599, 640, 700, whole.Length - 1, whole.Length, whole.Length + 300 })
                {
                    var page = await Store.Runs.SearchAsync(query with { Offset = offset, Limit = 30 }, Token);
                    Assert.Equal<string[]>([.. whole.Skip(offset).Take(30)], [.. page.Items.Select(r => r.Run.Id)]);
                    Assert.Equal(offset + 30 < whole.Length, page.HasMore);
                }
            }
        }
    }

    /// <summary>Runs with values of every kind, many alike, in two experiments.</summary>
    private async Task<long[]> SeedAsync(int runs)
    {
        long[] experiments = [await ExperimentAsync("one"), await ExperimentAsync("two")];
        await CommitAsync([.. Enumerable.Range(0, runs).Select(i => Any($"r{i}", experiments[i % 4 == 3 ? 1 : 0], i))]);
        return experiments;
    }

    private static IngestBatch Any(string id, long experiment, int number)
    {
        var random = new Random(number);
        double[] losses = [1, 2, 2, 3.5, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        string[] texts = ["a", "b", "b", "é", "", new string('x', 200) + number % 3];
        return new IngestBatch(id)
        {
            Create = new NewRun(experiment)
            {
                Name = $"name {random.Next(4)}",
                User = $"u{random.Next(2)}",
                StartTime = random.Next(5),
                ParentId = random.Next(2) == 0 ? null : $"parent{random.Next(3)}",
                ArtifactUri = random.Next(2) == 0 ? null : $"uri{random.Next(3)}",
                Notes = random.Next(2) == 0 ? "" : $"notes {random.Next(3)}",
            },
            Patch = random.Next(2) == 0 ? null : new RunPatch { Status = RunStatus.Finished, EndTime = random.Next(8) },
            Params = random.Next(4) == 0 ? [] : [new Param("model", texts[random.Next(texts.Length)])],
            Tags = random.Next(4) == 0 ? [] : [new Tag("stage", texts[random.Next(texts.Length)])],
            Metrics = random.Next(4) == 0 ? MetricBatch.Empty : Points(("loss", 0, 0, losses[random.Next(losses.Length)]), ("loss", 1, 0, losses[random.Next(losses.Length)])),
        };
    }

    private static bool Stays(int number) => number % 5 != 0;

    /// <summary>New runs, and runs that are deleted or brought back, until it is told to stop.</summary>
    private async Task WriteAsync(string prefix, long experiment, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested && i < 200; i++)
        {
            var touched = new IngestBatch($"{prefix}{i % 10 * 5}") { Patch = new RunPatch { Lifecycle = i / 10 % 2 == 0 ? Lifecycle.Deleted : Lifecycle.Active } };
            await CommitAsync(Any($"{prefix}new{i}", experiment, i), touched);
            await Task.Yield();
        }
    }

    private async Task<string[]> WholeAsync(RunQuery query)
    {
        var page = await Store.Runs.SearchAsync(query with { Limit = 5000 }, Token);
        Assert.Null(page.Next);
        return [.. page.Items.Select(r => r.Run.Id)];
    }

    private async Task<string[]> PagesAsync(RunQuery query)
    {
        var found = new List<string>();
        for (RunPosition? after = null; ;)
        {
            var page = await Store.Runs.SearchAsync(query with { After = after }, Token);
            found.AddRange(page.Items.Select(r => r.Run.Id));
            if (page.Next is null)
                return [.. found];
            Assert.Equal(query.Limit, page.Items.Count);
            Assert.True(page.Next.Fits(query.OrderBy));
            after = RunPageToken.Decode(RunPageToken.Encode(page.Next, "q"), "q", query.OrderBy, "token");
        }
    }
}
