using System.Globalization;
using Runstone.Core.Errors;

namespace Runstone.Formats.Tables;

/// <summary>What reading a table may take, whatever the file is.</summary>
internal static class TableLimits
{
    public const int MaxColumns = 10_000;

    /// <summary>Cells of one page.</summary>
    public const int MaxCells = 200_000;

    /// <summary>Characters of all texts of one page; a page ends early behind them.</summary>
    public const int MaxPageText = 4 * 1024 * 1024;

    /// <summary>Characters of a cell; longer ones are cut.</summary>
    public const int MaxCellText = 8192;

    /// <summary>Characters or bytes that are read to come to the first row of a page.</summary>
    public const int MaxScan = 256 * 1024 * 1024;

    /// <summary>Files up to this size are read to their end, so that the rows are counted.</summary>
    public const int MaxCounted = 16 * 1024 * 1024;

    /// <summary>Rows from which the types of columns are inferred.</summary>
    public const int LookedAt = 1000;

    public const int MaxRemarks = 10;

    /// <summary>How many rows a page of so many columns has at most.</summary>
    public static int Rows(int limit, int columns) => Math.Min(limit, Math.Max(1, MaxCells / Math.Max(1, columns)));

    /// <summary>The text, or its beginning with an ellipsis.</summary>
    public static string Cut(string text) => text.Length <= MaxCellText ? text : string.Concat(text.AsSpan(0, MaxCellText), "…");

    public static RunstoneException Malformed(string name, string what) => new(Error.Invalid("path", $"'{Shown(name)}' cannot be read as a table: {what}"));

    public static RunstoneException AtLine(string name, long line, string what) =>
        Malformed(name, string.Create(CultureInfo.InvariantCulture, $"line {line}: {what}"));

    public static RunstoneException TooFar(string name) => new(new Error(
        ErrorCode.TooLarge, $"The row lies more than {MaxScan} bytes behind the beginning of '{Shown(name)}'; download the file to see it.", "offset"));

    private static string Shown(string name) => name.Length <= 200 ? name : string.Concat(name.AsSpan(0, 200), "…");
}
