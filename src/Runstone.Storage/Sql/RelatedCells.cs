using System.Text;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>Fills the columns that come from what a run is related to: the runs nested in it and the datasets it read.</summary>
internal sealed class RelatedCells
{
    private readonly NumberColumn[] _children;
    private readonly TextColumn[] _inputs;
    private readonly Dictionary<long, int> _rows;
    private readonly Dictionary<int, StringBuilder> _texts = [];

    /// <param name="fields">All fields of the table that is made.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="rows">The row of each run.</param>
    public RelatedCells(IReadOnlyList<Field> fields, IReadOnlyList<RunTableColumn> columns, Dictionary<long, int> rows)
    {
        _rows = rows;
        _children = [.. Of(RunColumnFields.Children).Cast<NumberColumn>()];
        _inputs = [.. Of(RunColumnFields.Inputs).Cast<TextColumn>()];

        IEnumerable<RunTableColumn> Of(string attribute) =>
            columns.Where((_, i) => fields[i].Kind == FieldKind.Attribute && fields[i].Key == attribute);
    }

    /// <summary>Whether the field is filled here.</summary>
    public static bool Has(Field field) => field is { Kind: FieldKind.Attribute, Key: RunColumnFields.Children or RunColumnFields.Inputs };

    /// <summary>Adds the reads that the columns need; after them comes <see cref="Complete"/>.</summary>
    public void AddTo(List<SqlVisit> visits, SqlDialect dialect, IReadOnlyList<long> experiments, object runs)
    {
        if (_children.Length > 0)
            visits.Add(new(CountChildren(dialect, experiments, runs), TakeChildren));
        if (_inputs.Length > 0)
            visits.Add(new(SqlText.Fixed($"{RunSql.InputNames} where {dialect.InNumbers("x.run_no", "@runs")} order by x.id", runs), TakeInput));
    }

    /// <summary>Fills what took several rows.</summary>
    public void Complete()
    {
        foreach (var (row, text) in _texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text.ToString());
            foreach (var column in _inputs)
                column.Set(row, utf8);
        }
    }

    private static SqlText CountChildren(SqlDialect dialect, IReadOnlyList<long> experiments, object runs) => experiments.Count == 0
        ? SqlText.Fixed($"{RunSql.ChildCounts("")} where {dialect.InNumbers("r.run_no", "@runs")}", runs)
        : SqlText.Fixed(
            $"{RunSql.ChildCounts($" and {dialect.InNumbers("c.experiment_id", "@experiments")}")} where {dialect.InNumbers("r.run_no", "@runs")}",
            dialect.List(experiments), runs);

    private void TakeChildren(SqlRow row)
    {
        foreach (var column in _children)
            column.Set(_rows[row.Int64(0)], row.Int64(1));
    }

    private void TakeInput(SqlRow row)
    {
        var at = _rows[row.Int64(0)];
        if (_texts.TryGetValue(at, out var text))
            text.Append('\n');
        else
            _texts[at] = text = new StringBuilder();
        text.Append(row.Text(1)).Append('@').Append(row.Text(2));
    }
}
