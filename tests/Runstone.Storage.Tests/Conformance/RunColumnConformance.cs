using System.Globalization;
using CsCheck;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises about columns and the values in them, held to lists in memory.</summary>
public abstract class RunColumnConformance : StoreConformance
{
    private static readonly string[] Texts = ["", "0.1", "1e-3", " 7", "Ärger", "ärger", "NaN", "-2", new string('z', 500)];
    private static readonly double[] Numbers = [0, -0.0, 1.5, -3, double.NaN, double.PositiveInfinity];

    private static readonly string[] Sought = ["", "E", "ÄR"];

    private sealed record Row(string Id, bool Deleted, string Name, Dictionary<string, double> Metrics, Dictionary<string, string> Params, Dictionary<string, string> Tags);

    private static readonly Gen<Row[]> Rows = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 2], Keyed(Gen.Int[0, Numbers.Length - 1].Select(i => Numbers[i])), Keyed(Gen.Int[0, Texts.Length - 1].Select(i => Texts[i])), Keyed(Gen.Int[0, 1].Select(i => Texts[i + 1])),
        (deleted, name, metrics, @params, tags) => new Row("", deleted == 0, $"name {name}", metrics, @params, tags)).Array[0, 25];

    private static Gen<Dictionary<string, T>> Keyed<T>(Gen<T> value) => Gen.Select(Gen.Int[0, 4], value).Array[0, 4]
        .Select(pairs => pairs.DistinctBy(p => p.Item1).ToDictionary(p => $"k {p.Item1}", p => p.Item2, StringComparer.Ordinal));

    [Fact]
    public async Task Columns_and_values_are_those_of_a_list()
    {
        var round = 0;
        var cases = Gen.Select(Rows, Gen.Bool, Gen.Int[1, 5], Gen.Int[0, 2].Select(i => Sought[i]));
        await cases.SampleAsync(
            async (made, all, limit, contains) =>
            {
                var prefix = $"c{round++}x";
                var experiment = await ExperimentAsync(prefix);
                var rows = made.Select((r, i) => r with { Id = $"{prefix}{i:D2}" }).ToArray();
                await StoreAsync(rows, experiment);
                var tables = new RunTableService(Store.Runs);

                var found = await tables.DescribeColumnsAsync(new RunQuery { ExperimentIds = [experiment], Lifecycle = all ? LifecycleView.All : LifecycleView.Active }, Token);
                var shown = rows.Where(r => all || !r.Deleted).ToArray();
                Assert.Equal((shown.Length, true), (found.Runs, found.Complete));
                Assert.Equal<string[]>([.. Facts(shown)], [.. found.Columns.Select(Shown)]);

                foreach (var (field, values) in Values(rows.Where(r => !r.Deleted)))
                {
                    var expected = values.Where(v => contains.Length == 0 || v.Contains(contains, StringComparison.OrdinalIgnoreCase))
                        .GroupBy(v => v, StringComparer.Ordinal).Select(g => new FieldValue(g.Key, g.Count())).OrderByDescending(v => v.Runs).ThenBy(v => v.Text, StringComparer.Ordinal).ToArray();
                    var listed = await tables.ListValuesAsync(experiment, field, contains, limit, Token);
                    Assert.Equal(expected.Take(limit), listed.Values);
                    Assert.Equal(expected.Length <= limit, listed.Complete);
                }
            },
            iter: 30, threads: 1);
    }

    [Fact]
    public async Task The_newest_runs_are_looked_at_up_to_a_number_of_values()
    {
        await CommitAsync([.. Enumerable.Range(0, 250).Select(i => Create($"r{i:D3}", start: i) with
        {
            Params = [new Param("n", i.ToString(CultureInfo.InvariantCulture)), new Param("same", "x")],
        })]);

        // Runs are taken a hundred at a time, and none is begun once enough values were seen.
        var some = await Store.Runs.DescribeColumnsAsync(new RunQuery { ExperimentIds = [0], Limit = 240 }, 150, Token);
        Assert.Equal((100, false), (some.Runs, some.Complete));
        Assert.Equal<string[]>(["params n: 100 100 True 150 249", "params same: 100 1 False NaN NaN"], [.. some.Columns.Select(Shown)]);
        var most = await Store.Runs.DescribeColumnsAsync(new RunQuery { ExperimentIds = [0], Limit = 240 }, 10_000, Token);
        Assert.Equal((240, false), (most.Runs, most.Complete));
        Assert.Equal("params n: 240 101 True 10 249", Shown(most.Columns[0]));

        var values = await Store.Runs.ListValuesAsync(0, new Field(FieldKind.Param, "same"), "", 5, 249, Token);
        Assert.Equal([new FieldValue("x", 249)], values.Values);
        Assert.False(values.Complete);
        values = await Store.Runs.ListValuesAsync(0, new Field(FieldKind.Attribute, RunFields.Status), "", 5, 250, Token);
        Assert.Equal([new FieldValue("running", 250)], values.Values);
        Assert.True(values.Complete);
    }

    [Fact]
    public async Task Values_of_datasets_are_those_of_active_runs_of_the_experiment()
    {
        var other = await ExperimentAsync("other");
        await CommitAsync(Reads("a", 0, "adult", "wine"), Reads("b", 0, "wine"), Reads("c", other, "iris"), Reads("d", 0, "gone"));
        await WriteAsync(new IngestBatch("d") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
        var tables = new RunTableService(Store.Runs);

        Assert.Equal([new FieldValue("wine", 2), new FieldValue("adult", 1)], (await tables.ListValuesAsync(0, new Field(FieldKind.Dataset, DatasetFields.Name), "", 9, Token)).Values);
        Assert.Equal([new FieldValue("train", 3)], (await tables.ListValuesAsync(0, new Field(FieldKind.Dataset, DatasetFields.Context), "", 9, Token)).Values);
        Assert.Equal([new FieldValue("d-iris", 1)], (await tables.ListValuesAsync(other, new Field(FieldKind.Dataset, DatasetFields.Digest), "", 9, Token)).Values);

        static IngestBatch Reads(string id, long experiment, params string[] names) => new(id)
        {
            Create = new NewRun(experiment),
            Inputs = [.. names.Select(n => new DatasetInput(new Dataset(n, "d-" + n, "local", "file"), [new Tag("context", "train")]))],
        };
    }

    [Theory]
    [InlineData("metrics.loss")]
    [InlineData("start_time")]
    [InlineData("experiment_id")]
    [InlineData("notes")]
    public async Task Values_that_are_numbers_or_long_are_not_listed(string field)
    {
        var refused = await Assert.ThrowsAsync<RunstoneException>(() => new RunTableService(Store.Runs).ListValuesAsync(0, RunFilterParser.ParseField(field), "", 5, Token));

        Assert.Equal((ErrorCode.Invalid, "field"), (refused.Error.Code, refused.Error.Field));
    }

    private static IEnumerable<(Field Field, string[] Values)> Values(IEnumerable<Row> rows)
    {
        for (var key = 0; key < 5; key++)
        {
            yield return (new Field(FieldKind.Param, $"k {key}"), [.. rows.Select(r => r.Params.GetValueOrDefault($"k {key}")).OfType<string>()]);
            yield return (new Field(FieldKind.Tag, $"k {key}"), [.. rows.Select(r => r.Tags.GetValueOrDefault($"k {key}")).OfType<string>()]);
        }

        yield return (new Field(FieldKind.Attribute, RunFields.Name), [.. rows.Select(r => r.Name)]);
        yield return (new Field(FieldKind.Attribute, RunFields.Parent), []);
    }

    private static IEnumerable<string> Facts(Row[] rows) =>
    [
        .. Of("metrics", rows.Select(r => r.Metrics), v => v, v => double.IsNaN(v) ? "NaN" : (v + 0.0).ToString(CultureInfo.InvariantCulture)),
        .. Of("params", rows.Select(r => r.Params), Read, v => v),
        .. Of("tags", rows.Select(r => r.Tags), Read, v => v),
    ];

    private static double? Read(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static IEnumerable<string> Of<T>(string kind, IEnumerable<IEnumerable<KeyValuePair<string, T>>> rows, Func<T, double?> read, Func<T, string> same) =>
        rows.SelectMany(r => r).GroupBy(p => p.Key, p => p.Value, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var numbers = g.Select(read).ToArray();
            var numeric = numbers.All(n => n is not null);
            var finite = numeric ? numbers.OfType<double>().Where(double.IsFinite).ToArray() : [];
            var (min, max) = finite.Length == 0 ? (double.NaN, double.NaN) : (finite.Min(), finite.Max());
            return FormattableString.Invariant($"{kind} {g.Key}: {g.Count()} {g.Select(same).Distinct(StringComparer.Ordinal).Count()} {numeric} {min + 0.0} {max + 0.0}");
        });

    private static string Shown(RunColumnFacts facts)
    {
        var kind = facts.Field.Kind switch
        {
            FieldKind.Metric => "metrics",
            FieldKind.Param => "params",
            _ => "tags",
        };
        return FormattableString.Invariant($"{kind} {facts.Field.Key}: {facts.Runs} {facts.Distinct} {facts.IsNumeric} {facts.Min + 0.0} {facts.Max + 0.0}");
    }

    private async Task StoreAsync(Row[] rows, long experiment)
    {
        await CommitAsync([.. rows.Select(r => new IngestBatch(r.Id)
        {
            Create = new NewRun(experiment) { Name = r.Name },
            Metrics = r.Metrics.Count == 0 ? MetricBatch.Empty : Points([.. r.Metrics.Select(m => (m.Key, 0L, 0L, m.Value))]),
            Params = [.. r.Params.Select(p => new Param(p.Key, p.Value))],
            Tags = [.. r.Tags.Select(t => new Tag(t.Key, t.Value))],
        })]);
        await CommitAsync([.. rows.Where(r => r.Deleted).Select(r => new IngestBatch(r.Id) { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } })]);
    }
}
