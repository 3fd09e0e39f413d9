namespace Runstone.Storage.Sql;

/// <summary>Statements that read media. Parameters are numbered in the order in which they first appear.</summary>
internal static class MediaSql
{
    /// <summary>All of an item but its data, of which there is the length.</summary>
    private const string Facts = "select m.id, m.step, m.step_micros, m.time, m.type, m.path, m.caption, octet_length(m.data) from media_item m";

    private const string OfKey =
        "where m.run_no = (select run_no from runs where run_id = @run_id) and m.key_id = (select id from key_name where name = @key)";

    private const string UpTo = "and (m.step, m.step_micros) <= (@to, @to_micros)";

    public const string Page =
        $"""
        {Facts} {OfKey} and (m.step, m.step_micros, m.id) > (@after, @after_micros, @after_id) {UpTo}
        order by m.step, m.step_micros, m.id limit @limit
        """;

    public const string At = $"{Facts} {OfKey} and m.step = @step and m.step_micros = @step_micros order by m.id limit 200";

    public const string Steps =
        $"""
        select m.step, m.step_micros, count(*) from media_item m {OfKey} and (m.step, m.step_micros) >= (@from, @from_micros) {UpTo}
        group by m.step, m.step_micros order by m.step, m.step_micros limit @limit
        """;

    public const string LastStep = $"select m.step, m.step_micros from media_item m {OfKey} {UpTo} order by m.step desc, m.step_micros desc limit 1";

    /// <summary>Sums up what the index alone knows; the first and the last step are looked up in it.</summary>
    public static string Keys(SqlDialect dialect) =>
        $"""
        select r.run_id, k.name, g.type, g.items, {Edge("step", "")}, {Edge("step_micros", "")}, {Edge("step", " desc")}, {Edge("step_micros", " desc")}, g.last_time
        from (select run_no, key_id, type, count(*) as items, max(time) as last_time from media_item
              where run_no in (select run_no from runs where {dialect.InTexts("run_id", "@run_ids")}) group by run_no, key_id, type) g
        join runs r on r.run_no = g.run_no join key_name k on k.id = g.key_id
        order by r.run_id, k.name, g.type
        """;

    public static string Data(SqlDialect dialect) => $"select m.id, m.data from media_item m where {dialect.InNumbers("m.id", "@ids")}";

    private static string Edge(string column, string direction) =>
        $"(select x.{column} from media_item x where x.run_no = g.run_no and x.key_id = g.key_id and x.type = g.type order by x.step{direction}, x.step_micros{direction} limit 1)";
}
