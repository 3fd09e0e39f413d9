namespace Runstone.Storage.Sql;

/// <summary>Statements of the write path. Parameters are numbered in the order in which they first appear.</summary>
internal static class IngestSql
{
    public const string ExperimentLifecycle = "select lifecycle from experiment where id = @id";

    public const string InsertRun =
        """
        insert into runs (run_id, experiment_id, name, user_name, status, start_time, end_time, lifecycle, deleted_at, parent_id,
                          artifact_uri, updated_at, next_seq)
        values (@run_id, @experiment_id, @name, @user_name, @status, @start_time, null, 0, null, @parent_id, @artifact_uri, @updated_at, 0)
        returning run_no
        """;

    public const string UpdateRun =
        """
        update runs set name = @name, status = @status, end_time = @end_time, lifecycle = @lifecycle, deleted_at = @deleted_at,
                        parent_id = @parent_id, updated_at = @updated_at, next_seq = @next_seq, tail_points = @tail_points
        where run_no = @run_no
        """;

    public const string TouchRun = "update runs set updated_at = @updated_at, next_seq = @next_seq, tail_points = @tail_points where run_no = @run_no";

    public const string InsertUnsealed = "insert into unsealed_run (run_no) values (@run_no) on conflict (run_no) do nothing";

    public const string UpsertDocument =
        """
        insert into run_document (run_no, notes, environment) values (@run_no, @notes, @environment)
        on conflict (run_no) do update set notes = excluded.notes, environment = excluded.environment
        """;

    public const string InsertKey = "insert into key_name (name) values (@name) returning id";

    public const string SelectParam = "select value from params where run_no = @run_no and key_id = @key_id";

    public const string UpsertParam =
        """
        insert into params (run_no, key_id, experiment_id, value, number) values (@run_no, @key_id, @experiment_id, @value, @number)
        on conflict (run_no, key_id) do update set value = excluded.value, number = excluded.number
        """;

    public const string TagExists = "select 1 from tags where run_no = @run_no and key_id = @key_id";

    public const string UpsertTag =
        """
        insert into tags (run_no, key_id, experiment_id, value, number) values (@run_no, @key_id, @experiment_id, @value, @number)
        on conflict (run_no, key_id) do update set value = excluded.value, number = excluded.number
        """;

    public const string DeleteTag = "delete from tags where run_no = @run_no and key_id = @key_id";

    public const string InsertDataset =
        """
        insert into dataset (experiment_id, name, digest, source_type, source, schema, profile)
        values (@experiment_id, @name, @digest, @source_type, @source, @schema, @profile)
        on conflict (experiment_id, name, digest) do nothing
        """;

    public const string SelectDataset =
        "select id from dataset where experiment_id = @experiment_id and name = @name and digest = @digest";

    /// <summary>Returns no row when the link is there already.</summary>
    public const string InsertInput =
        "insert into run_input (run_no, dataset_id) values (@run_no, @dataset_id) on conflict (run_no, dataset_id) do nothing returning id";

    public const string InsertInputTag =
        """
        insert into run_input_tag (input_id, key, value) values (@input_id, @key, @value)
        on conflict (input_id, key) do update set value = excluded.value
        """;

    public const string UpsertModel =
        """
        insert into run_model (run_no, model_id, direction, step) values (@run_no, @model_id, @direction, @step)
        on conflict (run_no, model_id, direction) do update set step = excluded.step
        """;

    public const string UpsertArtifact =
        """
        insert into artifact (run_no, path, sha256, size, updated_at) values (@run_no, @path, @sha256, @size, @updated_at)
        on conflict (run_no, path) do update set sha256 = excluded.sha256, size = excluded.size, updated_at = excluded.updated_at
        """;

    /// <summary>Everything at the path and below it: '0' is the character after '/'.</summary>
    public const string DeleteArtifacts =
        "delete from artifact where run_no = @run_no and (path = @path or (path >= @below and path < @beyond))";

    public const string InsertMedia =
        $"{IntoMedia} values (@run_no, @key_id, @step, @step_micros, @time, @type, @path, @caption, @data)";

    public const string IntoMedia = "insert into media_item (run_no, key_id, step, step_micros, time, type, path, caption, data)";

    public const string SelectSource = "select last_number from ingest_source where run_no = @run_no and source = @source";

    public const string UpsertSource =
        """
        insert into ingest_source (run_no, source, last_number) values (@run_no, @source, @last_number)
        on conflict (run_no, source) do update set last_number = excluded.last_number
        """;

    public const string Condemned = "select 1 from condemned_blob where sha256 = @sha256";

    public const string InsertLog = "insert into metric_log (position, payload, digest) values (@position, @payload, @digest)";

    public const string InsertText =
        $"{IntoText} values (@run_no, @key_id, @step, @step_micros, @time, @value, @text) {TextOnce}";

    public const string IntoText = "insert into metric_text (run_no, key_id, step, step_micros, time, value, text)";

    public const string TextOnce = "on conflict (run_no, key_id, step, step_micros, time, value, text) do nothing";

    public const string LoggedModel = "select id from logged_model where model_id = @model_id and deleted_at is null";

    public const string UpsertModelMetric =
        $"{IntoModelMetric} values (@run_no, @model_no, @key_id, @time, @step, @step_micros, @dataset, @digest, @value) {ReplaceModelMetric}";

    public const string IntoModelMetric =
        "insert into logged_model_metric (run_no, model_no, key_id, time, step, step_micros, dataset, digest, value)";

    public const string ReplaceModelMetric =
        "on conflict (run_no, model_no, key_id, time, step, step_micros, dataset, digest) do update set value = excluded.value";

    public const string SelectLastStep = "select last_step from metric_latest where run_no = @run_no and key_id = @key_id";

    public const string UpsertLatest =
        $"""
        {InsertLatest}
        values (@run_no, @key_id, @experiment_id, @last, @last_step, @last_step_micros, @last_time, @min_value, @max_value, @first, @count)
        {MergeLatest}
        """;

    public const string InsertLatest =
        "insert into metric_latest (run_no, key_id, experiment_id, last, last_step, last_step_micros, last_time, min_value, max_value, first, count)";

    /// <summary>The last point is the greatest by (step, time, value) with NaN, which is NULL, above every number.</summary>
    public const string MergeLatest =
        $"""
        on conflict (run_no, key_id) do update set
            last = case when {IsNewer} then excluded.last else metric_latest.last end,
            last_step = case when {IsNewer} then excluded.last_step else metric_latest.last_step end,
            last_step_micros = case when {IsNewer} then excluded.last_step_micros else metric_latest.last_step_micros end,
            last_time = case when {IsNewer} then excluded.last_time else metric_latest.last_time end,
            min_value = case when metric_latest.min_value is null or excluded.min_value < metric_latest.min_value
                             then excluded.min_value else metric_latest.min_value end,
            max_value = case when metric_latest.max_value is null or excluded.max_value > metric_latest.max_value
                             then excluded.max_value else metric_latest.max_value end,
            count = metric_latest.count + excluded.count
        """;

    private const string IsNewer =
        """
        ((excluded.last_step, excluded.last_step_micros, excluded.last_time)
          > (metric_latest.last_step, metric_latest.last_step_micros, metric_latest.last_time)
         or ((excluded.last_step, excluded.last_step_micros, excluded.last_time)
               = (metric_latest.last_step, metric_latest.last_step_micros, metric_latest.last_time)
             and metric_latest.last is not null and (excluded.last is null or excluded.last > metric_latest.last)))
        """;
}
