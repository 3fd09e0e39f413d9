using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>Reads the runs of a page with their columns: one statement a table, whatever the number of runs.</summary>
internal sealed class RunColumns(SqlSession session, KeyNames names)
{
    private readonly SqlDialect _dialect = session.Dialect;

    public async ValueTask<List<RunDetails>> ReadAsync(IReadOnlyList<long> numbers, RunProjection columns, CancellationToken cancellationToken)
    {
        if (numbers.Count == 0)
            return [];
        var list = _dialect.List(numbers);
        var states = (await session.QueryAsync(OfRuns(RunSql.Facts, "r.run_no", list), RunState.Read, cancellationToken))
            .ToDictionary(s => s.Number, s => s.Run);
        var parameters = await KeyedAsync(
            "x.value from params x", list, columns.Params, (row, key) => new Param(key, row.Text(2)), p => p.Key, (p, key) => p with { Key = key }, cancellationToken);
        var tags = await KeyedAsync(
            "x.value from tags x", list, columns.Tags, (row, key) => new Tag(key, row.Text(2)), t => t.Key, (t, key) => t with { Key = key }, cancellationToken);
        var metrics = await KeyedAsync(
            $"{RunSql.LatestColumns} from metric_latest x", list, columns.Metrics, (row, key) => Summary(row, 2, key), m => m.Key, (m, key) => m with { Key = key }, cancellationToken);
        var inputs = columns.Inputs ? await InputsAsync(list, cancellationToken) : [];
        var models = columns.Inputs ? await ModelsAsync(list, cancellationToken) : [];

        var rows = new List<RunDetails>(numbers.Count);
        foreach (var number in numbers)
        {
            rows.Add(new RunDetails(states[number])
            {
                Params = Of(parameters, number),
                Metrics = Of(metrics, number),
                Tags = Of(tags, number),
                Inputs = Of(inputs, number),
                Models = Of(models, number),
            });
        }

        return rows;
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

    /// <summary>
    /// Reads rows that have a key, by run and then by the key's name. A name that is not remembered is given to its items
    /// afterwards, because statements do not overlap.
    /// </summary>
    private async ValueTask<Dictionary<long, List<T>>> KeyedAsync<T>(
        string select, object runs, IReadOnlyList<string>? keys, Func<SqlRow, string, T> read, Func<T, string> keyOf, Func<T, string, T> rename,
        CancellationToken cancellationToken)
    {
        if (keys is { Count: 0 })
            return [];
        var groups = new Dictionary<long, List<T>>();
        var unnamed = new List<(long Key, List<T> Group, int At)>();
        void Visit(SqlRow row)
        {
            var group = GroupOf(groups, row.Int64(0));
            var name = names.Known(row.Int64(1));
            if (name is null)
                unnamed.Add((row.Int64(1), group, group.Count));
            group.Add(read(row, name ?? ""));
        }

        await session.VisitAsync(OfRuns($"select x.run_no, x.key_id, {select}", "x.run_no", runs, keys), Visit, cancellationToken);
        if (unnamed.Count > 0)
        {
            var nameOf = await names.ReadAsync(session, unnamed.Select(u => u.Key).ToHashSet(), cancellationToken);
            foreach (var (key, group, at) in unnamed)
                group[at] = rename(group[at], nameOf[key]);
        }

        Sort(groups, keyOf);
        return groups;
    }

    private async ValueTask<Dictionary<long, List<DatasetInput>>> InputsAsync(object runs, CancellationToken cancellationToken)
    {
        var tags = await session.QueryAsync(
            OfRuns(RunSql.InputTags, "x.run_no", runs), row => (Input: row.Int64(0), Tag: new Tag(row.Text(1), row.Text(2))), cancellationToken);
        var tagsOf = Group(tags, t => t.Input, t => t.Tag, t => t.Key);
        return Group(
            await session.QueryAsync(OfRuns(RunSql.Inputs, "x.run_no", runs, order: " order by x.id"), row => (Run: row.Int64(7), Input: Input(row, tagsOf)), cancellationToken),
            r => r.Run,
            r => r.Input);
    }

    private static DatasetInput Input(SqlRow row, Dictionary<long, List<Tag>> tags)
    {
        var dataset = new Dataset(row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.NullableText(5), row.NullableText(6));
        return new DatasetInput(dataset, Of(tags, row.Int64(0)));
    }

    private async ValueTask<Dictionary<long, List<ModelLink>>> ModelsAsync(object runs, CancellationToken cancellationToken)
    {
        var links = await session.QueryAsync(
            OfRuns(RunSql.Models, "x.run_no", runs, order: " order by x.id"),
            row => (Run: row.Int64(0), Link: new ModelLink(row.Text(1), (ModelDirection)row.Int64(2), row.Int64(3))),
            cancellationToken);
        return Group(links, l => l.Run, l => l.Link);
    }

    /// <summary>The query narrowed to the runs and, when <paramref name="keys"/> are given, to rows <c>x</c> of these keys.</summary>
    private SqlText OfRuns(string select, string column, object runs, IReadOnlyList<string>? keys = null, string order = "")
    {
        var sql = $"{select} where {_dialect.InNumbers(column, "@runs")}";
        return keys is null
            ? SqlText.Fixed(sql + order, runs)
            : SqlText.Fixed($"{sql} and x.key_id in (select id from key_name where {_dialect.InTexts("name", "@keys")}){order}", runs, _dialect.List(keys));
    }

    private static Dictionary<long, List<T>> Group<TRow, T>(
        List<TRow> rows, Func<TRow, long> ownerOf, Func<TRow, T> read, Func<T, string>? keyOf = null)
    {
        var groups = new Dictionary<long, List<T>>();
        foreach (var row in rows)
            GroupOf(groups, ownerOf(row)).Add(read(row));
        if (keyOf is not null)
            Sort(groups, keyOf);
        return groups;
    }

    private static List<T> GroupOf<T>(Dictionary<long, List<T>> groups, long owner)
    {
        if (!groups.TryGetValue(owner, out var group))
            groups[owner] = group = [];
        return group;
    }

    private static void Sort<T>(Dictionary<long, List<T>> groups, Func<T, string> keyOf)
    {
        foreach (var group in groups.Values)
            group.Sort((a, b) => string.CompareOrdinal(keyOf(a), keyOf(b)));
    }

    private static IReadOnlyList<T> Of<T>(Dictionary<long, List<T>> groups, long owner) => groups.GetValueOrDefault(owner) ?? [];
}
