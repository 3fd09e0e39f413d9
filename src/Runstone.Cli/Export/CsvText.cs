namespace Runstone.Cli.Export;

/// <summary>Comma-separated values as RFC 4180 has them, with line feeds.</summary>
internal static class CsvText
{
    private static readonly char[] Special = [',', '"', '\n', '\r'];

    public static async Task WriteRowAsync(TextWriter writer, IEnumerable<string> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first)
                await writer.WriteAsync(',');
            first = false;
            await writer.WriteAsync(Quote(cell));
        }

        await writer.WriteAsync('\n');
    }

    private static string Quote(string cell) =>
        cell.IndexOfAny(Special) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
