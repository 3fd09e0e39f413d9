namespace Runstone.Core.Console;

/// <summary>What a terminal shows of a text: escape sequences left out (ECMA-48, sections 5.3 to 5.6).</summary>
internal static class PlainText
{
    private const byte Escape = 0x1B;
    private const byte Bell = 0x07;

    /// <summary>Whether there is something to leave out.</summary>
    public static bool IsNeeded(ReadOnlySpan<byte> text) => text.Contains(Escape);

    /// <summary>
    /// Writes UTF-8 without its escape sequences and returns its length, at most that of the text. Line feeds stay: a sequence that is not
    /// complete ends with its line.
    /// </summary>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var next = text.IndexOf(Escape);
            var shown = next < 0 ? text : text[..next];
            shown.CopyTo(target[written..]);
            written += shown.Length;
            if (next < 0)
                return written;
            text = text[(next + LengthOf(text[next..]))..];
        }
    }

    /// <summary>Bytes of the sequence that the text begins with.</summary>
    private static int LengthOf(ReadOnlySpan<byte> text)
    {
        if (text.Length == 1 || text[1] == (byte)'\n')
            return 1;
        return text[1] switch
        {
            (byte)'[' => EndOf(text, 2, 0x40, 0x7E),
            (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_' => EndOfString(text),
            >= 0x20 and <= 0x2F => EndOf(text, 2, 0x30, 0x7E),
            >= 0x30 and <= 0x7E => 2,
            _ => 1,
        };
    }

    /// <summary>A control sequence ends with a byte of its own range; anything that may not stand in one ends it too.</summary>
    private static int EndOf(ReadOnlySpan<byte> text, int at, byte first, byte last)
    {
        while (at < text.Length && text[at] is >= 0x20 and <= 0x7E)
        {
            if (text[at] >= first && text[at] <= last)
                return at + 1;
            at++;
        }

        return at;
    }

    /// <summary>A control string, as titles and links are, ends with a bell or with ESC \.</summary>
    private static int EndOfString(ReadOnlySpan<byte> text)
    {
        var rest = text[2..];
        var end = rest.IndexOfAny(Bell, Escape, (byte)'\n');
        if (end < 0)
            return text.Length;
        return 2 + end + rest[end] switch
        {
            Bell => 1,
            Escape when end + 1 < rest.Length && rest[end + 1] == (byte)'\\' => 2,
            _ => 0,
        };
    }
}
