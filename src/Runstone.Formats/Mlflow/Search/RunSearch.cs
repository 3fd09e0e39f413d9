using Runstone.Core.Query;

namespace Runstone.Formats.Mlflow.Search;

/// <summary>Lowers the search grammar of runs to the filter tree of the domain.</summary>
public static class RunSearch
{
    private static readonly string[] Entities = ["metric", "parameter", "tag", "attribute", "dataset"];

    private static readonly string[] SearchAttributes =
    [
        "end_time", "created", "artifact_uri", "start_time", "user_id", "Created", "run name", "run_name", "Run Name", "Run name", "run_id", "status",
    ];

    private static readonly string[] OrderAttributes = [.. SearchAttributes, "experiment_id"];

    private static readonly SearchClauses Filters = new(Entities, SearchAttributes);
    private static readonly SearchClauses Orders = new(Entities, OrderAttributes);

    public static Filter ParseFilter(string? filter)
    {
        var clauses = Filters.Parse(filter);
        return clauses.Count == 1 ? Lower(clauses[0]) : new Filter.And([.. clauses.Select(c => Lower(c))]);
    }

    public static IReadOnlyList<Ordering> ParseOrder(IReadOnlyList<string> items)
    {
        var orderings = OrderClauses.Limit(items).Select(ParseOrder).ToList();
        OrderClauses.RefuseDuplicates(items, orderings.Select(o => o.Field));
        return orderings;
    }

    private static Ordering ParseOrder(string item)
    {
        var (identifier, descending) = OrderClauses.Parse(item);
        var (entity, key) = Orders.Resolve(identifier);
        var field = entity switch
        {
            "metric" => new Field(FieldKind.Metric, key),
            "parameter" => new Field(FieldKind.Param, key),
            "tag" => TagField(key),
            "attribute" => new Field(FieldKind.Attribute, AttributeOf(key)),
            _ => throw OrderClauses.Invalid($"Invalid order_by clause '{item}'. Runs cannot be ordered by {entity}s."),
        };
        return new Ordering(field, descending);
    }

    private static Filter Lower(in SearchClause clause) => clause.Entity switch
    {
        "metric" => Compare(clause, new Field(FieldKind.Metric, clause.Key), Literal.Of(SearchClauses.NumberOf(clause))),
        "parameter" => Pair(clause, new Field(FieldKind.Param, clause.Key)),
        "tag" => Pair(clause, TagField(clause.Key)),
        "dataset" => DatasetFilter(clause),
        _ => AttributeFilter(clause),
    };

    private static Filter Pair(in SearchClause clause, Field field) => SearchClauses.PairTextOf(clause) is { } text
        ? Compare(clause, field, Literal.Of(text))
        : Existence(clause, field);

    private static Filter Existence(in SearchClause clause, Field field) =>
        clause.Comparator == "IS NULL" ? new Filter.Not(new Filter.Exists(field)) : new Filter.Exists(field);

    private static Filter DatasetFilter(in SearchClause clause)
    {
        var key = clause.Key switch
        {
            "name" => DatasetFields.Name,
            "digest" => DatasetFields.Digest,
            "context" => DatasetFields.Context,
            _ => throw SearchClauses.Invalid(
                $"Invalid dataset key '{clause.Key}' specified. Valid keys are '{PythonText.Set(["name", "digest", "context"])}'"),
        };
        var field = new Field(FieldKind.Dataset, key);
        return clause.Comparator is "IN" or "NOT IN"
            ? new Filter.In(field, SearchClauses.TextsOf(clause), clause.Comparator == "NOT IN")
            : Compare(clause, field, Literal.Of(SearchClauses.TextOf(clause, SearchClauses.ListComparators)));
    }

    private static Filter AttributeFilter(in SearchClause clause)
    {
        var field = new Field(FieldKind.Attribute, AttributeOf(clause.Key));
        if (RunFields.Numeric.Contains(field.Key))
            return Compare(clause, field, Literal.Of(SearchClauses.NumberOf(clause)));
        if (clause.Value.Kind == SearchTokenKind.List && clause.Key != "run_id")
            throw SearchClauses.Invalid("Only the 'run_id' attribute supports comparison with a list of quoted string values.");
        if (clause.Comparator is "IN" or "NOT IN" && clause.Key == "run_id")
            return new Filter.In(field, SearchClauses.TextsOf(clause), clause.Comparator == "NOT IN");
        var text = SearchClauses.TextOf(clause, clause.Key == "run_id" ? SearchClauses.ListComparators : SearchClauses.TextComparators);
        return field.Key == RunFields.Status ? StatusFilter(clause, field, text) : Compare(clause, field, Literal.Of(text));
    }

    /// <summary>The wire spells statuses in capitals and compares with case, the domain keeps them in small letters.</summary>
    private static Filter StatusFilter(in SearchClause clause, Field field, string text)
    {
        var canMatch = clause.Comparator == "ILIKE" || text == text.ToUpperInvariant();
        if (!canMatch)
            return clause.Comparator == "!=" ? Filter.All : new Filter.Or([]);
        return Compare(clause, field, Literal.Of(text.ToLowerInvariant()));
    }

    private static Filter.Compare Compare(in SearchClause clause, Field field, Literal value) =>
        new(field, Operators.Of(clause.Comparator), value);

    /// <summary>Tags that are facts of the run in the domain are read there.</summary>
    private static Field TagField(string key) => key switch
    {
        MlflowNames.RunNameTag => new Field(FieldKind.Attribute, RunFields.Name),
        MlflowNames.ParentTag => new Field(FieldKind.Attribute, RunFields.Parent),
        MlflowNames.NoteTag => new Field(FieldKind.Attribute, RunFields.Notes),
        _ => new Field(FieldKind.Tag, key),
    };

    private static string AttributeOf(string key) => key switch
    {
        "run_name" or "run name" or "Run name" or "Run Name" => RunFields.Name,
        "created" or "Created" or "start_time" => RunFields.StartTime,
        "end_time" => RunFields.EndTime,
        "user_id" => RunFields.User,
        "status" => RunFields.Status,
        "artifact_uri" => RunFields.ArtifactUri,
        "experiment_id" => RunFields.Experiment,
        _ => RunFields.Id,
    };
}
