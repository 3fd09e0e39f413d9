using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>One page of runs as columns: what a wide table shows, without an object a value.</summary>
/// <param name="Ids">The runs, in the order asked for.</param>
/// <param name="Columns">One for each field asked for, in that order; each has a cell for every run.</param>
/// <param name="Next">The position of the last run when at least one more matched after it; else null.</param>
public sealed record RunTable(IReadOnlyList<string> Ids, IReadOnlyList<RunTableColumn> Columns, RunPosition? Next)
{
    /// <summary>Runs times columns of one table.</summary>
    public const int MaxCells = 2_000_000;
}

/// <summary>The cells of one field; a run that lacks it has an empty one. Filled once by whoever makes it.</summary>
public abstract class RunTableColumn(int rows)
{
    private readonly bool[] _filled = new bool[rows];

    /// <summary>How many cells.</summary>
    public int Rows => _filled.Length;

    /// <summary>Whether the cell has a value.</summary>
    public bool Has(int row) => _filled[row];

    private protected void Fill(int row) => _filled[row] = true;
}

/// <summary>Numbers: the last, least or greatest value of a metric, times in Unix milliseconds, durations in milliseconds.</summary>
public sealed class NumberColumn(int rows) : RunTableColumn(rows)
{
    private readonly double[] _values = new double[rows];

    /// <summary>The number of a cell that has one; NaN is a number.</summary>
    public double this[int row] => _values[row];

    /// <summary>Fills a cell.</summary>
    public void Set(int row, double value)
    {
        Fill(row);
        _values[row] = value;
    }
}

/// <summary>Texts, held as UTF-8 one behind the other.</summary>
public sealed class TextColumn(int rows) : RunTableColumn(rows)
{
    private const int ExpectedBytes = 16;

    private readonly (int Start, int Length)[] _cells = new (int, int)[rows];
    private byte[] _bytes = new byte[rows * ExpectedBytes];
    private int _used;

    /// <summary>The text of a cell that has one, as UTF-8.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_cells[row].Start, _cells[row].Length);

    /// <summary>Fills a cell.</summary>
    public void Set(int row, ReadOnlySpan<byte> utf8)
    {
        if (_bytes.Length - _used < utf8.Length)
            Array.Resize(ref _bytes, Math.Max(_used + utf8.Length, (int)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        utf8.CopyTo(_bytes.AsSpan(_used));
        _cells[row] = (_used, utf8.Length);
        _used += utf8.Length;
        Fill(row);
    }
}
