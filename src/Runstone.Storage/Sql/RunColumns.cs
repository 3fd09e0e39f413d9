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
        var parameters = await PairsAsync("params", list, columns.Params, (key, value) => new Param(key, value), p => p.Key, cancellationToken);
        var tags = await PairsAsync("tags", list, columns.Tags, (key, value) => new Tag(key, value), t => t.Key, cancellationToken);
        var metrics = await MetricsAsync(list, columns.Metrics, cancellationToken);
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

    /// <summary>Reads a row of <see cref="RunSql.LatestColumns"/> that begins at <paramref name="at"/>.</summary>
    public static MetricSummary Summary(SqlRow row, int at, string key) => new(
        key,
        row.NullableDouble(at + 1) ?? double.NaN,
        new Step(row.Int64(at + 2), (int)row.Int64(at + 3)),
        row.Int64(at + 4),
        row.NullableDouble(at + 5),
        row.NullableDouble(at + 6),
        row.NullableDouble(at + 7) ?? double.NaN,
        row.Int64(at + 8));

    private async ValueTask<Dictionary<long, List<T>>> PairsAsync<T>(
        string table, object runs, IReadOnlyList<string>? keys, Func<string, string, T> make, Func<T, string> keyOf, CancellationToken cancellationToken)
    {
        if (keys is { Count: 0 })
            return [];
        var query = OfRuns($"select x.run_no, x.key_id, x.value from {table} x", "x.run_no", runs, keys);
        var rows = await session.QueryAsync(query, row => (Run: row.Int64(0), Key: row.Int64(1), Value: row.Text(2)), cancellationToken);
        var nameOf = await names.FindAsync(session, rows.Select(r => r.Key), cancellationToken);
        return Group(rows, r => r.Run, r => make(nameOf[r.Key], r.Value), keyOf);
    }

    private async ValueTask<Dictionary<long, List<MetricSummary>>> MetricsAsync(
        object runs, IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        if (keys is { Count: 0 })
            return [];
        var query = OfRuns($"select x.run_no, {RunSql.LatestColumns} from metric_latest x", "x.run_no", runs, keys);
        var rows = await session.QueryAsync(query, row => (Run: row.Int64(0), Key: row.Int64(1), Summary: Summary(row, 1, "")), cancellationToken);
        var nameOf = await names.FindAsync(session, rows.Select(r => r.Key), cancellationToken);
        return Group(rows, r => r.Run, r => r.Summary with { Key = nameOf[r.Key] }, m => m.Key);
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
        {
            var owner = ownerOf(row);
            if (!groups.TryGetValue(owner, out var group))
                groups[owner] = group = [];
            group.Add(read(row));
        }

        if (keyOf is not null)
        {
            foreach (var group in groups.Values)
                group.Sort((a, b) => string.CompareOrdinal(keyOf(a), keyOf(b)));
        }

        return groups;
    }

    private static IReadOnlyList<T> Of<T>(Dictionary<long, List<T>> groups, long owner) => groups.GetValueOrDefault(owner) ?? [];
}
