namespace Runstone.Core.Errors;

/// <summary>What a text must be so that every engine keeps it as it is: Unicode without U+0000.</summary>
public static class StoredText
{
    /// <summary>The reason why the text cannot be kept; null when it can, or when there is none.</summary>
    public static Error? Check(string field, string? text)
    {
        if (text is null || (!text.Contains('\0', StringComparison.Ordinal) && IsWellFormed(text)))
            return null;
        return text.Contains('\0', StringComparison.Ordinal)
            ? Error.Invalid(field, "The text has the character U+0000, which cannot be kept. Leave it out.")
            : Error.Invalid(field, "The text has half of a surrogate pair, which is no character. Send well-formed Unicode.");
    }

    /// <summary>Throws <see cref="RunstoneException"/> with the reason.</summary>
    public static void Require(string field, string? text)
    {
        if (Check(field, text) is { } error)
            throw new RunstoneException(error);
    }

    private static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        for (var at = rest.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0; at = rest.IndexOfAnyInRange('\uD800', '\uDFFF'))
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return false;
            rest = rest[(at + 2)..];
        }

        return true;
    }
}
