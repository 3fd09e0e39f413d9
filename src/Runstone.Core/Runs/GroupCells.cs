namespace Runstone.Core.Runs;

/// <summary>The cells of one column of all runs that are grouped, and the figures of any group of them.</summary>
internal sealed class GroupCells(GroupGoal goal)
{
    private const int NoText = -1;

    private readonly TextNumbers _texts = new();
    private readonly List<int> _textOfRun = [];
    private readonly List<double> _numberOfRun = [];
    private readonly List<bool> _hasNumber = [];
    private double[] _buffer = [];

    /// <summary>Adds the next runs; the columns are all of numbers, or all of texts.</summary>
    public void Add(RunTableColumn column)
    {
        for (var row = 0; row < column.Rows; row++)
        {
            if (column is TextColumn texts)
            {
                _textOfRun.Add(texts.Has(row) ? _texts.Of(texts[row]) : NoText);
                continue;
            }

            _hasNumber.Add(column.Has(row));
            _numberOfRun.Add(((NumberColumn)column)[row]);
        }
    }

    public GroupFigures Figures(ReadOnlySpan<int> rows, IReadOnlyList<string> runs) =>
        _textOfRun.Count > 0 ? FiguresOfTexts(rows) : FiguresOfNumbers(rows, runs);

    private TextFigures FiguresOfTexts(ReadOnlySpan<int> rows)
    {
        var (count, met) = (0, new HashSet<int>());
        foreach (var row in rows)
        {
            if (_textOfRun[row] == NoText)
                continue;
            count++;
            met.Add(_textOfRun[row]);
        }

        return new TextFigures(count, met.Count, met.Count == 1 ? _texts[met.First()] : null);
    }

    private NumberFigures FiguresOfNumbers(ReadOnlySpan<int> rows, IReadOnlyList<string> runs)
    {
        if (_buffer.Length < rows.Length)
            _buffer = new double[rows.Length];
        var (count, notFinite, best) = (0, 0, -1);
        var (mean, squares) = (0.0, 0.0);
        foreach (var row in rows)
        {
            if (!_hasNumber[row])
                continue;
            var value = _numberOfRun[row];
            if (!double.IsFinite(value))
            {
                notFinite++;
                continue;
            }

            _buffer[count++] = value;
            var distance = value - mean;
            mean += distance / count;
            squares += distance * (value - mean);
            if (best < 0 || IsBetter(value, _numberOfRun[best]))
                best = row;
        }

        if (count == 0)
            return new NumberFigures(0, notFinite, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, null);
        var sorted = _buffer.AsSpan(0, count);
        sorted.Sort();
        var (low, high) = (sorted[(count - 1) / 2], sorted[count / 2]);
        return new NumberFigures(
            count, notFinite, mean, Math.Sqrt(squares / Math.Max(1, count - 1)), sorted[0], sorted[^1], low == high ? low : (low / 2) + (high / 2),
            goal == GroupGoal.None ? null : new BestRun(runs[best], _numberOfRun[best]));
    }

    private bool IsBetter(double value, double than) => goal == GroupGoal.Max ? value > than : goal == GroupGoal.Min && value < than;
}
