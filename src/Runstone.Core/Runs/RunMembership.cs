using System.Text;

namespace Runstone.Core.Runs;

/// <summary>The runs that agree in some texts.</summary>
/// <param name="Values">What they agree in, null where they have no value.</param>
/// <param name="RunIds">Who they are, in the order of the table.</param>
public sealed record RunMembers(IReadOnlyList<string?> Values, IReadOnlyList<string> RunIds);

/// <summary>Which runs are together in a group.</summary>
/// <param name="Groups">The largest first, then the one that was met first.</param>
/// <param name="Complete">Whether these are all runs that match.</param>
public sealed record RunMembership(IReadOnlyList<RunMembers> Groups, bool Complete)
{
    /// <summary>Puts the runs of a table of texts together.</summary>
    public static RunMembership Of(RunTable table)
    {
        var groupOfRow = new int[table.Ids.Count];
        var firstOf = new List<int>();
        foreach (var column in table.Columns)
            firstOf = Split(groupOfRow, (TextColumn)column);
        var runs = new List<string>?[Math.Max(1, firstOf.Count)];
        for (var row = 0; row < groupOfRow.Length; row++)
            (runs[groupOfRow[row]] ??= []).Add(table.Ids[row]);
        var groups = runs.OfType<List<string>>().Select((ids, group) => new RunMembers([.. table.Columns.Select(c => Text(c, firstOf[group]))], ids));
        return new RunMembership([.. groups.OrderByDescending(g => g.RunIds.Count)], table.Next is null);
    }

    /// <summary>Splits the groups by one more text; returns the first row of each that there is now.</summary>
    private static List<int> Split(int[] groupOfRow, TextColumn column)
    {
        var texts = new TextNumbers();
        var groups = new Dictionary<(int Outer, int Text), int>();
        var firstOf = new List<int>();
        for (var row = 0; row < groupOfRow.Length; row++)
        {
            var place = (groupOfRow[row], column.Has(row) ? texts.Of(column[row]) : -1);
            if (!groups.TryGetValue(place, out groupOfRow[row]))
            {
                groups[place] = groupOfRow[row] = firstOf.Count;
                firstOf.Add(row);
            }
        }

        return firstOf;
    }

    private static string? Text(RunTableColumn column, int row) => column.Has(row) ? Encoding.UTF8.GetString(((TextColumn)column)[row]) : null;
}
