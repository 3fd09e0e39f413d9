using Runstone.Core.Query;

namespace Runstone.Formats.Mlflow.Search;

/// <summary>Lowers the search grammar of experiments to the filter tree of the domain.</summary>
public static class ExperimentSearch
{
    private static readonly string[] Entities = ["attribute", "tag"];
    private static readonly SearchClauses Filters = new(Entities, ["name", "creation_time", "last_update_time"]);
    private static readonly SearchClauses Orders = new(["attribute"], ["name", "experiment_id", "creation_time", "last_update_time"]);

    public static Filter ParseFilter(string? filter)
    {
        var clauses = Filters.Parse(filter);
        return clauses.Count == 1 ? Lower(clauses[0]) : new Filter.And([.. clauses.Select(c => Lower(c))]);
    }

    public static IReadOnlyList<Ordering> ParseOrder(IReadOnlyList<string> items)
    {
        var orderings = new List<Ordering>(items.Count);
        foreach (var item in OrderClauses.Limit(items))
        {
            var (identifier, descending) = OrderClauses.Parse(item);
            orderings.Add(new Ordering(new Field(FieldKind.Attribute, AttributeOf(Orders.Resolve(identifier).Key)), descending));
        }

        OrderClauses.RefuseDuplicates(items, orderings.Select(o => o.Field));
        return orderings;
    }

    private static Filter Lower(in SearchClause clause)
    {
        if (clause.Entity == "tag")
        {
            var tag = ExperimentMapping.IsNote(clause.Key) ? new Field(FieldKind.Attribute, ExperimentFields.Notes) : new Field(FieldKind.Tag, clause.Key);
            if (SearchClauses.PairTextOf(clause) is { } value)
                return new Filter.Compare(tag, Operators.Of(clause.Comparator), Literal.Of(value));
            return clause.Comparator == "IS NULL" ? new Filter.Not(new Filter.Exists(tag)) : new Filter.Exists(tag);
        }

        var literal = clause.Key == "name"
            ? Literal.Of(SearchClauses.TextOf(clause, SearchClauses.TextComparators))
            : Literal.Of(SearchClauses.NumberOf(clause));
        return new Filter.Compare(new Field(FieldKind.Attribute, AttributeOf(clause.Key)), Operators.Of(clause.Comparator), literal);
    }

    private static string AttributeOf(string key) => key switch
    {
        "creation_time" => ExperimentFields.CreatedAt,
        "last_update_time" => ExperimentFields.UpdatedAt,
        "experiment_id" => ExperimentFields.Id,
        _ => ExperimentFields.Name,
    };
}
