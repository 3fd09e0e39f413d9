using System.Reflection;
using Runstone.Core.Errors;

namespace Runstone.Storage.Sql;

/// <summary>
/// Which program may open which store. Schemas are numbered scripts; each says in <c>store_info</c>, as <c>oldest_schema</c>, since
/// which schema a program may still work on it, so that nodes are upgraded one after another.
/// </summary>
internal sealed class SchemaRule
{
    private static readonly Assembly Assembly = typeof(SchemaRule).Assembly;
    private readonly string _prefix;

    /// <param name="engine">The folder of the engine, whose scripts are embedded.</param>
    public SchemaRule(string engine)
    {
        _prefix = $"Runstone.Storage.{engine}.Migrations.";
        Known = [.. Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(_prefix, StringComparison.Ordinal))
            .Select(n => n[_prefix.Length..^".sql".Length])
            .Order(StringComparer.Ordinal)];
    }

    public static string ProgramVersion { get; } =
        Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>The scripts of this program, oldest first: "0001-initial".</summary>
    public IReadOnlyList<string> Known { get; }

    public string ReadScript(string name)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream($"{_prefix}{name}.sql")!);
        return reader.ReadToEnd();
    }

    /// <summary>Whether a newer program brought the store further than this one knows.</summary>
    public bool IsNewer(IReadOnlyCollection<string> applied) => Newest(applied) is not null;

    /// <summary>Throws when a newer program made a schema that this one may not work on.</summary>
    /// <param name="applied">The scripts that ran on the store.</param>
    /// <param name="oldest">The store's <c>oldest_schema</c>; null when it says nothing.</param>
    /// <param name="writer">The version of the program that upgraded the store.</param>
    /// <param name="place">The store, as its owner knows it.</param>
    /// <param name="remedy">What to do.</param>
    public void RefuseIncompatible(IReadOnlyCollection<string> applied, string? oldest, string? writer, string place, string remedy)
    {
        if (Newest(applied) is not { } newest || (oldest is not null && string.CompareOrdinal(oldest, Known[^1]) <= 0))
            return;
        throw new RunstoneException(new Error(
            ErrorCode.Unavailable,
            $"'{place}' was written by Runstone {writer ?? "of a newer version"} (schema {newest}); this is Runstone {ProgramVersion} (schema {Known[^1]}). {remedy}"));
    }

    /// <summary>
    /// Throws when the place is another program's: it has tables, and none in which Runstone keeps what a store is.
    /// </summary>
    /// <param name="tables">Tables of a place without <c>store_info</c>, which the first script makes; none where it is.</param>
    /// <param name="place">The place, as its owner knows it.</param>
    public static void RefuseForeign(IReadOnlyList<string> tables, string place)
    {
        if (tables.Count == 0)
            return;
        var named = string.Join(", ", tables.Take(3).Select(t => $"'{t}'")) + (tables.Count > 3 ? " and others" : "");
        throw new RunstoneException(new Error(
            ErrorCode.Conflict, $"'{place}' holds tables of another program ({named}). Choose an empty database; nothing was changed."));
    }

    /// <summary>Throws when a newer program than this one wrote what is only read whole: it may hold what this one would leave out.</summary>
    /// <param name="schema">The newest script that ran on it.</param>
    /// <param name="writer">The version of the program that wrote it.</param>
    /// <param name="place">What it is, as its owner knows it.</param>
    public void RefuseNewer(string schema, string writer, string place)
    {
        if (string.CompareOrdinal(schema, Known[^1]) <= 0)
            return;
        throw new RunstoneException(new Error(
            ErrorCode.Unavailable,
            $"'{place}' was written by Runstone {writer} (schema {schema}); this is Runstone {ProgramVersion} (schema {Known[^1]}). "
            + $"Use Runstone {writer} for this; nothing was changed."));
    }

    /// <summary>Throws when the schema is not this program's: there is none, or an older or newer one.</summary>
    /// <param name="applied">The scripts that ran on the store.</param>
    /// <param name="writer">The version of the program that upgraded the store.</param>
    /// <param name="place">The store, as its owner knows it.</param>
    public void RequireCurrent(IReadOnlyCollection<string> applied, string? writer, string place)
    {
        if (applied.Count == 0)
            throw new RunstoneException(new Error(ErrorCode.NotFound, $"There is no store in '{place}': it has none of the tables of Runstone. Check the address."));
        var newer = IsNewer(applied);
        if (!newer && applied.Count == Known.Count)
            return;
        var remedy = newer
            ? $"Use Runstone {writer ?? "of the newer version"} for this; nothing was changed."
            : "Start a server of this version on it once, which brings the schema up to date, or use the older version for this; nothing was changed.";
        throw new RunstoneException(new Error(
            ErrorCode.Unavailable,
            $"'{place}' was written by Runstone {writer ?? "of another version"} (schema {applied.Order(StringComparer.Ordinal).Last()}); "
            + $"this is Runstone {ProgramVersion} (schema {Known[^1]}). {remedy}"));
    }

    private string? Newest(IReadOnlyCollection<string> applied) =>
        applied.Except(Known, StringComparer.Ordinal).Order(StringComparer.Ordinal).LastOrDefault();
}
