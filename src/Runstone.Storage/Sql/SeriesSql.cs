using Runstone.Core.Metrics.Reading;

namespace Runstone.Storage.Sql;

/// <summary>Statements that read many series at once.</summary>
internal static class SeriesSql
{
    private const string Least = "(-9223372036854775807 - 1)";

    /// <summary>The slot of the pack that the key's points are in while they are few.</summary>
    public static long PackOf(long key) => -1 - (key >> 6);

    /// <summary>run_id, run_no, start_time, sealed_seq, next_seq, tail_points of runs.</summary>
    public static SqlText Runs(SqlDialect dialect, IEnumerable<string> ids) => SqlText.Fixed(
        $"select run_id, run_no, start_time, sealed_seq, next_seq, tail_points from runs where {dialect.InTexts("run_id", "@run_ids")}", dialect.List(ids));

    public static SqlText Keys(SqlDialect dialect, IEnumerable<string> names) =>
        SqlText.Fixed($"{RunSql.KeyNames} where {dialect.InTexts("name", "@names")}", dialect.List(names));

    /// <summary>Rollups of the slots: run_no, slot, payload.</summary>
    public static SqlText Rollups(SqlDialect dialect, IReadOnlyList<long> runs, IReadOnlyList<long> slots) => dialect.ForEach(
        "x.run_no, x.slot, x.payload", "metric_rollup", $"x.run_no = {dialect.Entry(0)} and x.slot = {dialect.Entry(1)}", runs, slots);

    /// <summary>Chunks and packs of the slots, but for those that rollups are known to end behind: run_no, slot, no, summary, payload of a pack.</summary>
    public static SqlText Chunks(SqlDialect dialect, IReadOnlyList<long> runs, IReadOnlyList<long> slots) => dialect.ForEach(
        "x.run_no, x.slot, x.no, x.summary, case when x.slot < 0 then x.payload end",
        "metric_chunk",
        $"""
        x.run_no = {dialect.Entry(0)} and x.slot = {dialect.Entry(1)} and x.first_step >= coalesce(
            (select max(u.last_step) from metric_rollup u where u.run_no = {dialect.Entry(0)} and u.slot = {dialect.Entry(1)}), {Least})
        """,
        runs, slots);

    /// <summary>Place in the list and one column of certain chunks.</summary>
    public static SqlText Column(SqlDialect dialect, string column, IReadOnlyList<(StoredSeries Series, KnownChunk Chunk)> chunks) => dialect.ForEach(
        $"{dialect.EntryPlace}, x.{column}",
        "metric_chunk",
        $"x.run_no = {dialect.Entry(0)} and x.slot = {dialect.Entry(1)} and x.first_step = {dialect.Entry(2)} and x.no = {dialect.Entry(3)}",
        [.. chunks.Select(c => c.Series.Run.Number)], [.. chunks.Select(c => c.Series.Key)],
        [.. chunks.Select(c => c.Chunk.First.Step.Whole)], [.. chunks.Select(c => c.Chunk.No)]);
}
