using System.Text;

namespace Runstone.Storage.Sql;

/// <summary>
/// SQL's LIKE with <c>%</c> and <c>_</c> and no escape character, for engines whose own differs. <c>_</c> is one code point;
/// without regard to case, letters are compared by their simple upper-case mapping.
/// </summary>
internal static class LikePattern
{
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool ignoreCase)
    {
        var (p, t) = (0, 0);
        var (resumePattern, resumeText) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                (resumePattern, resumeText) = (++p, t);
            }
            else if (p < pattern.Length && Matches(pattern, ref p, text, ref t, ignoreCase))
            {
            }
            else if (resumePattern >= 0)
            {
                resumeText += WidthAt(text, resumeText);
                (p, t) = (resumePattern, resumeText);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '%')
            p++;
        return p == pattern.Length;
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ref int p, ReadOnlySpan<char> text, ref int t, bool ignoreCase)
    {
        var width = WidthAt(text, t);
        if (pattern[p] == '_')
        {
            p++;
            t += width;
            return true;
        }

        var patternWidth = WidthAt(pattern, p);
        if (patternWidth != width || !Same(pattern.Slice(p, width), text.Slice(t, width), ignoreCase))
            return false;
        p += width;
        t += width;
        return true;
    }

    private static bool Same(ReadOnlySpan<char> left, ReadOnlySpan<char> right, bool ignoreCase) =>
        left.SequenceEqual(right) || (ignoreCase && left.Equals(right, StringComparison.OrdinalIgnoreCase));

    private static int WidthAt(ReadOnlySpan<char> text, int at)
    {
        Rune.DecodeFromUtf16(text[at..], out _, out var width);
        return width;
    }
}
