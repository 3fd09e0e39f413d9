using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Formats.Mlflow.Search;

/// <summary>Lowers a search over logged models to the query of the domain.</summary>
public static class LoggedModelSearch
{
    private const int DefaultLimit = 100;

    private static readonly string[] Entities = ["attribute", "metric", "parameter", "tag"];

    private static readonly string[] Attributes =
    [
        "name", "model_id", "model_type", "status", "source_run_id", "experiment_id", "artifact_location", "creation_time", "creation_timestamp",
        "creation_timestamp_ms", "last_updated_timestamp", "last_updated_timestamp_ms",
    ];

    private static readonly SearchClauses Filters = new(Entities, Attributes);

    /// <summary>The query of the request, whose page begins where its token says. A page has at most <see cref="LoggedModelService.MaxLimit"/> models.</summary>
    public static LoggedModelQuery Parse(in MlflowRequest request) => new()
    {
        ExperimentIds = [.. request.Texts("experiment_ids").Select(MlflowLimits.ExperimentId)],
        Filter = ParseFilter(request.Text("filter")),
        Datasets = [.. request.Objects("datasets").Select(Dataset)],
        OrderBy = [.. request.Objects("order_by").Select(Order)],
        Limit = (int)Math.Min(Limit(request), LoggedModelService.MaxLimit),
        Offset = PageToken.Offset(request.Text("page_token"), Fingerprint(request)),
    };

    /// <summary>The token of the page after one with so many models; null when there is none.</summary>
    public static string? Next(in MlflowRequest request, LoggedModelQuery query, SearchPage<LoggedModel> page) =>
        page.HasMore ? PageToken.Of(query.Offset + page.Items.Count, Fingerprint(request)) : null;

    public static Filter ParseFilter(string? filter) => new Filter.And([.. Filters.Parse(filter).Select(c => Lower(c))]);

    private static long Limit(in MlflowRequest request) => request.Integer("max_results") is { } limit and not 0
        ? MlflowLimits.PageSize(limit, DefaultLimit, int.MaxValue)
        : DefaultLimit;

    private static string Fingerprint(in MlflowRequest request) => string.Join('\n',
    [
        request.Text("filter"), string.Join(',', request.Texts("experiment_ids")),
        .. request.Objects("datasets").Select(d => $"d {d.Text("dataset_name")}\u001F{d.Text("dataset_digest")}"),
        .. request.Objects("order_by").Select(o => $"o {o.Text("field_name")}\u001F{o.Text("ascending")}\u001F{o.Text("dataset_name")}\u001F{o.Text("dataset_digest")}"),
    ]);

    private static DatasetName Dataset(MlflowRequest dataset) => dataset.Text("dataset_name") is { Length: > 0 } name
        ? new DatasetName(name, Digest(dataset))
        : throw new Core.Errors.RunstoneException(Core.Errors.Error.Invalid("datasets", "`dataset_name` in the `datasets` clause must be specified."));

    private static string? Digest(in MlflowRequest request) => request.Text("dataset_digest") is { Length: > 0 } digest ? digest : null;

    private static LoggedModelOrdering Order(MlflowRequest item)
    {
        var name = item.RequiredText("field_name");
        var descending = item.Text("ascending") is "false" or "False" or "0";
        var dataset = item.Text("dataset_name") is { Length: > 0 } on ? new DatasetName(on, Digest(item)) : null;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return Attributes.Contains(name, StringComparer.Ordinal)
                ? new LoggedModelOrdering(new Field(FieldKind.Attribute, AttributeOf(name)), descending)
                : throw OrderClauses.Invalid($"Invalid order by field name: {PythonText.Truncate(name, 300)}");
        }

        return name.AsSpan(0, dot) is "metrics"
            ? new LoggedModelOrdering(new Field(FieldKind.Metric, SearchTokens.Unquote(name[(dot + 1)..])), descending, dataset)
            : throw OrderClauses.Invalid($"Invalid order by field name: {PythonText.Truncate(name, 300)}. Only metrics are supported.");
    }

    private static Filter Lower(in SearchClause clause) => clause.Entity switch
    {
        "metric" => Compare(clause, new Field(FieldKind.Metric, clause.Key), Literal.Of(SearchClauses.NumberOf(clause))),
        "parameter" => Pair(clause, new Field(FieldKind.Param, clause.Key)),
        "tag" => Pair(clause, new Field(FieldKind.Tag, clause.Key)),
        _ => Attribute(clause),
    };

    private static Filter Pair(in SearchClause clause, Field field)
    {
        if (SearchClauses.PairTextOf(clause) is { } text)
            return Compare(clause, field, Literal.Of(text));
        return clause.Comparator == "IS NULL" ? new Filter.Not(new Filter.Exists(field)) : new Filter.Exists(field);
    }

    private static Filter.Compare Attribute(in SearchClause clause)
    {
        var field = new Field(FieldKind.Attribute, AttributeOf(clause.Key));
        if (field.Key is LoggedModelFields.CreatedAt or LoggedModelFields.UpdatedAt or LoggedModelFields.Experiment)
            return Compare(clause, field, Literal.Of(SearchClauses.NumberOf(clause)));
        if (field.Key != LoggedModelFields.Status)
            return Compare(clause, field, Literal.Of(SearchClauses.TextOf(clause, SearchClauses.TextComparators)));
        var name = SearchClauses.TextOf(clause, ["=", "!="]);
        return LoggedModelMapping.StatusOf(name) is { } status
            ? Compare(clause, field, Literal.Of((double)status))
            : throw SearchClauses.Invalid($"Invalid status '{PythonText.Truncate(name, 300)}'. Valid values are ['PENDING', 'READY', 'FAILED']");
    }

    private static Filter.Compare Compare(in SearchClause clause, Field field, Literal literal) => new(field, Operators.Of(clause.Comparator), literal);

    private static string AttributeOf(string key) => key switch
    {
        "model_id" => LoggedModelFields.Id,
        "model_type" => LoggedModelFields.Type,
        "status" => LoggedModelFields.Status,
        "source_run_id" => LoggedModelFields.RunId,
        "experiment_id" => LoggedModelFields.Experiment,
        "artifact_location" => LoggedModelFields.Location,
        "creation_time" or "creation_timestamp" or "creation_timestamp_ms" => LoggedModelFields.CreatedAt,
        "last_updated_timestamp" or "last_updated_timestamp_ms" => LoggedModelFields.UpdatedAt,
        _ => LoggedModelFields.Name,
    };
}
