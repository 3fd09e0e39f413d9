using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Runstone.Core.Artifacts;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Writes answers: snake case, int64 as numbers, enums as names, members without a value left out, NaN as the text "NaN". An
/// infinity is written as the greatest finite double of its sign, as the original's own store returns it.
/// </summary>
public static class MlflowWriter
{
    public static readonly JsonWriterOptions Options = new() { Encoder = LenientJson.Encoder, SkipValidation = true };

    /// <summary>The answer of calls that return nothing.</summary>
    public static readonly ReadOnlyMemory<byte> Empty = "{}"u8.ToArray();

    public static void Experiment(Utf8JsonWriter writer, Experiment experiment)
    {
        writer.WriteStartObject();
        writer.WriteString("experiment_id"u8, IdText(experiment.Id));
        writer.WriteString("name"u8, experiment.Name);
        writer.WriteString("artifact_location"u8, MlflowNames.LocationOf(experiment));
        writer.WriteString("lifecycle_stage"u8, MlflowNames.Of(experiment.Lifecycle));
        writer.WriteNumber("last_update_time"u8, experiment.UpdatedAt);
        writer.WriteNumber("creation_time"u8, experiment.CreatedAt);
        Tags(writer, ExperimentMapping.TagsOf(experiment));
        writer.WriteEndObject();
    }

    /// <summary>A run just created: its facts and tags; what it cannot have yet is left out.</summary>
    public static void CreatedRun(Utf8JsonWriter writer, Run run, IReadOnlyList<Tag> tags)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("info"u8);
        RunInfo(writer, run);
        writer.WriteStartObject("data"u8);
        Tags(writer, RunMapping.TagsOf(run, tags));
        writer.WriteEndObject();
        writer.WriteStartObject("inputs"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>A run with all it has; a search leaves out the models it read.</summary>
    public static void Run(Utf8JsonWriter writer, RunDetails details, bool modelInputs)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("info"u8);
        RunInfo(writer, details.Run);
        RunData(writer, details);
        Inputs(writer, details, modelInputs);
        Outputs(writer, details);
        writer.WriteEndObject();
    }

    public static void RunInfo(Utf8JsonWriter writer, Run run)
    {
        writer.WriteStartObject();
        writer.WriteString("run_uuid"u8, run.Id);
        writer.WriteString("experiment_id"u8, IdText(run.ExperimentId));
        writer.WriteString("run_name"u8, run.Name);
        writer.WriteString("user_id"u8, run.User);
        writer.WriteString("status"u8, MlflowNames.Of(run.Status));
        writer.WriteNumber("start_time"u8, run.StartTime);
        if (run.EndTime is { } end)
            writer.WriteNumber("end_time"u8, end);
        writer.WriteString("artifact_uri"u8, MlflowNames.ArtifactUriOf(run));
        writer.WriteString("lifecycle_stage"u8, MlflowNames.Of(run.Lifecycle));
        writer.WriteString("run_id"u8, run.Id);
        writer.WriteEndObject();
    }

    /// <summary>A point; <paramref name="runId"/> is left out when null.</summary>
    public static void Point(Utf8JsonWriter writer, string key, string? runId, in SeriesPoint point)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        Value(writer, point.Value);
        writer.WriteNumber("timestamp"u8, point.Time);
        writer.WriteNumber("step"u8, point.Step.Whole);
        if (runId is not null)
            writer.WriteString("run_id"u8, runId);
        writer.WriteEndObject();
    }

    /// <summary>A point in the dialect of the one call that answers in plain Python JSON: members sorted, NaN as a bare word.</summary>
    public static void PlainPoint(Utf8JsonWriter writer, string key, string runId, in SeriesPoint point)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        writer.WriteString("run_id"u8, runId);
        writer.WriteNumber("step"u8, point.Step.Whole);
        writer.WriteNumber("timestamp"u8, point.Time);
        writer.WritePropertyName("value"u8);
        if (double.IsNaN(point.Value))
            writer.WriteRawValue("NaN"u8, skipInputValidation: true);
        else
            Number(writer, Finite(point.Value));
        writer.WriteEndObject();
    }

    /// <summary>A file or folder; a size of 0 is left out, as the original leaves it out.</summary>
    public static void File(Utf8JsonWriter writer, ArtifactEntry entry, string path)
    {
        writer.WriteStartObject();
        writer.WriteString("path"u8, path);
        writer.WriteBoolean("is_dir"u8, entry.IsFolder);
        if (!entry.IsFolder && entry.Size > 0)
            writer.WriteNumber("file_size"u8, entry.Size);
        writer.WriteEndObject();
    }

    public static void DatasetUse(Utf8JsonWriter writer, DatasetUse use)
    {
        writer.WriteStartObject();
        writer.WriteString("experiment_id"u8, IdText(use.ExperimentId));
        writer.WriteString("name"u8, use.Name);
        writer.WriteString("digest"u8, use.Digest);
        if (use.Context is not null)
            writer.WriteString("context"u8, use.Context);
        writer.WriteEndObject();
    }

    public static string IdText(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static void RunData(Utf8JsonWriter writer, RunDetails details)
    {
        writer.WriteStartObject("data"u8);
        if (details.Metrics.Count > 0)
        {
            writer.WriteStartArray("metrics"u8);
            foreach (var metric in details.Metrics)
                Point(writer, metric.Key, null, new SeriesPoint(metric.LastStep, metric.LastTime, metric.Last));
            writer.WriteEndArray();
        }

        if (details.Params.Count > 0)
        {
            writer.WriteStartArray("params"u8);
            foreach (var (key, value) in details.Params)
                Pair(writer, key, value);
            writer.WriteEndArray();
        }

        Tags(writer, RunMapping.TagsOf(details.Run, details.Tags));
        writer.WriteEndObject();
    }

    private static void Inputs(Utf8JsonWriter writer, RunDetails details, bool modelInputs)
    {
        writer.WriteStartObject("inputs"u8);
        if (details.Inputs.Count > 0)
        {
            writer.WriteStartArray("dataset_inputs"u8);
            foreach (var input in details.Inputs)
                Input(writer, input);
            writer.WriteEndArray();
        }

        if (modelInputs)
            Models(writer, details, ModelDirection.Input);
        writer.WriteEndObject();
    }

    private static void Outputs(Utf8JsonWriter writer, RunDetails details)
    {
        writer.WriteStartObject("outputs"u8);
        Models(writer, details, ModelDirection.Output);
        writer.WriteEndObject();
    }

    private static void Models(Utf8JsonWriter writer, RunDetails details, ModelDirection direction)
    {
        if (!details.Models.Any(m => m.Direction == direction))
            return;
        writer.WriteStartArray(direction == ModelDirection.Input ? "model_inputs"u8 : "model_outputs"u8);
        foreach (var model in details.Models)
        {
            if (model.Direction != direction)
                continue;
            writer.WriteStartObject();
            writer.WriteString("model_id"u8, model.ModelId);
            if (direction == ModelDirection.Output)
                writer.WriteNumber("step"u8, model.Step);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Input(Utf8JsonWriter writer, DatasetInput input)
    {
        var dataset = input.Dataset;
        writer.WriteStartObject();
        Tags(writer, input.Tags);
        writer.WriteStartObject("dataset"u8);
        writer.WriteString("name"u8, dataset.Name);
        writer.WriteString("digest"u8, dataset.Digest);
        writer.WriteString("source_type"u8, dataset.SourceType);
        writer.WriteString("source"u8, dataset.Source);
        if (dataset.Schema is not null)
            writer.WriteString("schema"u8, dataset.Schema);
        if (dataset.Profile is not null)
            writer.WriteString("profile"u8, dataset.Profile);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    internal static void Tags(Utf8JsonWriter writer, IEnumerable<Tag> tags)
    {
        var any = false;
        foreach (var (key, value) in tags)
        {
            if (!any)
                writer.WriteStartArray("tags"u8);
            any = true;
            Pair(writer, key, value);
        }

        if (any)
            writer.WriteEndArray();
    }

    internal static void Pair(Utf8JsonWriter writer, string key, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        writer.WriteString("value"u8, value);
        writer.WriteEndObject();
    }

    internal static void Value(Utf8JsonWriter writer, double value)
    {
        writer.WritePropertyName("value"u8);
        if (double.IsNaN(value))
            writer.WriteStringValue("NaN"u8);
        else
            Number(writer, Finite(value));
    }

    // A whole double keeps its ".0", so that clients without a schema read a float.
    private static void Number(Utf8JsonWriter writer, double value)
    {
        Span<byte> text = stackalloc byte[40];
        Utf8Formatter.TryFormat(value, text, out var length, new StandardFormat('R'));
        if (!text[..length].ContainsAny(".eE"u8))
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static double Finite(double value) => double.IsInfinity(value) ? Math.CopySign(double.MaxValue, value) : value;
}
