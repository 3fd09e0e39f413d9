using System.Buffers;
using Runstone.Core.Errors;

namespace Runstone.Core.Data;

/// <summary>What repositories, branches and tags may be called.</summary>
public static class DataNames
{
    /// <summary>Characters of a name.</summary>
    public const int MaxLength = 200;

    /// <summary>The fewest digits of an id that name a version.</summary>
    public const int MinPrefix = 8;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Letters and digits of any script, spaces inside, and <c>. _ -</c>; not beginning with a dot or a minus, which paths and options begin with.</summary>
    public static void RequireRepository(string name) => Require("name", name, "");

    /// <summary>
    /// The same without spaces and with <c>/</c> between parts; not what could be the beginning of a version's id, 8 to 64 hexadecimal digits.
    /// </summary>
    public static void RequireVersionName(string field, string name)
    {
        Require(field, name, "/");
        if (name.Contains(' ', StringComparison.Ordinal) || name.StartsWith('/') || name.EndsWith('/') || name.Contains("//", StringComparison.Ordinal))
            throw Refused(field, name, "it has a space, or a slash that does not stand between two parts");
        if (IsPrefix(name))
            throw Refused(field, name, "it could be the id of a version");
    }

    /// <summary>Whether the text can be the beginning of a version's id, or all of it.</summary>
    public static bool IsPrefix(string text) => text.Length is >= MinPrefix and <= 64 && !text.AsSpan().ContainsAnyExcept(Hexadecimal);

    private static void Require(string field, string name, string also)
    {
        StoredText.Require(field, name);
        if (name.Length is 0 or > MaxLength)
            throw Refused(field, name, $"it has {name.Length} characters; 1 to {MaxLength} are possible");
        foreach (var letter in name)
        {
            if (!char.IsLetterOrDigit(letter) && !char.IsSurrogate(letter) && !" ._-".Contains(letter, StringComparison.Ordinal) && !also.Contains(letter, StringComparison.Ordinal))
                throw Refused(field, name, $"it has the character '{letter}'");
        }

        if (name[0] is '.' or '-' or ' ' || name[^1] is ' ')
            throw Refused(field, name, $"it begins with '{name[0]}' or ends with a space");
    }

    private static RunstoneException Refused(string field, string name, string why) => new(Error.Invalid(
        field, $"'{name}' cannot be a name: {why}. Use letters, digits, '.', '_' and '-'."));
}
