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
    private readonly SqlSession _session;
    private readonly IReadOnlyList<long> _experiments;
    private readonly IReadOnlyList<long> _numbers;
    private readonly IReadOnlyList<Field> _fields;
    private readonly RunTableColumn[] _columns;
    private readonly string[] _ids;
    private readonly Dictionary<long, int> _rows;

    private RunTableRead(SqlSession session, IReadOnlyList<long> experiments, IReadOnlyList<long> numbers, IReadOnlyList<Field> fields)
    {
        (_session, _experiments, _numbers, _fields, _ids) = (session, experiments, numbers, fields, new string[numbers.Count]);
        _columns = [.. fields.Select(f => RunColumnFields.IsNumber(f) ? (RunTableColumn)new NumberColumn(numbers.Count) : new TextColumn(numbers.Count))];
        _rows = new Dictionary<long, int>(numbers.Count);
        for (var row = 0; row < numbers.Count; row++)
            _rows.Add(numbers[row], row);
    }

    /// <param name="session">The instant.</param>
    /// <param name="experiments">Those that are looked in for children; empty means all.</param>
    /// <param name="page">The runs.</param>
    /// <param name="fields">The columns.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<RunTable> ReadAsync(
        SqlSession session, IReadOnlyList<long> experiments, (IReadOnlyList<long> Numbers, RunPosition? Next) page, IReadOnlyList<Field> fields,
        CancellationToken cancellationToken)
    {
        var read = new RunTableRead(session, experiments, page.Numbers, fields);
        if (page.Numbers.Count > 0)
            await read.RunAsync(cancellationToken);
        return new RunTable(read._ids, read._columns, page.Next);
    }

    private async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var runs = _session.Dialect.List(_numbers);
        var facts = !_fields.Any(f => f.Kind == FieldKind.Attribute && !RelatedCells.Has(f)) ? RunSql.Ids
            : _fields.Any(f => f is { Kind: FieldKind.Attribute, Key: RunFields.Notes }) ? RunSql.Facts : RunSql.ShortFacts;
        var visits = new List<SqlVisit>
        {
            new(SqlText.Fixed($"{facts} where {_session.Dialect.InNumbers("r.run_no", "@runs")}", runs), facts == RunSql.Ids ? ReadId : ReadFacts),
        };
        foreach (var kind in (FieldKind[])[FieldKind.Param, FieldKind.Tag, FieldKind.Metric])
            await AddAsync(visits, kind, runs, cancellationToken);
        var related = new RelatedCells(_fields, _columns, _rows);
        related.AddTo(visits, _session.Dialect, _experiments, runs);
        await _session.VisitLastAsync(visits, cancellationToken);
        related.Complete();
    }

    private async ValueTask AddAsync(List<SqlVisit> visits, FieldKind kind, object runs, CancellationToken cancellationToken)
    {
        var keys = _fields.Where(f => f.Kind == kind).Select(f => f.Key).Distinct(StringComparer.Ordinal).ToArray();
        if (keys.Length == 0)
            return;
        var (dialect, table) = (_session.Dialect, RunFieldPlaces.TableOf(kind));
        var list = dialect.List(keys);
        var cells = new TableCells(_fields, _columns, kind, _rows);
        visits.Add(new(SqlText.Fixed($"{RunSql.KeyNames} where {dialect.InTexts("name", "@keys")}", list), row => cells.Name(row.Int64(0), row.Text(1))));
        if (cells.Values is ["x.last"] && await LatestScan.IsCheaperAsync(_session, _experiments, _numbers.Count, cancellationToken))
        {
            visits.Add(new(LatestScan.Select(dialect, _experiments[0], list), cells.TakeIfAsked));
            return;
        }

        var hasKey = await KeyedTable.HasKeyAsync(_session, table, _numbers, keys.Length, cancellationToken);
        visits.Add(dialect.Packed(table, cells.Values, kind != FieldKind.Metric, "@runs", hasKey) is { } packed
            ? new(SqlText.Fixed(packed, runs, list), cells.TakePacked)
            : new(SqlText.Fixed($"select x.run_no, x.key_id, {string.Join(", ", cells.Values)} from {dialect.OfRuns(table, "@runs", hasKey)}", runs, list), cells.Take));
    }

    private void ReadId(SqlRow row) => _ids[_rows[row.Int64(0)]] = row.Text(1);

    private void ReadFacts(SqlRow row)
    {
        var state = RunState.Read(row);
        var at = _rows[state.Number];
        _ids[at] = state.Run.Id;
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Kind != FieldKind.Attribute || RelatedCells.Has(_fields[i]))
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
        RunColumnFields.Lifecycle => RunFieldPlaces.Word(run.Lifecycle),
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
}
