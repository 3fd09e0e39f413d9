using Runstone.Core.Errors;
using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Builds the statements of searches over models and over their versions; one row more than the page is asked for.</summary>
internal static class ModelSearch
{
    private const string StageText = "case v.stage when 1 then 'staging' when 2 then 'production' when 3 then 'archived' else 'none' end";

    public static SqlText Models(SqlDialect dialect, ModelQuery query)
    {
        var parameters = new SqlParameters();
        SearchField Resolve(Field field) => field.Kind switch
        {
            FieldKind.Attribute => ModelAttribute(field.Key),
            FieldKind.Tag => Tag("m.id", "registered_model_tag x", "x.model_id", field.Key, parameters),
            _ => throw Unknown("Registered models", field),
        };
        var condition = new FilterCompiler(dialect, parameters, Resolve, text => ModelText(dialect, parameters.Add(text))).Compile(query.Filter);
        var sql = $"""
            {ModelSql.Models} where {condition}
            order by {Order(query.OrderBy, Resolve, [])}m.name
            limit {parameters.Add(query.Limit + 1L)} offset {parameters.Add(query.Offset)}
            """;
        return new SqlText(sql, parameters);
    }

    public static SqlText Versions(SqlDialect dialect, ModelVersionQuery query)
    {
        var parameters = new SqlParameters();
        SearchField Resolve(Field field) => field.Kind switch
        {
            FieldKind.Attribute => VersionAttribute(field.Key),
            FieldKind.Tag => Tag("v.id", "model_version_tag x", "x.version_id", field.Key, parameters),
            _ => throw Unknown("Model versions", field),
        };
        var condition = new FilterCompiler(dialect, parameters, Resolve, text => VersionText(dialect, parameters.Add(text))).Compile(query.Filter);
        var sql = $"""
            {ModelSql.Versions} where {condition}
            order by {Order(query.OrderBy, Resolve, ["v.updated_at desc"])}m.name, v.number desc
            limit {parameters.Add(query.Limit + 1L)} offset {parameters.Add(query.Offset)}
            """;
        return new SqlText(sql, parameters);
    }

    private static string Order(IReadOnlyList<Ordering> orderings, Func<Field, SearchField> resolve, IReadOnlyList<string> byDefault)
    {
        var terms = orderings.Count == 0 ? [.. byDefault] : new List<string>();
        foreach (var (field, descending) in orderings)
        {
            var (value, nullable) = resolve(field) switch
            {
                SearchField.Column column => (column.Sql, column.Nullable),
                SearchField.Owned owned => ($"(select {owned.Text} from {owned.Table} where {owned.OwnerColumn} = {owned.Owner} and {owned.Scope})", true),
                _ => throw new InvalidOperationException("A field has no place."),
            };
            if (nullable)
                terms.Add($"case when {value} is null then 1 else 0 end");
            terms.Add(descending ? $"{value} desc" : value);
        }

        return string.Concat(terms.Select(t => t + ", "));
    }

    private static SearchField.Column ModelAttribute(string key) => key switch
    {
        ModelFields.Name => new("m.name", false, false),
        ModelFields.CreatedAt => new("m.created_at", true, false),
        ModelFields.UpdatedAt => new("m.updated_at", true, false),
        _ => throw Unknown("Registered models", new Field(FieldKind.Attribute, key)),
    };

    private static SearchField.Column VersionAttribute(string key) => key switch
    {
        ModelVersionFields.Model => new("m.name", false, false),
        ModelVersionFields.Number => new("v.number", true, false),
        ModelVersionFields.Source => new("v.source", false, false),
        ModelVersionFields.RunId => new("v.run_id", false, true),
        ModelVersionFields.Stage => new(StageText, false, false),
        ModelVersionFields.CreatedAt => new("v.created_at", true, false),
        ModelVersionFields.UpdatedAt => new("v.updated_at", true, false),
        _ => throw Unknown("Model versions", new Field(FieldKind.Attribute, key)),
    };

    private static SearchField.Owned Tag(string owner, string table, string ownerColumn, string key, SqlParameters parameters) =>
        new(owner, table, ownerColumn, $"x.key = {parameters.Add(key)}", "x.value", null, false, true);

    private static string ModelText(SqlDialect dialect, string parameter) =>
        $"""
        ({dialect.Contains("m.name", parameter)} or {dialect.Contains("coalesce(m.description, '')", parameter)}
        or m.id in (select x.model_id from registered_model_tag x where {dialect.Contains("x.value", parameter)}))
        """;

    private static string VersionText(SqlDialect dialect, string parameter) =>
        $"""
        ({dialect.Contains("m.name", parameter)} or {dialect.Contains("coalesce(v.description, '')", parameter)}
        or v.id in (select x.version_id from model_version_tag x where {dialect.Contains("x.value", parameter)}))
        """;

    private static RunstoneException Unknown(string what, Field field) => new(Error.Invalid("filter", field.Kind == FieldKind.Attribute
        ? $"{what} have no field '{field.Key}'."
        : $"{what} have no {field.Kind.ToString().ToLowerInvariant()}s; compare a field or a tag."));
}
