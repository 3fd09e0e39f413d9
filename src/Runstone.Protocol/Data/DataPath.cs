using System.Text;

namespace Runstone.Protocol.Data;

/// <summary>
/// The path of a file in a tree: names with <c>/</c> between them, relative to the root of the dataset. A name is 1 to 255 bytes of UTF-8, is not <c>.</c> or <c>..</c>, and has no
/// backslash and no control character (U+0000 to U+001F, U+007F to U+009F); the path has at most 4,096 bytes and is in Unicode normalisation form C (UAX 15, Unicode 17). Paths are
/// ordered by their bytes of UTF-8. There are no folders but those that files lie in.
/// </summary>
public static class DataPath
{
    /// <summary>Bytes of UTF-8 that a path may have.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Bytes of UTF-8 that a name between two slashes may have: what file systems allow.</summary>
    public const int MaxNameBytes = 255;

    /// <summary>The order of trees: that of the bytes of UTF-8, which is that of code points.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(Compare);

    /// <summary>What is wrong with a path, as the end of a sentence that begins with it; null when nothing is.</summary>
    public static string? Problem(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
            return "is empty";
        if (path.Length > MaxBytes)
            return $"has more than {MaxBytes} bytes of UTF-8";
        if (FirstControl(path) is >= 0 and var at)
            return path[at] == '\\' ? $"has a backslash at character {at}: names are separated by /" : $"has the control character U+{(int)path[at]:X4} at character {at}";
        if (ProblemOfNames(path) is { } problem)
            return problem;
        if (Ascii.IsValid(path))
            return null;
        if (!IsWellFormed(path))
            return "is not well-formed Unicode";
        return Nfc.IsNormalized(path) ? null : $"is not in Unicode normalisation form C; {Quote(Nfc.Normalize(path))} is";
    }

    /// <summary>Throws <see cref="InvalidDataException"/> that names the path when something is wrong with it.</summary>
    public static void Check(string path)
    {
        if (Problem(path) is { } problem)
            throw new InvalidDataException($"The path {Quote(path)} {problem}.");
    }

    /// <summary>
    /// The path in normalisation form C; the same object when it is so already. File systems of some machines give names in another form. Throws <see cref="InvalidDataException"/> when
    /// the path is not well-formed Unicode.
    /// </summary>
    public static string Normalize(string path) =>
        Ascii.IsValid(path) || IsWellFormed(path) ? Nfc.Normalize(path) : throw new InvalidDataException($"The path {Quote(path)} is not well-formed Unicode.");

    /// <summary>Below 0, 0 or above 0 as the first path stands before, at or behind the second in the order of trees.</summary>
    public static int Compare(string? first, string? second)
    {
        if (first is null || second is null)
            return (first is null ? 0 : 1) - (second is null ? 0 : 1);
        var at = first.AsSpan().CommonPrefixLength(second);
        if (at == first.Length || at == second.Length)
            return first.Length - second.Length;
        var (a, b) = (first[at], second[at]);

        // Code points above U+FFFF are surrogates in UTF-16, below U+E000, yet stand behind all others.
        var aIsHigh = char.IsSurrogate(a);
        return aIsHigh == char.IsSurrogate(b) ? a - b : aIsHigh ? 1 : -1;
    }

    /// <summary>
    /// The path as a file system that does not tell cases apart sees it: normalisation form C of each character in upper and then lower case, one character for one. Two paths with the
    /// same folded form cannot both be written there.
    /// </summary>
    public static string Fold(string path)
    {
        if (!path.AsSpan().ContainsAnyExceptInRange('\0', '\u007F'))
            return path.ToLowerInvariant();
        var folded = new StringBuilder(path.Length);
        foreach (var rune in path.EnumerateRunes())
            folded.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)));
        return Nfc.Normalize(folded.ToString());
    }

    /// <summary>A path for a message: in quotes, one line, the beginning of a long one.</summary>
    internal static string Quote(string path)
    {
        const int Most = 300;
        var shown = path.Length <= Most ? path : path[..Most] + "...";
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c))}\"";
    }

    private static int FirstControl(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] is < ' ' or '\\' or (>= '\u007F' and <= '\u009F'))
                return i;
        }

        return -1;
    }

    private static string? ProblemOfNames(string path)
    {
        var bytes = 0;
        for (var start = 0; start <= path.Length;)
        {
            var slash = path.IndexOf('/', start);
            var name = path.AsSpan(start, (slash < 0 ? path.Length : slash) - start);
            if (name.IsEmpty)
                return start == 0 ? "begins with a slash: paths are relative to the root of the dataset" : $"has an empty name at character {start}";
            if (name is "." or "..")
                return $"has the name \"{name}\" at character {start}";
            var length = Encoding.UTF8.GetByteCount(name);
            if (length > MaxNameBytes)
                return $"has a name of {length} bytes of UTF-8 at character {start}, where {MaxNameBytes} are allowed";
            bytes += length + 1;
            start += name.Length + 1;
        }

        return bytes - 1 > MaxBytes ? $"has {bytes - 1} bytes of UTF-8, where {MaxBytes} are allowed" : null;
    }

    private static bool IsWellFormed(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (!char.IsSurrogate(path[i]))
                continue;
            if (!char.IsHighSurrogate(path[i]) || i + 1 == path.Length || !char.IsLowSurrogate(path[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
