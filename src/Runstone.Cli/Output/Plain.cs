using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Runstone.Cli.Output;

/// <summary>Makes text of others harmless and short enough for one line of a terminal.</summary>
internal static class Plain
{
    /// <summary>The text in one line, without characters that steer a terminal or turn the direction of writing.</summary>
    public static string Line(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            line.Append(c is '\n' or '\r' or '\t' ? ' ' : IsUnsafe(c) ? '\uFFFD' : c);
        return line.ToString();
    }

    /// <summary>The same over several lines.</summary>
    public static string Lines(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Line));

    /// <summary>At most so many columns; what was cut shows as an ellipsis.</summary>
    public static string Fit(string text, int width)
    {
        if (text.GetCellWidth() <= width)
            return text;
        var fitted = new StringBuilder();
        var room = width - 1;
        foreach (var element in Elements(text))
        {
            room -= element.GetCellWidth();
            if (room < 0)
                break;
            fitted.Append(element);
        }

        return fitted.Append('…').ToString();
    }

    private static IEnumerable<string> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            yield return elements.GetTextElement();
    }

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
