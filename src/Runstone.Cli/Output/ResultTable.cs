using Spectre.Console;

namespace Runstone.Cli.Output;

/// <summary>A column of a table for people.</summary>
/// <param name="Header">Its title.</param>
/// <param name="Right">Numbers stand at the right.</param>
/// <param name="Cuttable">Long text may be cut when the terminal is narrow.</param>
/// <param name="Style">How its cells look; null for the default.</param>
internal sealed record TableColumn(string Header, bool Right = false, bool Cuttable = false, Func<string, string>? Style = null);

/// <summary>
/// A table that fits the terminal: first the cuttable columns become narrower, then columns are left out from the right and
/// named below. Without a terminal everything is written in full.
/// </summary>
internal sealed class ResultTable(params IReadOnlyList<TableColumn> columns)
{
    private const int Gap = 2;
    private const int LeastWidth = 8;

    private readonly List<string[]> _rows = [];

    public void Add(params ReadOnlySpan<string> cells)
    {
        var row = new string[columns.Count];
        for (var i = 0; i < row.Length; i++)
            row[i] = Plain.Line(cells[i]);
        _rows.Add(row);
    }

    public void Write(Terminal terminal)
    {
        var widths = Widths();
        var shown = terminal.Width is { } width ? FitTo(width, widths) : columns.Count;
        var table = new Table().Border(TableBorder.None);
        for (var i = 0; i < shown; i++)
        {
            var column = new Spectre.Console.TableColumn(new Text(Plain.Fit(columns[i].Header, widths[i]), new Style(decoration: Decoration.Bold)))
                .NoWrap().PadLeft(0).PadRight(i == shown - 1 ? 0 : Gap).Width(widths[i]);
            table.AddColumn(columns[i].Right ? column.RightAligned() : column);
        }

        foreach (var row in _rows)
            table.AddRow(row.Take(shown).Select((cell, i) => Cell(columns[i], cell, widths[i])));
        terminal.Draw().Write(table);
        if (shown < columns.Count)
            terminal.Remark($"Not shown for lack of width: {string.Join(", ", columns.Skip(shown).Select(c => c.Header))}.");
    }

    private static Text Cell(TableColumn column, string cell, int width)
    {
        var style = column.Style?.Invoke(cell);
        return new Text(Plain.Fit(cell, width), style is null ? Style.Plain : Style.Parse(style));
    }

    private int[] Widths()
    {
        var widths = columns.Select(c => Plain.Line(c.Header).GetCellWidth()).ToArray();
        foreach (var row in _rows)
        {
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].GetCellWidth());
        }

        return widths;
    }

    // Returns how many columns are shown; makes their widths fit.
    private int FitTo(int width, int[] widths)
    {
        var shown = columns.Count;
        while (true)
        {
            var excess = widths.Take(shown).Sum() + (Gap * (shown - 1)) - width;
            if (excess <= 0)
                return shown;
            var cuttable = Enumerable.Range(0, shown).Where(i => columns[i].Cuttable && widths[i] > LeastWidth).ToArray();
            if (cuttable.Sum(i => widths[i] - LeastWidth) >= excess)
            {
                // The widest gives way first, one column at a time, so that short ones stay whole.
                for (; excess > 0; excess--)
                    widths[cuttable.MaxBy(i => widths[i])]--;
                return shown;
            }

            if (shown == 1)
            {
                widths[0] = Math.Max(1, width);
                return 1;
            }

            shown--;
        }
    }
}
