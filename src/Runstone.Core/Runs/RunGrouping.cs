using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>
/// Puts tables of runs together by group: eight bytes a cell and each distinct text once are all that it keeps. The first column of a table is what
/// is grouped by, the others are those of the query.
/// </summary>
public sealed class RunGrouping
{
    private readonly RunGroupQuery _query;
    private readonly GroupCells[] _columns;
    private readonly List<string> _runs = [];
    private readonly List<int> _groupOfRun = [];
    private readonly List<Literal?> _values = [];
    private readonly Dictionary<double, int> _ofNumber = [];
    private readonly TextNumbers _texts = new();
    private readonly List<int> _ofText = [];
    private int _without = -1;

    public RunGrouping(RunGroupQuery query)
    {
        _query = query;
        _columns = [.. query.Columns.Select(c => new GroupCells(c.Goal))];
    }

    /// <summary>How many runs were added.</summary>
    public int Runs => _runs.Count;

    /// <summary>Adds runs; of several that are equally good, the one that came first is the best.</summary>
    public void Add(RunTable table)
    {
        _runs.AddRange(table.Ids);
        for (var row = 0; row < table.Ids.Count; row++)
            _groupOfRun.Add(GroupOf(table.Columns[0], row));
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Add(table.Columns[i + 1]);
    }

    /// <summary>The page that the query asks for.</summary>
    public RunGroups Build()
    {
        var rows = new GroupRows(_groupOfRun, _values.Count);
        var order = Ordered(rows);
        var page = order.Skip(_query.Skip).Take(_query.Limit)
            .Select(g => new GroupOfRuns(_values[g], rows.Of(g).Length, [.. _columns.Select(c => c.Figures(rows.Of(g), _runs))]));
        return new RunGroups([.. page], _values.Count, _runs.Count);
    }

    private int GroupOf(RunTableColumn column, int row)
    {
        if (!column.Has(row))
            return _without >= 0 ? _without : _without = Open(null);
        if (column is TextColumn texts)
        {
            var text = _texts.Of(texts[row]);
            if (text == _ofText.Count)
                _ofText.Add(Open(Literal.Of(_texts[text])));
            return _ofText[text];
        }

        var number = ((NumberColumn)column)[row];
        if (!_ofNumber.TryGetValue(number, out var group))
            _ofNumber[number] = group = Open(Literal.Of(number));
        return group;
    }

    private int Open(Literal? value)
    {
        _values.Add(value);
        return _values.Count - 1;
    }

    private IEnumerable<int> Ordered(GroupRows rows)
    {
        var ordered = Enumerable.Range(0, _values.Count).OrderBy(_ => 0);
        foreach (var ordering in _query.OrderBy)
        {
            if (ordering.Figure == GroupFigure.Value)
                ordered = ordering.Descending ? ByValue(ordered, -1) : ByValue(ordered, 1);
            else
                ordered = ByFigure(ordered, ordering, FiguresOf(ordering, rows));
        }

        return ByValue(ordered.ThenByDescending(g => rows.Of(g).Length), 1);
    }

    private double?[] FiguresOf(GroupOrdering ordering, GroupRows rows)
    {
        var groups = Enumerable.Range(0, _values.Count);
        if (ordering.Figure == GroupFigure.Count)
            return [.. groups.Select(g => (double?)rows.Of(g).Length)];
        var column = _columns[_query.Columns.TakeWhile(c => c.Field != ordering.Field).Count()];
        return [.. groups.Select(g => column.Figures(rows.Of(g), _runs).Of(ordering.Figure))];
    }

    private static IOrderedEnumerable<int> ByFigure(IOrderedEnumerable<int> groups, GroupOrdering ordering, double?[] figures)
    {
        var known = groups.ThenBy(g => figures[g] is null);
        return ordering.Descending ? known.ThenByDescending(g => figures[g]) : known.ThenBy(g => figures[g]);
    }

    /// <summary>Numbers ascending with NaN behind, texts ordinally; no value comes last in either direction.</summary>
    private IOrderedEnumerable<int> ByValue(IOrderedEnumerable<int> groups, int direction) =>
        groups.ThenBy(g => _values[g] switch { null => 2, { IsText: false, Number: double.NaN } => 1, _ => 0 })
            .ThenBy(g => _values[g], Comparer<Literal?>.Create((a, b) => direction * (a?.Text is { } text
                ? string.CompareOrdinal(text, b?.Text)
                : (a?.Number ?? 0).CompareTo(b?.Number ?? 0))));
}
