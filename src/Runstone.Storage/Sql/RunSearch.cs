using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>
/// Builds the statements of a search over runs. They return run numbers in order; the columns of a page are read afterwards.
/// </summary>
/// <remarks>
/// When the first order is a metric, param or tag inside one experiment, the rows come straight from the index of that key
/// (<see cref="FromIndex"/>), so that a page costs what it shows; runs without a value follow from <see cref="Rest"/>.
/// </remarks>
internal sealed class RunSearch(SqlDialect dialect, RunQuery query)
{
    /// <summary>Each order may be a join, and engines bound those.</summary>
    private const int MaxOrders = 32;

    /// <summary>Whether the index of the first order serves the search.</summary>
    public bool HasIndex =>
        query.ExperimentIds.Count == 1
        && query.OrderBy is [{ Field: { Kind: FieldKind.Param or FieldKind.Tag } or { Kind: FieldKind.Metric, Aggregate: MetricAggregate.Last } }, ..];

    /// <summary>All matches in order.</summary>
    public SqlText All(long limit, long offset) => Ordered("", limit, offset);

    /// <summary>Those that have a value (not NaN) of the first order, from its index.</summary>
    public SqlText FromIndex(long limit, long offset)
    {
        var parameters = new SqlParameters();
        var fields = new RunFieldPlaces(dialect, parameters, query.ExperimentIds);
        var order = query.OrderBy[0];
        var place = (SearchField.Owned)fields.Resolve(order.Field);
        var direction = order.Descending ? " desc" : "";
        var sorted = place.Text is { } text ? $"substr({text}, 1, 128){direction}, {text}{direction}" : $"{place.Number}{direction}";
        var rest = Orders(fields, query.OrderBy.Skip(1), parameters);

        var sql = $"""
            select r.run_no from {place.Table} {dialect.RunOfRow(Conditions(fields.NumberedBy(dialect.NumberOfRow), parameters))} {rest.Joins}
            where {place.Scope}{HasValue(place)}
            order by {string.Join(", ", [sorted, .. rest.Terms])} limit {parameters.Add(limit)} offset {parameters.Add(offset)}
            """;
        return new SqlText(sql, parameters);
    }

    /// <summary>How many <see cref="FromIndex"/> has.</summary>
    public SqlText CountFromIndex()
    {
        var parameters = new SqlParameters();
        var fields = new RunFieldPlaces(dialect, parameters, query.ExperimentIds);
        var place = (SearchField.Owned)fields.Resolve(query.OrderBy[0].Field);
        var sql = $"""
            select count(*) from {place.Table} {dialect.RunOfRow(Conditions(fields.NumberedBy(dialect.NumberOfRow), parameters))}
            where {place.Scope}{HasValue(place)}
            """;
        return new SqlText(sql, parameters);
    }

    /// <summary>The matches that <see cref="FromIndex"/> leaves out, in order.</summary>
    public SqlText Rest(long limit, long offset) => Ordered("rest", limit, offset);

    /// <summary>How many runs match, at most <paramref name="ceiling"/>.</summary>
    public SqlText Count(long ceiling)
    {
        var parameters = new SqlParameters();
        var fields = new RunFieldPlaces(dialect, parameters, query.ExperimentIds);
        var sql = $"select count(*) from (select 1 from runs r where {Conditions(fields, parameters)} limit {parameters.Add(ceiling)}) matches";
        return new SqlText(sql, parameters);
    }

    private SqlText Ordered(string part, long limit, long offset)
    {
        var parameters = new SqlParameters();
        var fields = new RunFieldPlaces(dialect, parameters, query.ExperimentIds);
        var orders = Orders(fields, query.OrderBy, parameters);
        var conditions = Conditions(fields, parameters);
        if (part.Length > 0)
        {
            var place = (SearchField.Owned)fields.Resolve(query.OrderBy[0].Field);
            conditions += $" and r.run_no not in (select x.run_no from {place.Table} where {place.Scope}{HasValue(place)})";
        }

        var sql = $"""
            select r.run_no from runs r {orders.Joins}
            where {conditions}
            order by {string.Join(", ", orders.Terms)} limit {parameters.Add(limit)} offset {parameters.Add(offset)}
            """;
        return new SqlText(sql, parameters);
    }

    private static string HasValue(SearchField.Owned place) => place.Text is null ? $" and {place.Number} is not null" : "";

    private string Conditions(RunFieldPlaces fields, SqlParameters parameters)
    {
        var conditions = new List<string>();
        if (fields.Experiments("r.experiment_id") is { Length: > 0 } scope)
            conditions.Add(scope);
        if (query.Lifecycle != LifecycleView.All)
            conditions.Add(query.Lifecycle == LifecycleView.Active ? "r.lifecycle = 0" : "r.lifecycle = 1");
        conditions.Add(new FilterCompiler(dialect, parameters, fields.Resolve, fields.SearchText).Compile(query.Filter));
        return string.Join(" and ", conditions);
    }

    private static (string Joins, List<string> Terms) Orders(RunFieldPlaces fields, IEnumerable<Ordering> orderings, SqlParameters parameters)
    {
        var joins = new List<string>();
        var terms = new List<string>();
        foreach (var (field, descending) in orderings)
        {
            if (joins.Count == MaxOrders)
                throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The search is ordered by more than {MaxOrders} metrics, params and tags.", "order_by"));
            var direction = descending ? " desc" : "";
            if (field.Kind is FieldKind.Metric or FieldKind.Param or FieldKind.Tag)
                AddJoined(field, direction, joins, terms, parameters);
            else
                AddColumn(fields.Resolve(field), direction, terms);
        }

        return (string.Join(' ', joins), [.. terms, "r.start_time desc", "r.run_id"]);
    }

    private static void AddJoined(Field field, string direction, List<string> joins, List<string> terms, SqlParameters parameters)
    {
        var alias = $"o{joins.Count}";
        joins.Add($"left join {RunFieldPlaces.TableOf(field.Kind)} {alias} on {alias}.run_no = r.run_no and {alias}.key_id = {RunFieldPlaces.KeyId(parameters.Add(field.Key))}");
        var value = $"{alias}.{RunFieldPlaces.ValueColumn(field)}";
        terms.Add($"case when {alias}.run_no is null then 2 when {value} is null then 1 else 0 end");
        terms.Add(value + direction);
    }

    private static void AddColumn(SearchField place, string direction, List<string> terms)
    {
        var value = place switch
        {
            SearchField.Column column => column.Sql,
            SearchField.Owned owned => $"(select min({owned.Text}) from {owned.Table} where {owned.OwnerColumn} = {owned.Owner} and {owned.Scope})",
            _ => throw new RunstoneException(Error.Invalid("order_by", "The field cannot be ordered by.")),
        };
        if (place is not SearchField.Column { Nullable: false })
            terms.Add($"case when {value} is null then 1 else 0 end");
        terms.Add(value + direction);
    }
}
