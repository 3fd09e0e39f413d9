using System.Text;

namespace Runstone.Formats.Mlflow;

/// <summary>Spells values as Python prints them, because error texts that scripts match contain such lists.</summary>
internal static class PythonText
{
    /// <summary>A string literal: single quotes unless the text has single and no double ones.</summary>
    public static string Repr(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => result.Append(@"\\"),
                '\n' => result.Append(@"\n"),
                '\r' => result.Append(@"\r"),
                '\t' => result.Append(@"\t"),
                _ when c == quote => result.Append('\\').Append(c),
                _ when char.IsControl(c) => result.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => result.Append(c),
            };
        }

        return result.Append(quote).ToString();
    }

    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Repr))}]";

    public static string Set(IEnumerable<string> items) => $"{{{string.Join(", ", items.Select(Repr))}}}";

    /// <summary>The length as Python counts it: characters outside the basic plane are one.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        foreach (var c in text)
        {
            if (char.IsHighSurrogate(c))
                length--;
        }

        return length;
    }

    /// <summary>The first <paramref name="max"/> characters, as Python counts them.</summary>
    public static string Truncate(string text, int max)
    {
        if (text.Length <= max)
            return text;
        var (count, index) = (0, 0);
        while (index < text.Length && count < max)
        {
            index += index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
            count++;
        }

        return text[..index];
    }
}
