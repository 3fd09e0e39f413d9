using Runstone.Core.Experiments;

namespace Runstone.Storage.Sql;

/// <summary>Statements on experiments. Parameters are numbered in the order in which they first appear.</summary>
internal static class ExperimentSql
{
    public const string Columns = $"select {Facts} from experiment e";

    public const string ById = Columns + " where e.id = @id";

    /// <summary>A row for each tag, and one with nulls when there is none.</summary>
    public const string WithTagsById = WithTags + " where e.id = @id";

    /// <inheritdoc cref="WithTagsById"/>
    public const string WithTagsByName = WithTags + " where e.name = @name";

    public const string IdByName = "select id from experiment where name = @name";

    public const string Tags = "select experiment_id, key, value from experiment_tag";

    /// <summary>All runs, in the order in which every writer locks them.</summary>
    public const string Runs = "select run_no from runs where experiment_id = @id order by run_no";

    public const string Insert =
        """
        insert into experiment (name, artifact_location, lifecycle, created_at, updated_at, notes)
        values (@name, @artifact_location, 0, @now, @now, @notes) returning id
        """;

    public const string Update =
        "update experiment set name = @name, lifecycle = @lifecycle, notes = @notes, pinned_metric = @pinned_metric, updated_at = @updated_at where id = @id";

    public const string UpsertTag =
        """
        insert into experiment_tag (experiment_id, key, value) values (@id, @key, @value)
        on conflict (experiment_id, key) do update set value = excluded.value
        """;

    /// <summary>Returns no row when the tag is not there.</summary>
    public const string DeleteTag = "delete from experiment_tag where experiment_id = @id and key = @key returning 1";

    /// <summary>What they were is kept, so that they are that again when the experiment comes back.</summary>
    public const string DeleteRuns =
        $"update runs set lifecycle_before = lifecycle, lifecycle = 1, deleted_at = @now, {Stamp} where experiment_id = @id and lifecycle <> 1";

    public const string RestoreRuns =
        $"update runs set lifecycle = coalesce(lifecycle_before, 0), lifecycle_before = null, deleted_at = null, {Stamp} where experiment_id = @id and lifecycle = 1";

    /// <summary>Of the newest active runs those that have the metric, the newest first: id and last value.</summary>
    public static readonly string Pinned =
        FormattableString.Invariant($"""
        select r.run_id, m.last
        from (select run_no, run_id, start_time from runs where experiment_id = @id and lifecycle = 0 order by start_time desc, run_id limit {ExperimentSummary.MaxLooked}) r
        join metric_latest m on m.run_no = r.run_no and m.key_id = (select id from key_name where name = @key)
        order by r.start_time desc, r.run_id limit {ExperimentSummary.MaxPinned}
        """);

    private const string Facts = "e.id, e.name, e.artifact_location, e.lifecycle, e.created_at, e.updated_at, e.notes, e.pinned_metric";

    private const string WithTags = $"select {Facts}, t.key, t.value from experiment e left join experiment_tag t on t.experiment_id = e.id";

    /// <summary>Times of a run do not go back when the clock of a node does.</summary>
    private const string Stamp = "updated_at = case when updated_at > @now then updated_at else @now end";

    /// <summary>By experiment: counts of active runs, and their newest start or end. An experiment without any has no row.</summary>
    public static string Summary(string isListed) =>
        $"""
        select experiment_id,
               count(*),
               sum(case when status = 1 then 1 else 0 end),
               sum(case when status in (4, 5) then 1 else 0 end),
               sum(case when status = 3 then 1 else 0 end),
               max(case when end_time > start_time then end_time else start_time end)
        from runs where {isListed} and lifecycle = 0 group by experiment_id
        """;
}
