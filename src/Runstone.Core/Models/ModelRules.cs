using Runstone.Core.Errors;
using Runstone.Core.Experiments;

namespace Runstone.Core.Models;

/// <summary>What names, aliases, tags and words of models may be.</summary>
internal static class ModelRules
{
    public const int MaxNameLength = 500;
    public const int MaxAliasLength = 255;
    public const int MaxSourceLength = 2048;
    public const int MaxDescriptionLength = 100_000;
    public const int MaxTagKeyLength = 250;
    public const int MaxTagValueLength = 100_000;

    public static void RequireName(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new RunstoneException(Error.Invalid("name", "The model's name is empty."));
        if (name.AsSpan().ContainsAny('/', ':'))
            throw new RunstoneException(Error.Invalid("name", $"The model's name '{Shorten(name)}' contains '/' or ':', which addresses of versions need."));
        RequireLength("name", "model's name", name, MaxNameLength);
    }

    /// <summary>Letters, digits, <c>_</c> and <c>-</c>; nothing that reads as a version: <c>latest</c>, <c>v1</c>.</summary>
    public static void RequireAlias(string alias)
    {
        if (alias.Length == 0)
            throw new RunstoneException(Error.Invalid("alias", "The alias is empty."));
        RequireLength("alias", "alias", alias, MaxAliasLength);
        if (!alias.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'))
            throw new RunstoneException(Error.Invalid("alias", $"The alias '{alias}' may hold letters, digits, '_' and '-' only."));
        if (alias.Equals("latest", StringComparison.OrdinalIgnoreCase) || IsVersion(alias))
            throw new RunstoneException(Error.Invalid("alias", $"The alias '{alias}' is reserved: it reads as a version."));
    }

    public static void RequireSource(string source)
    {
        if (string.IsNullOrWhiteSpace(source))
            throw new RunstoneException(Error.Invalid("source", "The version's source is empty."));
        RequireLength("source", "version's source", source, MaxSourceLength);
    }

    public static void RequireDescription(string? description) =>
        RequireLength("description", "description", description ?? "", MaxDescriptionLength);

    public static void RequireTags(IReadOnlyList<Tag> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (string.IsNullOrWhiteSpace(key))
                throw new RunstoneException(Error.Invalid("tags", "A tag has no key."));
            RequireLength("tags", $"key of tag '{Shorten(key)}'", key, MaxTagKeyLength);
            RequireLength("tags", $"value of tag '{key}'", value, MaxTagValueLength);
        }
    }

    private static bool IsVersion(string alias) =>
        alias.Length > 1 && alias[0] is 'v' or 'V' && !alias.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    private static void RequireLength(string field, string what, string text, int max)
    {
        StoredText.Require(field, text);
        if (text.Length > max)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The {what} has {text.Length} characters; at most {max} are allowed.", field));
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "...");
}
