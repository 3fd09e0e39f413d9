using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>Groups of runs, held to lists in memory.</summary>
public abstract class RunGroupingConformance : StoreConformance
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");
    private static readonly Field Model = new(FieldKind.Param, "model");
    private static readonly Field Stage = new(FieldKind.Tag, "stage");
    private static readonly Field Start = new(FieldKind.Attribute, RunFields.StartTime);
    private static readonly Field[] Fields = [Model, Loss, Stage, Start, new(FieldKind.Attribute, RunFields.EndTime)];

    private static readonly double?[] Losses = [null, 0, -0.0, 1, 2.5, 1000, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
    private static readonly string?[] Texts = [null, "", "a", "b", "ß \"'`", new string('x', 300)];

    private sealed record Row(string Id, double? Loss, string? Model, string? Stage, long Start)
    {
        public Literal? Of(Field field) => field.Kind switch
        {
            FieldKind.Metric => Loss is { } loss ? Literal.Of(loss) : null,
            FieldKind.Param => Model is { } model ? Literal.Of(model) : null,
            FieldKind.Tag => Stage is { } stage ? Literal.Of(stage) : null,
            _ => field == RunGroupingConformance.Start ? Literal.Of(Start) : null,
        };
    }

    private static readonly Gen<Row[]> Rows = Gen.Select(Gen.Int[0, Losses.Length - 1], Gen.Int[0, Texts.Length - 1], Gen.Int[0, 2], Gen.Long[0, 3],
        (loss, model, stage, start) => new Row("", Losses[loss], Texts[model], Texts[stage], start)).Array[0, 40];

    [Fact]
    public async Task Groups_and_their_figures_are_those_of_a_list()
    {
        var round = 0;
        var cases = Gen.Select(Rows, Gen.Int[0, Fields.Length - 1], Gen.Int[0, Fields.Length - 1], Gen.Enum<GroupGoal>(), Gen.Int[0, 4], Gen.Int[1, 6]);
        await cases.SampleAsync(
            async (made, outer, inner, goal, skip, limit) =>
            {
                var prefix = $"g{round++}x";
                var experiment = await ExperimentAsync(prefix);
                var rows = made.Select((r, i) => r with { Id = $"{prefix}{i:D2}" }).ToArray();
                await StoreAsync(rows, experiment);
                var tables = new RunTableService(Store.Runs);
                var query = new RunGroupQuery(new RunQuery { ExperimentIds = [experiment] }, Fields[outer], [new GroupColumn(Loss, goal), new GroupColumn(Model), new GroupColumn(Stage)]);

                var whole = await tables.GroupAsync(query with { Limit = 1000 }, Token);
                Assert.Equal((whole.Groups.Count, rows.Length), (whole.Total, whole.Runs));
                Assert.Equal<string[]>(Expected(rows, Fields[outer], goal), [.. whole.Groups.Select(Shown)]);

                var page = await tables.GroupAsync(query with { Skip = skip, Limit = limit }, Token);
                Assert.Equal<string[]>([.. whole.Groups.Skip(skip).Take(limit).Select(Shown)], [.. page.Groups.Select(Shown)]);
                Assert.Equal(whole.Total, page.Total);

                // What is in a group is found by its value, NaN and none included.
                foreach (var group in whole.Groups)
                {
                    var within = new GroupValue(Fields[outer], group.Value).ToFilter();
                    var found = await tables.GroupAsync(query with { Runs = query.Runs with { Filter = within }, By = Fields[inner], Limit = 1000 }, Token);
                    var members = rows.Where(r => Nullable.Equals(Unsigned(r.Of(Fields[outer])), Unsigned(group.Value))).ToArray();
                    Assert.Equal<string[]>(Expected(members, Fields[inner], goal), [.. found.Groups.Select(Shown)]);
                }
            },
            iter: 25, threads: 1);
    }

    [Fact]
    public async Task Members_are_the_newest_runs_that_agree_in_all_fields()
    {
        var round = 0;
        await Gen.Select(Rows, Gen.Int[0, 2], Gen.Int[1, 50]).SampleAsync(
            async (made, fields, most) =>
            {
                Field[] by = fields switch { 0 => [], 1 => [Model], _ => [Stage, Model] };
                var prefix = $"m{round++}x";
                var experiment = await ExperimentAsync(prefix);
                var rows = made.Select((r, i) => r with { Id = $"{prefix}{i:D2}" }).ToArray();
                await StoreAsync(rows, experiment);

                var found = await new RunTableService(Store.Runs).ListMembersAsync(new RunQuery { ExperimentIds = [experiment], Limit = 1 }, by, most, Token);

                var expected = rows.OrderByDescending(r => r.Start).ThenBy(r => r.Id, StringComparer.Ordinal).Take(most)
                    .GroupBy(r => string.Join(" & ", by.Select(f => r.Of(f)?.Text ?? "none")), StringComparer.Ordinal).OrderByDescending(g => g.Count()).Select(g => $"{g.Key}: {string.Join(' ', g.Select(r => r.Id))}");
                Assert.Equal<string[]>([.. expected], [.. found.Groups.Select(g => $"{string.Join(" & ", g.Values.Select(v => v ?? "none"))}: {string.Join(' ', g.RunIds)}")]);
                Assert.Equal(rows.Length <= most, found.Complete);
            },
            iter: 25, threads: 1);
    }

    [Theory]
    [InlineData("value", "-Infinity 0 1 2.5 Infinity NaN none")]
    [InlineData("value desc", "Infinity 2.5 1 0 -Infinity NaN none")]
    [InlineData("count", "2.5 Infinity NaN none -Infinity 1 0")]
    [InlineData("max(start_time) desc", "none NaN Infinity 2.5 1 -Infinity 0")]
    [InlineData("distinct(params.model) desc,value", "0 -Infinity 1 2.5 Infinity NaN none")]
    public async Task Groups_are_ordered_by_what_was_asked(string order, string expected)
    {
        var rows = new double?[] { 0, 0, 0, double.NegativeInfinity, double.NegativeInfinity, 1, 1, 2.5, double.PositiveInfinity, double.NaN, null }
            .Select((loss, i) => new Row($"r{i:D2}", loss, i < 2 ? $"m{i}" : "m", null, i)).ToArray();
        await StoreAsync(rows, 0);
        var query = new RunGroupQuery(new RunQuery(), Loss, [new GroupColumn(Start), new GroupColumn(Model)]) { OrderBy = RunFilterParser.ParseGroupOrder(order.Split(',')) };

        var groups = await new RunTableService(Store.Runs).GroupAsync(query, Token);

        Assert.Equal(expected, string.Join(' ', groups.Groups.Select(g => Named(g.Value))));
    }

    [Fact]
    public async Task What_is_not_told_is_no_order_and_no_goal()
    {
        var tables = new RunTableService(Store.Runs);
        var query = new RunGroupQuery(new RunQuery(), Model, [new GroupColumn(Loss), new GroupColumn(Stage)]);
        foreach (var order in new[] { "mean(tags.stage)", "distinct(metrics.loss)", "best(metrics.loss)", "mean(metrics.other)" })
            Assert.Equal("order_by", (await RefusedAsync(query with { OrderBy = RunFilterParser.ParseGroupOrder([order]) })).Field);
        Assert.Equal("goals", (await RefusedAsync(query with { Columns = [new GroupColumn(Stage, GroupGoal.Max)] })).Field);

        async Task<Error> RefusedAsync(RunGroupQuery refused) =>
            (await Assert.ThrowsAsync<RunstoneException>(() => tables.GroupAsync(refused, Token))).Error;
    }

    private static string[] Expected(Row[] rows, Field by, GroupGoal goal) =>
    [
        .. rows.GroupBy(r => Unsigned(r.Of(by))).OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key switch { null => 2, { IsText: false, Number: double.NaN } => 1, _ => 0 }).ThenBy(g => g.Key?.Number).ThenBy(g => g.Key?.Text, StringComparer.Ordinal)
            .Select(g => $"{Named(g.Key)}: {g.Count()} {Numbers([.. g], goal)} {Agreed(g.Select(r => r.Model))} {Agreed(g.Select(r => r.Stage))}"),
    ];

    private static string Shown(GroupOfRuns group) => $"{Named(Unsigned(group.Value))}: {group.Count} {string.Join(' ', group.Columns.Select(Shown))}";

    private static string Shown(GroupFigures figures) => figures switch
    {
        NumberFigures n => FormattableString.Invariant($"{n.Count}+{n.NotFinite} {n.Mean + 0.0:G9} {n.Deviation:G9} {n.Min + 0.0} {n.Max + 0.0} {n.Median + 0.0:G9} {n.Best?.RunId}"),
        TextFigures t => $"{t.Count}/{t.Distinct} {t.Same}",
        _ => "",
    };

    private static string Numbers(Row[] rows, GroupGoal goal)
    {
        var newest = rows.Where(r => r.Loss is { } loss && double.IsFinite(loss)).OrderByDescending(r => r.Start).ThenBy(r => r.Id, StringComparer.Ordinal).ToArray();
        var values = newest.Select(r => r.Loss!.Value).ToArray();
        var notFinite = rows.Count(r => r.Loss is { } loss && !double.IsFinite(loss));
        if (values.Length == 0)
            return $"0+{notFinite} NaN NaN NaN NaN NaN ";
        var mean = values.Sum() / values.Length;
        var deviation = values.Length == 1 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        var sorted = values.Order().ToArray();
        var median = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        var best = goal switch
        {
            GroupGoal.Min => newest.MinBy(r => r.Loss)!.Id,
            GroupGoal.Max => newest.MaxBy(r => r.Loss)!.Id,
            _ => "",
        };
        return FormattableString.Invariant($"{values.Length}+{notFinite} {mean + 0.0:G9} {deviation:G9} {sorted[0] + 0.0} {sorted[^1] + 0.0} {median + 0.0:G9} {best}");
    }

    private static string Agreed(IEnumerable<string?> texts)
    {
        var present = texts.Where(t => t is not null).ToArray();
        var distinct = present.Distinct(StringComparer.Ordinal).ToArray();
        return $"{present.Length}/{distinct.Length} {(distinct.Length == 1 ? distinct[0] : "")}";
    }

    /// <summary>Zero has no sign here: both are one group.</summary>
    private static Literal? Unsigned(Literal? value) => value is { IsText: false, Number: 0 } ? Literal.Of(0) : value;

    private static string Named(Literal? value) => value switch
    {
        null => "none",
        { Text: { } text } => $"'{text}'",
        { } number => number.Number.ToString(System.Globalization.CultureInfo.InvariantCulture).Replace("-0", "0", StringComparison.Ordinal),
    };

    private async Task StoreAsync(Row[] rows, long experiment) => await CommitAsync([.. rows.Select(r => new IngestBatch(r.Id)
    {
        Create = new NewRun(experiment) { StartTime = r.Start },
        Metrics = r.Loss is { } loss ? Points(("loss", 0, 0, loss)) : MetricBatch.Empty,
        Params = r.Model is { } model ? [new Param("model", model)] : [],
        Tags = r.Stage is { } stage ? [new Core.Experiments.Tag("stage", stage)] : [],
    })]);
}
