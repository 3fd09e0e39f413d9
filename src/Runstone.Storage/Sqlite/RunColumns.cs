using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>Reads the runs of a page with their columns: one statement a table, whatever the number of runs.</summary>
internal sealed class RunColumns(SqliteSession session, KeyNames names)
{
    private const string Runs = "in (select value from json_each(@runs))";
    private const string Keys = " and x.key_id in (select id from key_name where name in (select value from json_each(@keys)))";

    public List<RunDetails> Read(IReadOnlyList<long> numbers, RunProjection columns)
    {
        if (numbers.Count == 0)
            return [];
        var list = (string)SqliteDialect.Instance.List(numbers);
        var states = SqliteSession.ReadAll(session.Prepare($"{RunSql.Facts} where r.run_no {Runs}").Bind(1, list), RunState.Read)
            .ToDictionary(s => s.Number, s => s.Run);
        var parameters = Pairs("params", list, columns.Params, (key, value) => new Param(key, value), p => p.Key);
        var tags = Pairs("tags", list, columns.Tags, (key, value) => new Tag(key, value), t => t.Key);
        var metrics = Metrics(list, columns.Metrics);
        var inputs = columns.Inputs ? Inputs(list) : [];
        var models = columns.Inputs ? Models(list) : [];

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
    public static MetricSummary Summary(SqliteStatement row, int at, string key) => new(
        key,
        row.NullableDouble(at + 1) ?? double.NaN,
        new Step(row.Int64(at + 2), (int)row.Int64(at + 3)),
        row.Int64(at + 4),
        row.NullableDouble(at + 5),
        row.NullableDouble(at + 6),
        row.NullableDouble(at + 7) ?? double.NaN,
        row.Int64(at + 8));

    private Dictionary<long, List<T>> Pairs<T>(
        string table, string runs, IReadOnlyList<string>? keys, Func<string, string, T> make, Func<T, string> keyOf)
    {
        if (keys is { Count: 0 })
            return [];
        var statement = Prepare($"select x.run_no, x.key_id, x.value from {table} x where x.run_no {Runs}", runs, keys);
        return Group(statement, row => make(names.Get(session, row.Int64(1)), row.Text(2)), keyOf);
    }

    private Dictionary<long, List<MetricSummary>> Metrics(string runs, IReadOnlyList<string>? keys)
    {
        if (keys is { Count: 0 })
            return [];
        var statement = Prepare($"select x.run_no, {RunSql.LatestColumns} from metric_latest x where x.run_no {Runs}", runs, keys);
        return Group(statement, row => Summary(row, 1, names.Get(session, row.Int64(1))), m => m.Key);
    }

    private SqliteStatement Prepare(string sql, string runs, IReadOnlyList<string>? keys)
    {
        var statement = session.Prepare(keys is null ? sql : sql + Keys).Bind(1, runs);
        return keys is null ? statement : statement.Bind(2, (string)SqliteDialect.Instance.List(keys));
    }

    private static Dictionary<long, List<T>> Group<T>(SqliteStatement statement, Func<SqliteStatement, T> read, Func<T, string> keyOf)
    {
        var groups = new Dictionary<long, List<T>>();
        foreach (var (run, item) in SqliteSession.ReadAll(statement, row => (Run: row.Int64(0), Item: read(row))))
            Add(groups, run, item);
        foreach (var group in groups.Values)
            group.Sort((a, b) => string.CompareOrdinal(keyOf(a), keyOf(b)));
        return groups;
    }

    private Dictionary<long, List<DatasetInput>> Inputs(string runs)
    {
        var tags = new Dictionary<long, List<Tag>>();
        foreach (var (input, tag) in SqliteSession.ReadAll(
            session.Prepare($"{RunSql.InputTags} where x.run_no {Runs}").Bind(1, runs), row => (row.Int64(0), new Tag(row.Text(1), row.Text(2)))))
            Add(tags, input, tag);

        var groups = new Dictionary<long, List<DatasetInput>>();
        foreach (var (run, input) in SqliteSession.ReadAll(
            session.Prepare($"{RunSql.Inputs} where x.run_no {Runs} order by x.id").Bind(1, runs), row => (row.Int64(7), Input(row, tags))))
            Add(groups, run, input);
        return groups;
    }

    private static DatasetInput Input(SqliteStatement row, Dictionary<long, List<Tag>> tags)
    {
        var dataset = new Dataset(row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.NullableText(5), row.NullableText(6));
        var own = tags.GetValueOrDefault(row.Int64(0)) ?? [];
        own.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new DatasetInput(dataset, own);
    }

    private Dictionary<long, List<ModelLink>> Models(string runs)
    {
        var groups = new Dictionary<long, List<ModelLink>>();
        foreach (var (run, link) in SqliteSession.ReadAll(
            session.Prepare($"{RunSql.Models} where x.run_no {Runs} order by x.id").Bind(1, runs),
            row => (row.Int64(0), new ModelLink(row.Text(1), (ModelDirection)row.Int64(2), row.Int64(3)))))
            Add(groups, run, link);
        return groups;
    }

    private static void Add<T>(Dictionary<long, List<T>> groups, long owner, T item)
    {
        if (!groups.TryGetValue(owner, out var group))
            groups[owner] = group = [];
        group.Add(item);
    }

    private static IReadOnlyList<T> Of<T>(Dictionary<long, List<T>> groups, long owner) => groups.GetValueOrDefault(owner) ?? [];
}
