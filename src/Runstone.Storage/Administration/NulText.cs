using System.Globalization;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Stores of earlier versions may have texts with U+0000, which not every engine keeps: U+2400 (␀) stands for it then.</summary>
internal static class NulText
{
    /// <summary>Replaces in place; hands over a description of each value that changed.</summary>
    public static void Replace(StoreTable table, List<StoreRow> rows, Action<string>? changed)
    {
        foreach (var row in rows)
            Replace(table, row, changed);
    }

    public static void Replace(StoreTable table, StoreRow row, Action<string>? changed)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            if (row.Values[i] is not string text || !text.Contains('\0', StringComparison.Ordinal))
                continue;
            row.Values[i] = text.Replace('\0', '\u2400');
            changed?.Invoke(Describe(table, row.Owner, table.Table.Columns[i]));
        }
    }

    private static string Describe(StoreTable table, long owner, SqlColumn column) =>
        string.Create(CultureInfo.InvariantCulture, $"{table.Name}.{column.Name}, {table.Owner} {owner}: U+0000 became U+2400");
}
