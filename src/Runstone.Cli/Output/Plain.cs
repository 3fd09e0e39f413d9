using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Runstone.Cli.Output;

/// <summary>Makes text of others harmless and short enough for one line of a terminal.</summary>
internal static partial class Plain
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

    /// <summary>
    /// A line that a program wrote to its console, with its tabs: its colours where the terminal shows them, else without; all other
    /// sequences that steer a terminal are left out.
    /// </summary>
    public static string Coloured(string text, bool keepsColours)
    {
        var shown = new StringBuilder(text.Length);
        var (at, isColoured) = (0, false);
        foreach (var sequence in EscapeSequences().EnumerateMatches(text))
        {
            Append(shown, text.AsSpan(at, sequence.Index - at));
            at = sequence.Index + sequence.Length;
            var written = text.AsSpan(sequence.Index, sequence.Length);
            if (!keepsColours || !IsColour(written))
                continue;
            shown.Append(written);
            isColoured = true;
        }

        Append(shown, text.AsSpan(at));
        return isColoured ? shown.Append("\u001b[0m").ToString() : shown.ToString();
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

    private static void Append(StringBuilder shown, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            shown.Append(c != '\t' && IsUnsafe(c) ? '\uFFFD' : c);
    }

    // With '<' to '?' before the numbers the same letter sets what keys send.
    private static bool IsColour(ReadOnlySpan<char> sequence) =>
        sequence is ['\u001b', '[', .. var numbers, 'm'] && !numbers.ContainsAnyExcept("0123456789;:");

    [GeneratedRegex(@"\x1B(?:\[[0-?]{0,64}[ -/]{0,4}[@-~]|\][^\x07\x1B]{0,4096}(?:\x07|\x1B\\)?|[ -/]{0,4}[0-~])", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex EscapeSequences();

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
