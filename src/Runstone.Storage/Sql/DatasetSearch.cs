namespace Runstone.Storage.Sql;

/// <summary>Builds the statement that lists datasets in use, newest first.</summary>
internal static class DatasetSearch
{
    public static SqlText Build(SqlDialect dialect, IReadOnlyList<long> experimentIds, string contextTag, int limit)
    {
        var parameters = new SqlParameters();
        var context = parameters.Add(contextTag);
        var sql = $"""
            select d.experiment_id, d.name, d.digest, t.value
            from dataset d
            join run_input x on x.dataset_id = d.id
            join runs r on r.run_no = x.run_no and r.lifecycle = 0
            left join run_input_tag t on t.input_id = x.id and t.key = {context}
            where {dialect.InNumbers("d.experiment_id", parameters.Add(dialect.List(experimentIds)))}
            group by d.id, d.experiment_id, d.name, d.digest, t.value
            order by d.id desc, case when t.value is null then 0 else 1 end, t.value
            limit {parameters.Add((long)limit)}
            """;
        return new SqlText(sql, parameters);
    }
}
