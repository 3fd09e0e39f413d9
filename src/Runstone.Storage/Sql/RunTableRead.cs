using System.Text;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>
/// Reads the cells of a page of runs straight into columns: one statement a table, of the values that are asked for and nothing else of
/// a metric.
/// </summary>
internal sealed class RunTableRead
{
    /// <summary>From here on it is worth asking how many keys the runs have.</summary>
    private const int ManyKeys = 8;

    /// <summary>Looking up one row costs about as much as passing over so many.</summary>
    private const int PassedForALook = 6;

    private readonly SqlSession _session;
    private readonly IReadOnlyList<long> _numbers;
    private readonly IReadOnlyList<Field> _fields;
    private readonly RunTableColumn[] _columns;
    private readonly string[] _ids;
    private readonly Dictionary<long, int> _rows;

    private RunTableRead(SqlSession session, IReadOnlyList<long> numbers, IReadOnlyList<Field> fields)
    {
        (_session, _numbers, _fields, _ids) = (session, numbers, fields, new string[numbers.Count]);
        _columns = [.. fields.Select(f => IsNumber(f) ? (RunTableColumn)new NumberColumn(numbers.Count) : new TextColumn(numbers.Count))];
        _rows = new Dictionary<long, int>(numbers.Count);
        for (var row = 0; row < numbers.Count; row++)
            _rows.Add(numbers[row], row);
    }

    public static async ValueTask<RunTable> ReadAsync(
        SqlSession session, IReadOnlyList<long> numbers, IReadOnlyList<Field> fields, RunPosition? next, CancellationToken cancellationToken)
    {
        var read = new RunTableRead(session, numbers, fields);
        if (numbers.Count > 0)
            await read.RunAsync(cancellationToken);
        return new RunTable(read._ids, read._columns, next);
    }

    private static bool IsNumber(Field field) => field.Kind switch
    {
        FieldKind.Metric => true,
        FieldKind.Attribute => field.Key != RunFields.Experiment && RunFields.Numeric.Contains(field.Key),
        _ => false,
    };

    private async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var runs = _session.Dialect.List(_numbers);
        var facts = _fields.Any(f => f is { Kind: FieldKind.Attribute, Key: RunFields.Notes }) ? RunSql.Facts : RunSql.ShortFacts;
        var visits = new List<SqlVisit> { new(SqlText.Fixed($"{facts} where {_session.Dialect.InNumbers("r.run_no", "@runs")}", runs), ReadFacts) };
        foreach (var kind in (FieldKind[])[FieldKind.Param, FieldKind.Tag, FieldKind.Metric])
            await AddAsync(visits, kind, runs, cancellationToken);
        await _session.VisitLastAsync(visits, cancellationToken);
    }

    private async ValueTask AddAsync(List<SqlVisit> visits, FieldKind kind, object runs, CancellationToken cancellationToken)
    {
        var keys = _fields.Where(f => f.Kind == kind).Select(f => f.Key).Distinct(StringComparer.Ordinal).ToArray();
        if (keys.Length == 0)
            return;
        var (dialect, table) = (_session.Dialect, RunFieldPlaces.TableOf(kind));
        var list = dialect.List(keys);
        var cells = new Cells(_fields, _columns, kind);
        visits.Add(new(SqlText.Fixed($"{RunSql.KeyNames} where {dialect.InTexts("name", "@keys")}", list), row => cells.Name(row.Int64(0), row.Text(1))));

        // Added to zero, the key does not lead into the index: the rows of a run are passed over in one go.
        var key = await PassesAsync(table, keys.Length, cancellationToken) ? "x.key_id + 0" : "x.key_id";
        var statement = SqlText.Fixed(
            $"select x.run_no, x.key_id, {string.Join(", ", cells.Values)} from {table} x where {dialect.InNumbers("x.run_no", "@runs")} and {key} in (select id from key_name where {dialect.InTexts("name", "@keys")})",
            runs, list);
        visits.Add(new(statement, row => cells.Take(row, _rows)));
    }

    /// <summary>Whether most rows of the runs are wanted anyway, as far as some of the runs tell.</summary>
    private async ValueTask<bool> PassesAsync(string table, int keys, CancellationToken cancellationToken)
    {
        if (keys < ManyKeys)
            return false;
        long[] some = [_numbers[0], _numbers[_numbers.Count / 2], _numbers[^1]];
        var limit = (long)some.Length * keys * PassedForALook;
        var width = SqlText.Fixed(
            $"select count(*) from (select 1 from {table} x where {_session.Dialect.InNumbers("x.run_no", "@runs")} limit @limit) rows_of_some",
            _session.Dialect.List(some), limit);
        return await _session.FirstAsync(width, row => row.Int64(0), cancellationToken) < limit;
    }

    private void ReadFacts(SqlRow row)
    {
        var state = RunState.Read(row);
        var at = _rows[state.Number];
        _ids[at] = state.Run.Id;
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Kind != FieldKind.Attribute)
                continue;
            if (_columns[i] is TextColumn texts && Text(state.Run, _fields[i].Key) is { } text)
                texts.Set(at, Encoding.UTF8.GetBytes(text));
            else if (_columns[i] is NumberColumn numbers && Number(state.Run, _fields[i].Key) is { } number)
                numbers.Set(at, number);
        }
    }

    private static string? Text(Run run, string key) => key switch
    {
        RunFields.Id => run.Id,
        RunFields.Name => run.Name,
        RunFields.User => run.User,
        RunFields.Status => RunFieldPlaces.Word(run.Status),
        RunFields.Parent => run.ParentId,
        RunFields.ArtifactUri => run.ArtifactUri,
        RunFields.Notes => run.Notes.Length == 0 ? null : run.Notes,
        RunFields.Experiment => run.ExperimentId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "Runs have no such field."),
    };

    private static long? Number(Run run, string key) => key switch
    {
        RunFields.StartTime => run.StartTime,
        RunFields.EndTime => run.EndTime,
        RunFields.Duration => run.EndTime - run.StartTime,
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "Runs have no such field."),
    };

    /// <summary>Puts the rows of one table into the columns of their keys.</summary>
    private sealed class Cells
    {
        private readonly Dictionary<long, (RunTableColumn Column, int Value)[]> _ofKey = [];
        private readonly Dictionary<string, (RunTableColumn Column, int Value)[]> _ofName;
        private readonly bool[] _nullIsNaN;
        private long _run = -1;
        private int _row;

        public Cells(IReadOnlyList<Field> fields, IReadOnlyList<RunTableColumn> columns, FieldKind kind)
        {
            var ofKind = fields.Select((f, i) => (Field: f, Column: columns[i])).Where(f => f.Field.Kind == kind).ToArray();
            Values = [.. ofKind.Select(f => "x." + RunFieldPlaces.ValueColumn(f.Field)).Distinct(StringComparer.Ordinal)];
            _nullIsNaN = [.. Values.Select(v => v == "x.last")];
            _ofName = ofKind.GroupBy(f => f.Field.Key, f => (f.Column, Array.IndexOf(Values, "x." + RunFieldPlaces.ValueColumn(f.Field))), StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        }

        /// <summary>The columns that are read, after the run and the key.</summary>
        public string[] Values { get; }

        public void Name(long key, string name) => _ofKey[key] = _ofName[name];

        public void Take(SqlRow row, Dictionary<long, int> rows)
        {
            var run = row.Int64(0);
            if (run != _run)
                (_run, _row) = (run, rows[run]);
            foreach (var (column, value) in _ofKey[row.Int64(1)])
            {
                if (column is TextColumn texts)
                    texts.Set(_row, row.Utf8(2 + value));
                else if (row.NullableDouble(2 + value) is { } number)
                    ((NumberColumn)column).Set(_row, number);
                else if (_nullIsNaN[value])
                    ((NumberColumn)column).Set(_row, double.NaN);
            }
        }
    }
}
