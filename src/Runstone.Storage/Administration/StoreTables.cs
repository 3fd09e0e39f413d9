using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>All tables that hold what people logged; what a store keeps for its own work is not among them.</summary>
internal static class StoreTables
{
    private const int FewRows = 64;
    private const string ChunkKey = "slot first_step no";

    public static readonly StoreTable Experiment = new(
        SqlTable.Of("experiment", "id:i name:t artifact_location:t lifecycle:i created_at:i updated_at:i notes:t pinned_metric:t"), owner: "id", page: FewRows);

    public static readonly StoreTable RegisteredModel = new(
        SqlTable.Of("registered_model", "id:i name:t description:t created_at:i updated_at:i last_version:i"), owner: "id", page: FewRows);

    public static readonly StoreTable Runs = new(SqlTable.Of(
        "runs",
        "run_no:i run_id:t experiment_id:i name:t user_name:t status:i start_time:i end_time:i lifecycle:i lifecycle_before:i deleted_at:i parent_id:t "
        + "artifact_uri:t updated_at:i next_seq:i "
        + "tail_points:i sealed_seq:i next_chunk:i sealed_points:i"));

    public static readonly StoreTable Artifact = new(SqlTable.Of("artifact", "run_no:i path:t sha256:t size:i updated_at:i"), "path");

    public static readonly StoreTable Latest = new(
        SqlTable.Of(
            "metric_latest",
            "run_no:i key_id:i experiment_id:i last:d last_step:i last_step_micros:i last_time:i min_value:d max_value:d first:d count:i"),
        "key_id");

    public static readonly StoreTable Chunk = new(
        SqlTable.Of("metric_chunk", "run_no:i slot:i first_step:i no:i last_step:i points:i summary:b payload:b digest:b"), ChunkKey, page: FewRows);

    public static readonly StoreTable Rollup = new(
        SqlTable.Of("metric_rollup", "run_no:i slot:i first_step:i no:i last_step:i points:i payload:b"), ChunkKey, page: FewRows);

    public static readonly StoreTable Console = new(SqlTable.Of("console", "run_no:i lines:i bytes:i open_line:i open_chunks:i merges:i"));

    public static readonly StoreTable ConsoleChunk = new(Sql.Consoles.ConsoleSql.Chunk, "first_line", page: FewRows);

    public static readonly StoreTable UnsealedRun = new(SqlTable.Of("unsealed_run", "run_no:i"));

    /// <summary>The log has the key of the engine and is read by <see cref="LogReader"/>.</summary>
    public static readonly SqlTable MetricLog = SqlTable.Of(SqlTable.MetricLog, "run_no:i seq:i payload:b digest:b");

    /// <summary>What is not of one run, each table after those that it refers to.</summary>
    public static readonly IReadOnlyList<StoreTable> Catalog =
    [
        Experiment,
        new(SqlTable.Of("experiment_tag", "experiment_id:i key:t value:t"), "key", "experiment_id"),
        new(SqlTable.Of("key_name", "id:i name:t"), owner: "id"),
        new(SqlTable.Of("dataset", "id:i experiment_id:i name:t digest:t source_type:t source:t schema:t profile:t"), owner: "id", page: FewRows),
        RegisteredModel,
        new(SqlTable.Of("registered_model_tag", "model_id:i key:t value:t"), "key", "model_id"),
        new(SqlTable.Of(
            "model_version",
            "id:i model_id:i number:i source:t location:t run_id:t run_link:t description:t stage:i created_at:i updated_at:i"), owner: "id", page: FewRows),
        new(SqlTable.Of("model_version_tag", "version_id:i key:t value:t"), "key", "version_id"),
        new(SqlTable.Of("model_alias", "model_id:i alias:t version_id:i"), "alias", "model_id"),
        new(SqlTable.Of(
            "logged_model",
            "id:i model_id:t experiment_id:i name:t type:t run_id:t location:t status:i created_at:i updated_at:i deleted_at:i"), owner: "id", page: FewRows),
        new(SqlTable.Of("logged_model_param", "model_no:i key:t value:t"), "key", "model_no"),
        new(SqlTable.Of("logged_model_tag", "model_no:i key:t value:t"), "key", "model_no"),
        new(SqlTable.Of("logged_model_file", "model_no:i path:t sha256:t size:i updated_at:i"), "path", "model_no"),
        new(SqlTable.Of(
            "saved_view",
            "id:i experiment_id:i person:t name:t settings:t is_default:i revision:i created_at:i updated_at:i"), owner: "id", page: FewRows, referred: false),
        new(SqlTable.Of("workspace", "id:i experiment_id:i person:t settings:t revision:i updated_at:i"), owner: "id", page: FewRows, referred: false),
        new(SqlTable.Of("report", "id:i experiment_id:i lifecycle:i created_at:i newest:i saved_at:i"), owner: "id"),
        new(SqlTable.Of("report_version", "report_id:i number:i person:t saved_at:i title:t body:t"), "number", "report_id", page: FewRows),
        new(SqlTable.Of("star", "id:i person:t kind:i subject:t starred_at:i"), owner: "id", referred: false),
        new(SqlTable.Of("comment", "id:i kind:i subject:t person:t text:t created_at:i edited_at:i deleted_at:i"), owner: "id", page: FewRows, referred: false),
        new(SqlTable.Of("data_repository", "id:i name:t description:t lifecycle:i created_at:i updated_at:i"), owner: "id"),
        new(SqlTable.Of(
            "data_version",
            "id:i repository_id:i hash:t root:t author:t made_at:i message:t run_id:t files:i bytes:i received_at:i record:b"), owner: "id", page: FewRows),
        new(SqlTable.Of("data_parent", "version_id:i place:i parent_id:i"), "place", "version_id"),
        new(SqlTable.Of("data_branch", "repository_id:i name:t version_id:i person:t moved_at:i"), "name", "repository_id"),
        new(SqlTable.Of("data_tag", "repository_id:i name:t version_id:i person:t set_at:i"), "name", "repository_id"),
        new(SqlTable.Of("data_move", "id:i repository_id:i branch:t from_hash:t to_hash:t person:t moved_at:i"), owner: "id", referred: false),
        new(SqlTable.Of("data_pack", "id:i sha256:t size:i added_at:i"), owner: "id"),
        new(SqlTable.Of("data_object", "pack_id:i place:i sha256:t kind:i flags:i length:i start:i stored:i"), "place", "pack_id"),
        new(SqlTable.Of("data_file", "id:i sha256:t size:i recipe:t checked_at:i"), owner: "id", referred: false),
    ];

    /// <summary>What belongs to one run but its log, each table after those that it refers to.</summary>
    public static readonly IReadOnlyList<StoreTable> OfRun =
    [
        Runs,
        new(SqlTable.Of("run_document", "run_no:i notes:t environment:t"), page: FewRows),
        new(SqlTable.Of("params", "run_no:i key_id:i experiment_id:i value:t number:d"), "key_id"),
        new(SqlTable.Of("tags", "run_no:i key_id:i experiment_id:i value:t number:d"), "key_id"),
        Latest,
        new(SqlTable.Of("run_input", "id:i run_no:i dataset_id:i"), "id"),
        new(SqlTable.Of("run_input_tag", "input_id:i key:t value:t"), "input_id key", ownerFrom: "join run_input o on o.id = t.input_id"),
        new(SqlTable.Of("run_model", "id:i run_no:i model_id:t direction:i step:i"), "id"),
        Artifact,
        new(SqlTable.Of("media_item", "id:i run_no:i key_id:i step:i step_micros:i time:i type:i path:t caption:t data:t"), "id", page: FewRows),
        new(SqlTable.Of("ingest_source", "run_no:i source:t last_number:i"), "source"),
        UnsealedRun,
        Chunk,
        Rollup,
        new(SqlTable.Of("metric_text", "id:i run_no:i key_id:i step:i step_micros:i time:i value:d text:t"), "id", page: FewRows),
        new(SqlTable.Of("metric_erasure", "id:i run_no:i key_id:i points:i reason:t erased_at:i kept_summary:i"), "id"),
        new(
            SqlTable.Of("logged_model_metric", "run_no:i model_no:i key_id:i time:i step:i step_micros:i dataset:t digest:t value:d"),
            "model_no key_id time step step_micros dataset digest"),
        Console,
        ConsoleChunk,
    ];

    /// <summary>The names under which counts and sums are kept, <see cref="Catalog"/> first and the log last.</summary>
    public static readonly IReadOnlyList<string> Names = [.. Catalog.Select(t => t.Name), .. OfRun.Select(t => t.Name), MetricLog.Name];
}
