using Runstone.Core.Errors;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Builds the statement of a search over experiments; it returns the columns of <see cref="ExperimentSql.Columns"/>.</summary>
internal static class ExperimentSearch
{
    public static SqlText Build(SqlDialect dialect, ExperimentQuery query)
    {
        var parameters = new SqlParameters();
        var conditions = new FilterCompiler(dialect, parameters, f => Resolve(f, parameters), text => Contains(dialect, text, parameters)).Compile(query.Filter);
        if (LifecycleSql.Number(query.Lifecycle) is { } number)
            conditions += FormattableString.Invariant($" and e.lifecycle = {number}");
        var order = query.OrderBy.Count == 0
            ? "e.created_at desc, e.id"
            : string.Join(", ", [.. query.OrderBy.SelectMany(o => Order(o, parameters)), "e.id desc"]);
        var sql = $"{ExperimentSql.Columns} where {conditions} order by {order} limit {parameters.Add(query.Limit + 1L)} offset {parameters.Add(query.Offset)}";
        return new SqlText(sql, parameters);
    }

    private static string Contains(SqlDialect dialect, string text, SqlParameters parameters)
    {
        var (name, notes, tag) = (dialect.Contains("e.name", text, parameters), dialect.Contains("e.notes", text, parameters), dialect.Contains("x.value", text, parameters));
        return $"({name} or {notes} or exists (select 1 from experiment_tag x where x.experiment_id = e.id and {tag}))";
    }

    private static IEnumerable<string> Order(Ordering ordering, SqlParameters parameters)
    {
        var direction = ordering.Descending ? " desc" : "";
        if (Resolve(ordering.Field, parameters) is SearchField.Owned tag)
        {
            var value = $"(select x.value from {tag.Table} where {tag.OwnerColumn} = {tag.Owner} and {tag.Scope})";
            yield return $"case when {value} is null then 1 else 0 end";
            yield return value + direction;
        }
        else if (Resolve(ordering.Field, parameters) is SearchField.Column column)
        {
            yield return column.Sql + direction;
        }
    }

    private static SearchField Resolve(Field field, SqlParameters parameters) => field switch
    {
        { Kind: FieldKind.Attribute, Key: ExperimentFields.Id } => new SearchField.Column("e.id", true, false),
        { Kind: FieldKind.Attribute, Key: ExperimentFields.Name } => new SearchField.Column("e.name", false, false),
        { Kind: FieldKind.Attribute, Key: ExperimentFields.CreatedAt } => new SearchField.Column("e.created_at", true, false),
        { Kind: FieldKind.Attribute, Key: ExperimentFields.UpdatedAt } => new SearchField.Column("e.updated_at", true, false),
        { Kind: FieldKind.Attribute, Key: ExperimentFields.Notes } => new SearchField.Column("nullif(e.notes, '')", false, true),
        { Kind: FieldKind.Tag } => new SearchField.Owned(
            "e.id", "experiment_tag x", "x.experiment_id", $"x.key = {parameters.Add(field.Key)}", "x.value", null, false, false),
        _ => throw new RunstoneException(Error.Invalid("filter", $"Experiments have no field '{field.Key}'.")),
    };
}
