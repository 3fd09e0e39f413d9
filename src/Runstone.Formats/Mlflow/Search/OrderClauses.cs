using System.Globalization;
using Runstone.Core.Errors;

namespace Runstone.Formats.Mlflow.Search;

/// <summary>Items of <c>order_by</c>: an identifier, then ASC or DESC or nothing.</summary>
internal static class OrderClauses
{
    private const int MaxItems = 30;

    public static (string Identifier, bool Descending) Parse(string item)
    {
        var tokens = SearchTokens.Of(item);
        if (tokens.Count is 0 or > 2 || tokens[0].Kind is not (SearchTokenKind.Name or SearchTokenKind.Text) || tokens[0].Value[0] == '\'')
            throw Invalid($"Invalid order_by clause '{Shorten(item)}'. Could not be parsed.");
        if (tokens.Count == 1)
            return (tokens[0].Value, false);
        if (tokens[1].Is("DESC"))
            return (tokens[0].Value, true);
        return tokens[1].Is("ASC")
            ? (tokens[0].Value, false)
            : throw Invalid($"Invalid ordering key in order_by clause '{Shorten(item)}'.");
    }

    /// <summary>The items, of which there may be only so many.</summary>
    public static IReadOnlyList<string> Limit(IReadOnlyList<string> items) => items.Count <= MaxItems
        ? items
        : throw Invalid(string.Create(CultureInfo.InvariantCulture, $"`order_by` has {items.Count} items; at most {MaxItems} are allowed."));

    /// <summary>Refuses a list that names a field twice.</summary>
    public static void RefuseDuplicates(IReadOnlyList<string> items, IEnumerable<object> fields)
    {
        var seen = new HashSet<object>();
        if (!fields.All(seen.Add))
            throw Invalid($"`order_by` contains duplicate fields: {PythonText.List(items)}");
    }

    public static RunstoneException Invalid(string message) => new(Error.Invalid("order_by", message));

    private static string Shorten(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "...");
}
