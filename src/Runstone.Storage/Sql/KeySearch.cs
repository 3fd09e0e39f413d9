using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Lists the keys in use: one look into the index of the kind for each name that is known.</summary>
internal static class KeySearch
{
    public static SqlText Build(SqlDialect dialect, IReadOnlyList<long> experimentIds, FieldKind kind, string contains, int limit)
    {
        var parameters = new SqlParameters();
        var experiments = experimentIds.Count == 0 ? "select id from experiment" : $"select id from experiment where {dialect.InNumbers("id", parameters.Add(dialect.List(experimentIds)))}";
        var named = contains.Length == 0 ? "" : $" and {dialect.Contains("k.name", parameters.Add(contains))}";

        // Not "exists", which an engine may turn into a join over all rows of the key.
        var sql = $"""
            select k.name from key_name k
            where (select 1 from {RunFieldPlaces.TableOf(kind)} x where x.experiment_id in ({experiments}) and x.key_id = k.id limit 1) is not null{named}
            order by k.name limit {parameters.Add((long)limit)}
            """;
        return new SqlText(sql, parameters);
    }
}
