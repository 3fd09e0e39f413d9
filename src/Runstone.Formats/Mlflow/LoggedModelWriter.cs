using System.Text.Json;
using Runstone.Core.Models;

namespace Runstone.Formats.Mlflow;

/// <summary>Writes logged models: facts and tags in <c>info</c>, params and metrics in <c>data</c>.</summary>
public static class LoggedModelWriter
{
    public static void Model(Utf8JsonWriter writer, LoggedModel model)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("info"u8);
        Info(writer, model);
        writer.WriteStartObject("data"u8);
        if (model.Params.Count > 0)
        {
            writer.WriteStartArray("params"u8);
            foreach (var (key, value) in model.Params)
                MlflowWriter.Pair(writer, key, value);
            writer.WriteEndArray();
        }

        if (model.Metrics.Count > 0)
        {
            writer.WriteStartArray("metrics"u8);
            foreach (var metric in model.Metrics)
                Metric(writer, model.Id, metric);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Info(Utf8JsonWriter writer, LoggedModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("model_id"u8, model.Id);
        writer.WriteString("experiment_id"u8, MlflowWriter.IdText(model.ExperimentId));
        writer.WriteString("name"u8, model.Name);
        writer.WriteNumber("creation_timestamp_ms"u8, model.CreatedAt);
        writer.WriteNumber("last_updated_timestamp_ms"u8, model.UpdatedAt);
        writer.WriteString("artifact_uri"u8, model.Location);
        writer.WriteString("status"u8, LoggedModelMapping.NameOf(model.Status));
        writer.WriteString("model_type"u8, model.Type);
        writer.WriteString("source_run_id"u8, model.RunId ?? "");
        MlflowWriter.Tags(writer, model.Tags);
        writer.WriteEndObject();
    }

    private static void Metric(Utf8JsonWriter writer, string modelId, LoggedModelMetric metric)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, metric.Key);
        MlflowWriter.Value(writer, metric.Point.Value);
        writer.WriteNumber("timestamp"u8, metric.Point.Time);
        writer.WriteNumber("step"u8, metric.Point.Step.Whole);
        if (metric.Dataset is { } dataset)
        {
            writer.WriteString("dataset_name"u8, dataset.Name);
            if (dataset.Digest is not null)
                writer.WriteString("dataset_digest"u8, dataset.Digest);
        }

        writer.WriteString("model_id"u8, modelId);
        writer.WriteString("run_id"u8, metric.RunId);
        writer.WriteEndObject();
    }
}
