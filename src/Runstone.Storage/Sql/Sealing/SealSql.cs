namespace Runstone.Storage.Sql.Sealing;

/// <summary>Statements of the sealer. Parameters are numbered in the order in which they first appear.</summary>
internal static class SealSql
{
    /// <summary>Statuses of runs that are to be written to; all others have ended.</summary>
    private const string HasEnded = "r.status not in (1, 2)";

    public const string Unsealed =
        $"""
        select r.run_no, r.tail_points, r.updated_at, case when {HasEnded} then 1 else 0 end
        from unsealed_run u join runs r on r.run_no = u.run_no
        where r.tail_points >= @points or r.updated_at < @idle or ({HasEnded} and r.updated_at < @ended)
        order by r.updated_at, r.run_no limit @limit
        """;

    public const string Totals =
        "select count(*), cast(coalesce(sum(r.tail_points), 0) as bigint) from unsealed_run u join runs r on r.run_no = u.run_no";

    public const string Run =
        $"""
        select r.run_no, r.run_id, case when {HasEnded} then 1 else 0 end, r.sealed_seq, r.next_seq, r.tail_points, r.next_chunk
        from runs r where r.run_no = @run_no
        """;

    public const string Payload = "select payload from metric_chunk where run_no = @run_no and slot = @slot and first_step = @first_step and no = @no";

    /// <summary>Series that have more than one small chunk.</summary>
    public const string Fragmented =
        "select slot from metric_chunk where run_no = @run_no and slot >= @from and points < @small group by slot having count(*) > 1 order by slot";

    public const string Rollups = "select no, first_step from metric_rollup where run_no = @run_no and slot = @slot order by no";

    public const string Update =
        """
        update runs set sealed_seq = @sealed_seq, tail_points = @tail_points, next_chunk = @next_chunk, sealed_points = sealed_points + @added
        where run_no = @run_no
        """;

    public const string Done = "delete from unsealed_run where run_no = @run_no";

    public static readonly SqlTable Chunk = SqlTable.Of(
        "metric_chunk", "run_no:i slot:i first_step:i no:i last_step:i points:i summary:b payload:b digest:b");

    public static readonly SqlTable Rollup = SqlTable.Of(
        "metric_rollup", "run_no:i slot:i first_step:i no:i last_step:i points:i payload:b");

    /// <summary>Everything of the slots but what is long.</summary>
    public static SqlText Chunks(SqlDialect dialect, long runNo, IEnumerable<long> slots) => SqlText.Fixed(
        $"select slot, no, first_step, last_step, points from metric_chunk where run_no = @run_no and {dialect.InNumbers("slot", "@slots")}",
        runNo, dialect.List(slots));

    public static SqlText Summaries(SqlDialect dialect, long runNo, long slot, IEnumerable<long> nos) => SqlText.Fixed(
        $"select no, summary from metric_chunk where run_no = @run_no and slot = @slot and {dialect.InNumbers("no", "@nos")}",
        runNo, slot, dialect.List(nos));

    /// <summary>Numbers are of one table and run, so slots only say where to look.</summary>
    public static SqlText Delete(SqlDialect dialect, SqlTable table, long runNo, IEnumerable<long> slots, IEnumerable<long> nos) => SqlText.Fixed(
        $"delete from {table.Name} where run_no = @run_no and {dialect.InNumbers("slot", "@slots")} and {dialect.InNumbers("no", "@nos")}",
        runNo, dialect.List(slots), dialect.List(nos));
}
