using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Which rows belong to a row of another table.</summary>
internal static class OwnedRows
{
    private static readonly (string Table, string Column, string Owner, string Key)[] Same =
    [
        ("runs", "t.experiment_id", "experiment", "id"),
        ("run_document", "t.run_no", "runs", "run_no"),
        ("params", "t.run_no", "runs", "run_no"),
        ("params", "t.key_id", "key_name", "id"),
        ("tags", "t.run_no", "runs", "run_no"),
        ("tags", "t.key_id", "key_name", "id"),
        ("metric_latest", "t.run_no", "runs", "run_no"),
        ("metric_latest", "t.key_id", "key_name", "id"),
        ("run_input", "t.run_no", "runs", "run_no"),
        ("run_input", "t.dataset_id", "dataset", "id"),
        ("run_input_tag", "t.input_id", "run_input", "id"),
        ("run_model", "t.run_no", "runs", "run_no"),
        ("artifact", "t.run_no", "runs", "run_no"),
        ("media_item", "t.run_no", "runs", "run_no"),
        ("media_item", "t.key_id", "key_name", "id"),
        ("ingest_source", "t.run_no", "runs", "run_no"),
        ("unsealed_run", "t.run_no", "runs", "run_no"),
        ("metric_chunk", "t.run_no", "runs", "run_no"),
        ("metric_rollup", "t.run_no", "runs", "run_no"),
        ("metric_text", "t.run_no", "runs", "run_no"),
        ("metric_text", "t.key_id", "key_name", "id"),
        ("metric_erasure", "t.run_no", "runs", "run_no"),
        ("console", "t.run_no", "runs", "run_no"),
        ("console_chunk", "t.run_no", "console", "run_no"),
        ("experiment_tag", "t.experiment_id", "experiment", "id"),
        ("dataset", "t.experiment_id", "experiment", "id"),
        ("saved_view", "t.experiment_id", "experiment", "id"),
        ("workspace", "t.experiment_id", "experiment", "id"),
        ("report", "t.experiment_id", "experiment", "id"),
        ("report_version", "t.report_id", "report", "id"),
        ("registered_model_tag", "t.model_id", "registered_model", "id"),
        ("model_version", "t.model_id", "registered_model", "id"),
        ("model_version_tag", "t.version_id", "model_version", "id"),
        ("model_alias", "t.version_id", "model_version", "id"),
        ("logged_model", "t.experiment_id", "experiment", "id"),
        ("logged_model_param", "t.model_no", "logged_model", "id"),
        ("logged_model_tag", "t.model_no", "logged_model", "id"),
        ("logged_model_file", "t.model_no", "logged_model", "id"),
        ("logged_model_metric", "t.run_no", "runs", "run_no"),
        ("logged_model_metric", "t.model_no", "logged_model", "id"),
        ("logged_model_metric", "t.key_id", "key_name", "id"),
    ];

    public static IEnumerable<(string Table, string Column, string Owner, string Key)> All(SqlDialect dialect) =>
        Same.Append((SqlTable.MetricLog, dialect.LogOwner, "runs", "run_no"));
}
