namespace Runstone.Storage.Sql;

/// <summary>Statements that read runs. Parameters are numbered in the order in which they first appear.</summary>
internal static class RunSql
{
    /// <summary>The facts of a run, in the order that the row readers expect.</summary>
    public const string Facts =
        """
        select r.run_no, r.run_id, r.experiment_id, r.name, r.user_name, r.status, r.start_time, r.end_time, r.lifecycle,
               r.deleted_at, r.parent_id, r.artifact_uri, r.updated_at, r.next_seq, d.notes, d.environment, r.tail_points
        from runs r left join run_document d on d.run_no = r.run_no
        """;

    /// <summary>The same without what may be long: the document reads as if there were none.</summary>
    public const string ShortFacts =
        """
        select r.run_no, r.run_id, r.experiment_id, r.name, r.user_name, r.status, r.start_time, r.end_time, r.lifecycle,
               r.deleted_at, r.parent_id, r.artifact_uri, r.updated_at, r.next_seq, null, null, r.tail_points
        from runs r
        """;

    public const string Ids = "select r.run_no, r.run_id from runs r";

    public const string ById = Facts + " where r.run_id = @run_id";

    public const string Children = Facts + " where r.parent_id = @parent_id and r.lifecycle = 0 order by r.start_time, r.run_id limit 1000";

    /// <summary>Of each run the active ones nested in it that meet the condition: one look into the index of parents a run.</summary>
    public static string ChildCounts(string condition) =>
        $"select r.run_no, (select count(*) from runs c where c.parent_id = r.run_id and c.run_no <> r.run_no and c.lifecycle = 0{condition}) from runs r";

    public const string NumberOf = "select run_no from runs where run_id = @run_id";

    public const string Numbers = "select run_id, run_no, start_time from runs";

    public const string KeyNames = "select id, name from key_name";

    public const string KeyId = "select id from key_name where name = @name";

    public const string LatestColumns =
        "x.last, x.last_step, x.last_step_micros, x.last_time, x.min_value, x.max_value, x.first, x.count";

    public const string Inputs =
        """
        select x.id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, x.run_no
        from run_input x join dataset d on d.id = x.dataset_id
        """;

    public const string InputNames = "select x.run_no, d.name, d.digest from run_input x join dataset d on d.id = x.dataset_id";

    public const string InputTags = "select t.input_id, t.key, t.value from run_input x join run_input_tag t on t.input_id = x.id";

    public const string Models = "select x.run_no, x.model_id, x.direction, x.step from run_model x";
}
