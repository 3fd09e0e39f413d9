using Runstone.Core.Errors;
using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Builds the statement of a search over logged models; one row more than the page is asked for.</summary>
internal sealed class LoggedModelSearch
{
    private readonly SqlParameters _parameters = new();
    private readonly LoggedModelQuery _query;
    private bool _asksForMetrics;

    private LoggedModelSearch(LoggedModelQuery query) => _query = query;

    public static SqlText Models(SqlDialect dialect, LoggedModelQuery query) => new LoggedModelSearch(query).Build(dialect);

    private SqlText Build(SqlDialect dialect)
    {
        var condition = new FilterCompiler(dialect, _parameters, Resolve).Compile(_query.Filter);
        if (_query.Datasets.Count > 0 && !_asksForMetrics)
            condition += $" and exists (select 1 from logged_model_metric x where x.model_no = m.id{Within(_query.Datasets)})";
        var experiments = dialect.InNumbers("m.experiment_id", _parameters.Add(dialect.List(_query.ExperimentIds)));
        var sql = $"""
            {LoggedModelSql.Models} where m.deleted_at is null and {experiments} and {condition}
            order by {string.Concat(_query.OrderBy.SelectMany(Order).Select(t => t + ", "))}m.created_at desc, m.id desc
            limit {_parameters.Add(_query.Limit + 1L)} offset {_parameters.Add(_query.Offset)}
            """;
        return new SqlText(sql, _parameters);
    }

    private IEnumerable<string> Order(LoggedModelOrdering ordering)
    {
        var (value, nullable) = ordering.Field.Kind switch
        {
            FieldKind.Attribute => Attribute(ordering.Field.Key) is var column ? (column.Sql, column.Nullable) : default,
            FieldKind.Metric => (Newest(ordering), true),
            _ => throw Refused("order_by", ordering.Field),
        };
        if (nullable)
            yield return $"case when {value} is null then 1 else 0 end";
        yield return ordering.Descending ? $"{value} desc" : value;
    }

    /// <summary>Rows of one model and key lie together in the index, newest last.</summary>
    private string Newest(LoggedModelOrdering ordering)
    {
        var within = ordering.Dataset is { } dataset ? Within([dataset]) : "";
        return $"(select x.value from logged_model_metric x where x.model_no = m.id and {IsOf(ordering.Field.Key)}{within} order by x.time desc, x.step desc limit 1)";
    }

    private SearchField Resolve(Field field)
    {
        switch (field.Kind)
        {
            case FieldKind.Attribute:
                return Attribute(field.Key);
            case FieldKind.Param:
                return Pair("logged_model_param x", field.Key);
            case FieldKind.Tag:
                return Pair("logged_model_tag x", field.Key);
            case FieldKind.Metric:
                _asksForMetrics = true;

                // Bound to the model, so that few rows of the index are looked at for each, and not all models of the store.
                return new SearchField.Owned(
                    "m.id", "logged_model_metric x", "x.model_no", $"x.model_no = m.id and {IsOf(field.Key)}{Within(_query.Datasets)}",
                    null, "x.value", NullIsNaN: true, Indexed: false);
            default:
                throw Refused("filter", field);
        }
    }

    private SearchField.Owned Pair(string table, string key) =>
        new("m.id", table, "x.model_no", $"x.model_no = m.id and x.key = {_parameters.Add(key)}", "x.value", null, NullIsNaN: false, Indexed: false);

    private string IsOf(string key) => $"x.key_id = (select k.id from key_name k where k.name = {_parameters.Add(key)})";

    /// <summary>The condition, to be appended, that a result was measured on one of the datasets.</summary>
    private string Within(IReadOnlyList<DatasetName> datasets) => datasets.Count == 0
        ? ""
        : $" and ({string.Join(" or ", datasets.Select(d => d.Digest is { } digest
            ? $"(x.dataset = {_parameters.Add(d.Name)} and x.digest = {_parameters.Add(digest)})"
            : $"x.dataset = {_parameters.Add(d.Name)}"))})";

    private static SearchField.Column Attribute(string key) => key switch
    {
        LoggedModelFields.Id => new("m.model_id", false, false),
        LoggedModelFields.Name => new("m.name", false, false),
        LoggedModelFields.Type => new("m.type", false, false),
        LoggedModelFields.RunId => new("m.run_id", false, true),
        LoggedModelFields.Location => new("m.location", false, false),
        LoggedModelFields.Experiment => new("m.experiment_id", true, false),
        LoggedModelFields.Status => new("m.status", true, false),
        LoggedModelFields.CreatedAt => new("m.created_at", true, false),
        LoggedModelFields.UpdatedAt => new("m.updated_at", true, false),
        _ => throw Refused("filter", new Field(FieldKind.Attribute, key)),
    };

    private static RunstoneException Refused(string parameter, Field field) => new(Error.Invalid(parameter, field.Kind == FieldKind.Attribute
        ? $"Logged models have no field '{field.Key}'."
        : $"Logged models cannot be searched or ordered by the {field.Kind.ToString().ToLowerInvariant()} '{field.Key}'."));
}
