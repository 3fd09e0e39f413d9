using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>
/// Reads the runs of a page with their columns: one statement a table, whatever the number of runs, all of them at once.
/// </summary>
internal sealed class RunColumns(SqlSession session, KeyNames names)
{
    private readonly SqlDialect _dialect = session.Dialect;

    public async ValueTask<List<RunDetails>> ReadAsync(IReadOnlyList<long> numbers, RunProjection columns, CancellationToken cancellationToken)
    {
        if (numbers.Count == 0)
            return [];
        var list = _dialect.List(numbers);
        var states = new Dictionary<long, Run>(numbers.Count);
        var parameters = new KeyedRows<Param>(names, p => p.Key, (p, key) => p with { Key = key });
        var tags = new KeyedRows<Tag>(names, t => t.Key, (t, key) => t with { Key = key });
        var metrics = new KeyedRows<MetricSummary>(names, m => m.Key, (m, key) => m with { Key = key });
        var inputs = new Dictionary<long, List<DatasetInput>>();
        var models = new Dictionary<long, List<ModelLink>>();

        var visits = new List<SqlVisit> { new(OfRuns(RunSql.Facts, "r.run_no", list), row => Keep(states, row)) };
        if (columns.Params is not { Count: 0 })
            visits.Add(new(await KeyedAsync("params", "x.value", numbers, columns.Params, cancellationToken), row => parameters.Add(row, (r, key) => new Param(key, r.Text(2)))));
        if (columns.Tags is not { Count: 0 })
            visits.Add(new(await KeyedAsync("tags", "x.value", numbers, columns.Tags, cancellationToken), row => tags.Add(row, (r, key) => new Tag(key, r.Text(2)))));
        if (columns.Metrics is not { Count: 0 })
            visits.Add(new(await KeyedAsync("metric_latest", RunSql.LatestColumns, numbers, columns.Metrics, cancellationToken), row => metrics.Add(row, (r, key) => Summary(r, 2, key))));
        if (columns.Inputs)
            AddInputs(visits, inputs, models, list);

        // Names of keys never change, so it does not matter when those that are not remembered are read.
        await session.VisitLastAsync(visits, cancellationToken);
        await NameAsync([parameters, tags, metrics], cancellationToken);

        return
        [
            .. numbers.Select(number => new RunDetails(states[number])
            {
                Params = parameters.Of(number),
                Metrics = metrics.Of(number),
                Tags = tags.Of(number),
                Inputs = Of(inputs, number),
                Models = Of(models, number),
            }),
        ];
    }

    /// <summary>Reads the <see cref="RunSql.LatestColumns"/> that begin at <paramref name="at"/>.</summary>
    public static MetricSummary Summary(SqlRow row, int at, string key) => new(
        key,
        row.NullableDouble(at) ?? double.NaN,
        new Step(row.Int64(at + 1), (int)row.Int64(at + 2)),
        row.Int64(at + 3),
        row.NullableDouble(at + 4),
        row.NullableDouble(at + 5),
        row.NullableDouble(at + 6) ?? double.NaN,
        row.Int64(at + 7));

    private static void Keep(Dictionary<long, Run> states, SqlRow row)
    {
        var state = RunState.Read(row);
        states.Add(state.Number, state.Run);
    }

    /// <summary>Run, key and values of the rows of a table that belong to the runs and, when <paramref name="keys"/> are given, have one of these.</summary>
    private async ValueTask<SqlText> KeyedAsync(
        string table, string values, IReadOnlyList<long> numbers, IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        var (select, runs) = ($"select x.run_no, x.key_id, {values} from", _dialect.List(numbers));
        if (keys is null)
            return SqlText.Fixed($"{select} {_dialect.OfRuns(table, "@runs", "1 = 1")}", runs);
        var hasKey = await KeyedTable.HasKeyAsync(session, table, numbers, keys.Count, cancellationToken);
        return SqlText.Fixed($"{select} {_dialect.OfRuns(table, "@runs", hasKey)}", runs, _dialect.List(keys));
    }

    /// <summary>The tags of inputs come before the inputs, which take them along.</summary>
    private void AddInputs(List<SqlVisit> visits, Dictionary<long, List<DatasetInput>> inputs, Dictionary<long, List<ModelLink>> models, object runs)
    {
        var tags = new Dictionary<long, List<Tag>>();
        visits.Add(new(
            OfRuns(RunSql.InputTags, "x.run_no", runs, order: " order by t.input_id, t.key"),
            row => GroupOf(tags, row.Int64(0)).Add(new Tag(row.Text(1), row.Text(2)))));
        visits.Add(new(
            OfRuns(RunSql.Inputs, "x.run_no", runs, order: " order by x.id"), row => GroupOf(inputs, row.Int64(7)).Add(Input(row, tags))));
        visits.Add(new(
            OfRuns(RunSql.Models, "x.run_no", runs, order: " order by x.id"),
            row => GroupOf(models, row.Int64(0)).Add(new ModelLink(row.Text(1), (ModelDirection)row.Int64(2), row.Int64(3)))));
    }

    private async ValueTask NameAsync(IReadOnlyList<IKeyedRows> rows, CancellationToken cancellationToken)
    {
        var unnamed = rows.SelectMany(r => r.Unnamed).ToHashSet();
        var nameOf = unnamed.Count == 0 ? [] : await names.ReadAsync(session, unnamed, cancellationToken);
        foreach (var one in rows)
            one.Complete(nameOf);
    }

    private static DatasetInput Input(SqlRow row, Dictionary<long, List<Tag>> tags)
    {
        var dataset = new Dataset(row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.NullableText(5), row.NullableText(6));
        return new DatasetInput(dataset, Of(tags, row.Int64(0)));
    }

    /// <summary>The query narrowed to the runs.</summary>
    private SqlText OfRuns(string select, string column, object runs, string order = "") =>
        SqlText.Fixed($"{select} where {_dialect.InNumbers(column, "@runs")}{order}", runs);

    private static List<T> GroupOf<T>(Dictionary<long, List<T>> groups, long owner)
    {
        if (!groups.TryGetValue(owner, out var group))
            groups[owner] = group = [];
        return group;
    }

    private static IReadOnlyList<T> Of<T>(Dictionary<long, List<T>> groups, long owner) => groups.GetValueOrDefault(owner) ?? [];
}
