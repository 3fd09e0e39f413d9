using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Formats.Mlflow.Search;

/// <summary>
/// Lowers the search grammar of registered models and of their versions to the filter tree of the domain. Prompts are left out
/// unless the filter asks for them by their tag, because both share one namespace and few callers mean both.
/// </summary>
public static class RegistrySearch
{
    private static readonly string[] Entities = ["attribute", "tag"];
    private static readonly SearchClauses ModelFilters = new(Entities, ["name"]);
    private static readonly SearchClauses ModelOrders = new(["attribute"], ["name", "creation_timestamp", "last_updated_timestamp", "timestamp"]);
    private static readonly SearchClauses VersionFilters = new(Entities, ["name", "version_number", "run_id", "source_path"]);
    private static readonly SearchClauses VersionOrders =
        new(["attribute"], ["name", "version_number", "creation_timestamp", "last_updated_timestamp"]);

    public static Filter ParseModelFilter(string? filter) => Lower(ModelFilters.Parse(filter), ModelAttribute);

    public static Filter ParseVersionFilter(string? filter) => Lower(VersionFilters.Parse(filter), VersionAttribute);

    public static IReadOnlyList<Ordering> ParseModelOrder(IReadOnlyList<string> items) => ParseOrder(items, ModelOrders, ModelField);

    public static IReadOnlyList<Ordering> ParseVersionOrder(IReadOnlyList<string> items) => ParseOrder(items, VersionOrders, VersionField);

    private static List<Ordering> ParseOrder(IReadOnlyList<string> items, SearchClauses orders, Func<string, string> field)
    {
        var orderings = new List<Ordering>(items.Count);
        foreach (var item in OrderClauses.Limit(items))
        {
            var (identifier, descending) = OrderClauses.Parse(item);
            orderings.Add(new Ordering(new Field(FieldKind.Attribute, field(orders.Resolve(identifier).Key)), descending));
        }

        OrderClauses.RefuseDuplicates(items, orderings.Select(o => o.Field));
        return orderings;
    }

    private static Filter.And Lower(List<SearchClause> clauses, Func<SearchClause, Filter> attribute)
    {
        var prompts = AsksForPrompts(clauses);
        var parts = new List<Filter>(clauses.Count + 1);
        foreach (var clause in clauses)
        {
            var part = clause.Entity == "tag" ? Tag(clause) : attribute(clause);
            if (prompts || !IsPromptClause(clause))
                parts.Add(part);
        }

        // A model that is no prompt lacks the tag, which a comparison with it would never match.
        if (!prompts)
            parts.Add(new Filter.Not(new Filter.Compare(PromptField, ComparisonOperator.Equal, Literal.Of("true"))));
        return new Filter.And(parts);
    }

    private static readonly Field PromptField = new(FieldKind.Tag, RegistryMapping.PromptTag);

    private static bool IsPromptClause(in SearchClause clause) => clause.Entity == "tag" && clause.Key == RegistryMapping.PromptTag;

    /// <summary>The first comparison with the tag decides: equal to true, or other than false.</summary>
    private static bool AsksForPrompts(List<SearchClause> clauses)
    {
        var index = clauses.FindIndex(c => IsPromptClause(c));
        if (index < 0)
            return false;
        var value = SearchTokens.Unquote(clauses[index].Value.Value ?? "");
        return clauses[index].Comparator switch
        {
            "=" => value.Equals("true", StringComparison.OrdinalIgnoreCase),
            "!=" => value.Equals("false", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    private static Filter Tag(in SearchClause clause)
    {
        var tag = new Field(FieldKind.Tag, clause.Key);
        if (SearchClauses.PairTextOf(clause) is { } value)
            return new Filter.Compare(tag, Operators.Of(clause.Comparator), Literal.Of(value));
        return clause.Comparator == "IS NULL" ? new Filter.Not(new Filter.Exists(tag)) : new Filter.Exists(tag);
    }

    private static Filter ModelAttribute(SearchClause clause) => Text(clause, ModelFields.Name);

    private static Filter VersionAttribute(SearchClause clause)
    {
        var field = new Field(FieldKind.Attribute, VersionField(clause.Key));
        if (clause.Key == "version_number")
            return new Filter.Compare(field, Operators.Of(clause.Comparator), Literal.Of(SearchClauses.NumberOf(clause)));
        return clause is { Key: "run_id", Comparator: "IN" or "NOT IN" }
            ? new Filter.In(field, SearchClauses.TextsOf(clause), clause.Comparator == "NOT IN")
            : Text(clause, field.Key);
    }

    private static Filter.Compare Text(in SearchClause clause, string key) => new(
        new Field(FieldKind.Attribute, key), Operators.Of(clause.Comparator),
        Literal.Of(SearchClauses.TextOf(clause, SearchClauses.TextComparators)));

    private static string ModelField(string key) => key switch
    {
        "creation_timestamp" => ModelFields.CreatedAt,
        "last_updated_timestamp" or "timestamp" => ModelFields.UpdatedAt,
        _ => ModelFields.Name,
    };

    private static string VersionField(string key) => key switch
    {
        "version_number" => ModelVersionFields.Number,
        "run_id" => ModelVersionFields.RunId,
        "source_path" => ModelVersionFields.Source,
        "creation_timestamp" => ModelVersionFields.CreatedAt,
        "last_updated_timestamp" => ModelVersionFields.UpdatedAt,
        _ => ModelVersionFields.Model,
    };
}
