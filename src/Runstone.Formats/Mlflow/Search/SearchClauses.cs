using System.Globalization;
using Runstone.Core.Errors;

namespace Runstone.Formats.Mlflow.Search;

/// <summary>One comparison of a filter, its identifier resolved and its value still as it was spelled.</summary>
/// <param name="Entity">metric, parameter, tag, attribute or dataset.</param>
/// <param name="Key">The key without quotes.</param>
/// <param name="Comparator">In upper case, for example <c>!=</c>, <c>NOT IN</c>, <c>IS NULL</c>.</param>
/// <param name="Value">The value; absent for IS NULL and IS NOT NULL.</param>
internal readonly record struct SearchClause(string Entity, string Key, string Comparator, SearchToken Value);

/// <summary>
/// The grammar that the searches share: comparisons joined by AND, without OR, NOT or parentheses. Error texts are those that
/// users of the original know.
/// </summary>
internal sealed class SearchClauses(IReadOnlyList<string> entities, IReadOnlyList<string> attributes)
{
    public static readonly string[] NumericComparators = [">", ">=", "!=", "=", "<", "<="];
    public static readonly string[] TextComparators = ["!=", "=", "LIKE", "ILIKE"];
    public static readonly string[] ListComparators = ["!=", "=", "LIKE", "ILIKE", "IN", "NOT IN"];
    public static readonly string[] PairComparators = ["!=", "=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"];

    private const int MaxComparisons = 200;
    private const int MaxShown = 100;

    public List<SearchClause> Parse(string? filter)
    {
        var clauses = new List<SearchClause>();
        if (string.IsNullOrWhiteSpace(filter))
            return clauses;
        var tokens = SearchTokens.Of(filter);
        if (tokens.FindIndex(t => t.Value == ";") is var end and >= 0 && end < tokens.Count - 1)
            throw Invalid($"Search filter contained multiple expression {PythonText.Repr(filter)}. Provide AND-ed expression list.");
        var wrong = new List<string>();
        var found = new List<(SearchToken Name, string Comparator, SearchToken Value)>();
        for (var i = 0; i < tokens.Count;)
        {
            if (Match(tokens, i) is { } match)
            {
                found.Add((tokens[i], match.Comparator, match.Value));
                i += match.Length;
            }
            else
            {
                if (wrong.Count <= MaxShown && !tokens[i].Is("AND"))
                    wrong.Add($"'{tokens[i].Value}'");
                i++;
            }
        }

        if (wrong.Count > 0)
            throw Invalid($"Invalid clause(s) in filter string: {string.Join(", ", wrong.Take(MaxShown))}{(wrong.Count > MaxShown ? ", ..." : "")}");
        if (found.Count > MaxComparisons)
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"The filter has {found.Count} comparisons; at most {MaxComparisons} are allowed. Use IN for lists of runs."));
        foreach (var (name, comparator, value) in found)
        {
            var (entity, key) = Resolve(name.Value);
            clauses.Add(new SearchClause(entity, key, comparator, value));
        }

        return clauses;
    }

    /// <summary>The entity and key of an identifier.</summary>
    public (string Entity, string Key) Resolve(string identifier)
    {
        var dot = DotOf(identifier);
        var entity = dot < 0 ? "attribute" : EntityOf(SearchTokens.Unquote(identifier[..dot]));
        var key = SearchTokens.Unquote(identifier[(dot + 1)..]);
        if (entity == "attribute" && !attributes.Contains(key, StringComparer.Ordinal))
            throw Invalid($"Invalid attribute key '{key}' specified. Valid keys are '{PythonText.Set(attributes)}'");
        return (entity, key);
    }

    public static double NumberOf(in SearchClause clause)
    {
        Allow(clause, NumericComparators);
        if (clause.Value.Kind == SearchTokenKind.Number
            && double.TryParse(clause.Value.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        throw Invalid(clause.Entity == "attribute"
            ? $"Expected numeric value type for numeric attribute: {clause.Key}. Found {clause.Value.Value}"
            : $"Expected numeric value type for {clause.Entity}. Found {clause.Value.Value}");
    }

    /// <summary>The text of a param or tag comparison; null for IS NULL and IS NOT NULL.</summary>
    public static string? PairTextOf(in SearchClause clause)
    {
        if (clause.Comparator is not ("IS NULL" or "IS NOT NULL") && clause.Value.Kind is SearchTokenKind.Number or SearchTokenKind.List)
            throw Invalid($"Expected a quoted string value for {clause.Entity} (e.g. 'my-value'). Got value {clause.Value.Value}");
        Allow(clause, PairComparators);
        if (clause.Comparator is "IS NULL" or "IS NOT NULL")
            return null;
        return clause.Value.Kind == SearchTokenKind.Text
            ? SearchTokens.Unquote(clause.Value.Value)
            : throw Invalid(
                "Parameter value is either not quoted or unidentified quote types used for string value "
                + $"{clause.Value.Value}. Use either single or double quotes.");
    }

    /// <summary>The text of an attribute or dataset comparison.</summary>
    public static string TextOf(in SearchClause clause, IReadOnlyList<string> comparators)
    {
        Allow(clause, comparators);
        return clause.Value.Kind == SearchTokenKind.Text
            ? SearchTokens.Unquote(clause.Value.Value)
            : throw Invalid(
                "Expected a quoted string value or a list of quoted string values for attributes. "
                + $"Got value {clause.Value.Value}");
    }

    /// <summary>The texts of a list.</summary>
    public static IReadOnlyList<string> TextsOf(in SearchClause clause)
    {
        if (clause.Value.Kind != SearchTokenKind.List)
            throw Invalid($"Expected a quoted string value or a list of quoted string values for attributes. Got value {clause.Value.Value}");
        var texts = new List<string>();
        var expectText = true;
        foreach (var token in SearchTokens.Of(clause.Value.Value[1..^1]))
        {
            if (token.Kind == SearchTokenKind.Text && expectText)
                texts.Add(SearchTokens.Unquote(token.Value));
            else if (token.Value != "," || expectText)
                throw WrongList(clause.Value.Value);
            expectText = !expectText;
        }

        return texts.Count > 0
            ? texts
            : throw Invalid("While parsing a list in the query, expected a non-empty list of string values, but got empty list");
    }

    public static RunstoneException Invalid(string message) => new(Error.Invalid("filter", message));

    /// <summary>Refuses comparators that the field does not have.</summary>
    public static void Allow(in SearchClause clause, IReadOnlyList<string> comparators)
    {
        if (!comparators.Contains(clause.Comparator, StringComparer.Ordinal))
            throw Invalid($"Invalid comparator '{clause.Comparator}' not one of '{PythonText.Set(comparators)}");
    }

    private static RunstoneException WrongList(string list) => Invalid(
        $"While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: {list}");

    private static (string Comparator, SearchToken Value, int Length)? Match(List<SearchToken> tokens, int start)
    {
        var name = tokens[start];
        if (name.Kind is not (SearchTokenKind.Name or SearchTokenKind.Text) || name.Is("AND") || name.Value[0] == '\'')
            return null;
        var (next, second, third) = (At(tokens, start + 1), At(tokens, start + 2), At(tokens, start + 3));
        if (next.Kind == SearchTokenKind.Operator)
            return IsValue(second) ? (next.Value, second, 3) : null;
        if (next.Is("LIKE") || next.Is("ILIKE") || next.Is("IN"))
            return IsValue(second) ? (next.Value.ToUpperInvariant(), second, 3) : null;
        if (next.Is("NOT") && second.Is("IN"))
            return IsValue(third) ? ("NOT IN", third, 4) : null;
        if (next.Is("IS") && second.Is("NULL"))
            return ("IS NULL", default, 3);
        return next.Is("IS") && second.Is("NOT") && third.Is("NULL") ? ("IS NOT NULL", default, 4) : null;
    }

    private static bool IsValue(in SearchToken token) =>
        token.Kind is SearchTokenKind.Text or SearchTokenKind.Number or SearchTokenKind.List
        || (token.Kind == SearchTokenKind.Name && !token.Is("AND"));

    private static SearchToken At(List<SearchToken> tokens, int index) =>
        index < tokens.Count ? tokens[index] : new SearchToken(SearchTokenKind.Other, "");

    /// <summary>The first dot outside of quotes; -1 when there is none.</summary>
    private static int DotOf(string identifier)
    {
        if (identifier[0] is '"' or '`')
        {
            var end = identifier.IndexOf(identifier[0], 1);
            return end >= 0 && end + 1 < identifier.Length && identifier[end + 1] == '.' ? end + 1 : -1;
        }

        return identifier.IndexOf('.');
    }

    private string EntityOf(string alias)
    {
        var entity = alias switch
        {
            "metric" or "metrics" => "metric",
            "parameter" or "parameters" or "param" or "params" => "parameter",
            "tag" or "tags" => "tag",
            "attribute" or "attributes" or "attr" or "run" => "attribute",
            "dataset" or "datasets" => "dataset",
            _ => null,
        };
        return entity is not null && entities.Contains(entity, StringComparer.Ordinal)
            ? entity
            : throw Invalid($"Invalid entity type '{alias}'. Valid values are {PythonText.List(entities)}");
    }
}
