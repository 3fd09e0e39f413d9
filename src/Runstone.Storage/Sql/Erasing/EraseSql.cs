using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql.Erasing;

/// <summary>Statements that erase and measure. Parameters are numbered in the order in which they first appear.</summary>
internal static class EraseSql
{
    public const string Find = "select r.run_no, k.id from runs r, key_name k where r.run_id = @run_id and k.name = @name";

    public const string Number = "select run_no from runs where run_id = @run_id";

    public const string TailPoints = "select tail_points from runs where run_no = @run_no";

    public const string HasSummary = "select 1 from metric_latest where run_no = @run_no and key_id = @key_id";

    public const string HasSummaries = "select 1 from metric_latest where run_no = @run_no limit 1";

    /// <summary>Chunks of a series, and their points.</summary>
    public const string SeriesChunks =
        "select count(*), cast(coalesce(sum(points), 0) as bigint) from metric_chunk where run_no = @run_no and slot = @slot";

    public const string RunChunks = "select count(*), cast(coalesce(sum(points), 0) as bigint) from metric_chunk where run_no = @run_no";

    public static readonly string[] DeleteSeries =
    [
        "delete from metric_chunk where run_no = @run_no and slot = @slot",
        "delete from metric_rollup where run_no = @run_no and slot = @slot",
        "delete from metric_text where run_no = @run_no and key_id = @key_id",
        "delete from metric_latest where run_no = @run_no and key_id = @key_id",
        "delete from logged_model_metric where run_no = @run_no and key_id = @key_id",
    ];

    public static readonly string[] DeletePoints =
    [
        "delete from metric_chunk where run_no = @run_no",
        "delete from metric_rollup where run_no = @run_no",
        "delete from metric_text where run_no = @run_no",
        "delete from unsealed_run where run_no = @run_no",
    ];

    /// <summary>What a retention keeps: the newest values, and the results of logged models.</summary>
    public static readonly string[] DeleteSummaries =
    [
        "delete from metric_latest where run_no = @run_no",
        "delete from logged_model_metric where run_no = @run_no",
    ];

    /// <summary>The next number goes up although nothing takes it: it tells that the chunks are other ones.</summary>
    public const string TakeChunks = "update runs set next_chunk = next_chunk + 1, sealed_points = sealed_points - @points where run_no = @run_no";

    public const string TakeAll =
        "update runs set next_chunk = next_chunk + 1, sealed_points = 0, tail_points = 0, sealed_seq = next_seq where run_no = @run_no";

    public static readonly SqlTable Erasure = SqlTable.Of("metric_erasure", "run_no:i key_id:i points:i reason:t erased_at:i kept_summary:i");

    private const string Listed =
        """
        select r.run_id, k.name, e.points, e.reason, e.erased_at, e.kept_summary
        from runs r join metric_erasure e on e.run_no = r.run_no left join key_name k on k.id = e.key_id
        """;

    /// <summary>Erasures of all runs, in the order in which they were done.</summary>
    public const string All = $"{Listed} order by e.id";

    public const string CountUpTo = "select count(*) from (select 1 from metric_erasure limit @ceiling) seen";

    private const string ChunkBytes = "length(c.payload) + length(c.summary) + length(c.digest)";

    /// <summary>Runs that retention may take.</summary>
    private const string IsExpirable =
        $"""
        r.status not in (1, 2) and r.sealed_points + r.tail_points > 0
        and not exists (select 1 from model_version v where v.run_id = r.run_id)
        and not exists (select 1 from tags t join key_name k on k.id = t.key_id where t.run_no = r.run_no and k.name = '{IErasureStore.KeepTag}')
        """;

    /// <summary>One row when the run is still as it was listed.</summary>
    public const string StillExpirable = $"select 1 from runs r where r.run_no = @run_no and r.updated_at = @updated_at and {IsExpirable}";

    /// <summary>run_no, run_id, experiment_id, updated_at, points, bytes.</summary>
    public static string Expirable(SqlDialect dialect) =>
        $"""
        select r.run_no, r.run_id, r.experiment_id, r.updated_at, r.sealed_points + r.tail_points,
               cast(coalesce((select sum({ChunkBytes}) from metric_chunk c where c.run_no = r.run_no), 0)
                    + coalesce((select sum(length(u.payload)) from metric_rollup u where u.run_no = r.run_no), 0)
                    + coalesce((select sum(length(l.payload) + length(l.digest)) from metric_log l where {dialect.LogIsOf("l", "r.run_no")}), 0) as bigint)
        from runs r
        where r.updated_at < @before and (r.updated_at > @after or (r.updated_at = @after and r.run_no > @after_no)) and {IsExpirable}
        order by r.updated_at, r.run_no limit @limit
        """;

    public const string Measure =
        $"""
        select cast(coalesce((select sum(sealed_points + tail_points) from runs), 0) as bigint),
               cast(coalesce((select sum({ChunkBytes}) from metric_chunk c), 0)
                    + coalesce((select sum(length(payload)) from metric_rollup), 0)
                    + coalesce((select sum(length(payload) + length(digest)) from metric_log), 0) as bigint)
        """;

    /// <summary>run_id, name of the key, points, reason, erased_at, kept_summary.</summary>
    public static SqlText List(SqlDialect dialect, IEnumerable<string> runIds) =>
        SqlText.Fixed($"{Listed} where {dialect.InTexts("r.run_id", "@run_ids")} order by e.id", dialect.List(runIds));
}
