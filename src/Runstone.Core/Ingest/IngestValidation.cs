using System.Text;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Core.Ingest;

/// <summary>
/// What every batch must satisfy, whichever client sent it. Vendors' own, tighter limits are checked by their adapters first.
/// </summary>
public static class IngestValidation
{
    /// <summary>Bytes of UTF-8 in a metric, param or tag key.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>Characters of a param value.</summary>
    public const int MaxParamLength = 65_536;

    /// <summary>Characters of a tag value.</summary>
    public const int MaxTagLength = 262_144;

    /// <summary>Characters of a run's notes or environment.</summary>
    public const int MaxDocumentLength = 4_194_304;

    /// <summary>Characters of a run's name or user.</summary>
    public const int MaxNameLength = 1000;

    /// <summary>Characters of a dataset's source, schema or profile.</summary>
    public const int MaxDatasetLength = 16_777_215;

    /// <summary>Characters of the id of a parent run or of a logged model.</summary>
    public const int MaxIdLength = 256;

    private const int MaxDatasetNameLength = 500;
    private const int MaxDigestLength = 128;

    /// <summary>The first thing wrong with the batch; null when it may be written.</summary>
    public static Error? Check(IngestBatch batch) =>
        CheckRunId(batch.RunId)
        ?? CheckFacts(batch)
        ?? CheckPairs("params", batch.Params.Select(p => (p.Key, p.Value)), MaxParamLength)
        ?? CheckPairs("tags", batch.Tags.Select(t => (t.Key, t.Value)), MaxTagLength)
        ?? CheckMetrics(batch.Metrics)
        ?? CheckInputs(batch)
        ?? batch.Artifacts.Select(a => ArtifactPath.Check(a.Path)).FirstOrDefault(e => e is not null)
        ?? batch.RemoveArtifacts.Select(p => ArtifactPath.Check(p)).FirstOrDefault(e => e is not null)
        ?? batch.Media.Select((m, i) => CheckKey($"media[{i}].key", m.Key)).FirstOrDefault(e => e is not null)
        ?? MediaValidation.Check(batch.Media)
        ?? CheckSequence(batch.Sequence);

    /// <summary>Whether the text may be a run id; the rule stands at <see cref="Run.Id"/>.</summary>
    public static Error? CheckRunId(string runId)
    {
        var ok = runId.Length is >= 1 and <= 256 && char.IsAsciiLetterOrDigit(runId[0])
            && runId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        return ok ? null : Error.Invalid(
            "run_id", $"'{Shorten(runId)}' is not a run id: use 1 to 256 letters, digits, '_' and '-', beginning with a letter or digit.");
    }

    private static Error? CheckFacts(IngestBatch batch) =>
        CheckLength("name", batch.Create?.Name, MaxNameLength)
        ?? CheckLength("name", batch.Patch?.Name, MaxNameLength)
        ?? CheckLength("user", batch.Create?.User, MaxNameLength)
        ?? CheckLength("notes", batch.Create?.Notes, MaxDocumentLength)
        ?? CheckLength("notes", batch.Patch?.Notes, MaxDocumentLength)
        ?? CheckLength("environment", batch.Create?.Environment, MaxDocumentLength)
        ?? CheckLength("environment", batch.Patch?.Environment, MaxDocumentLength)
        ?? CheckLength("parent_id", batch.Create?.ParentId, MaxIdLength)
        ?? CheckLength("parent_id", batch.Patch?.ParentId, MaxIdLength)
        ?? CheckLength("artifact_uri", batch.Create?.ArtifactUri, MaxTagLength);

    private static Error? CheckPairs(string field, IEnumerable<(string Key, string Value)> pairs, int maxLength)
    {
        var index = 0;
        foreach (var (key, value) in pairs)
        {
            var error = CheckKey($"{field}[{index}].key", key) ?? CheckLength($"{field}[{index}].value", value, maxLength);
            if (error is not null)
                return error;
            index++;
        }

        return null;
    }

    private static Error? CheckMetrics(MetricBatch metrics)
    {
        for (var i = 0; i < metrics.Keys.Count; i++)
        {
            if (CheckKey("metrics.key", metrics.Keys[i]) is { } error)
                return error;
        }

        var points = metrics.Points.Span;
        for (var i = 0; i < points.Length; i++)
        {
            if ((uint)points[i].Key >= (uint)metrics.Keys.Count)
                return Error.Invalid($"metrics[{i}].key", $"Point {i} names key number {points[i].Key}, but the batch has {metrics.Keys.Count} keys.");
            if (points[i].Step.IsSet && points[i].Step.Micros >= 1_000_000)
                return Error.Invalid($"metrics[{i}].step", $"Point {i} has a step whose fraction is outside 0 to 999,999 millionths.");
        }

        return CheckTexts(metrics) ?? CheckModels(metrics);
    }

    private static Error? CheckTexts(MetricBatch metrics)
    {
        for (var i = 0; i < metrics.Texts.Count; i++)
        {
            var (point, text) = metrics.Texts[i];
            if ((uint)point >= (uint)metrics.Points.Length)
                return Error.Invalid($"metrics.texts[{i}]", $"The text belongs to point number {point}, but the batch has {metrics.Points.Length} points.");
            if (!ExactInteger.IsText(text) || !ExactInteger.MayHaveText(metrics.Points.Span[point].Value))
                return Error.Invalid($"metrics.texts[{i}]", $"'{Shorten(text)}' is not an integer of at most {ExactInteger.MaxLength} characters that no double holds.");
        }

        return null;
    }

    private static Error? CheckModels(MetricBatch metrics)
    {
        for (var i = 0; i < metrics.Models.Count; i++)
        {
            var (point, model, dataset) = metrics.Models[i];
            if ((uint)point >= (uint)metrics.Points.Length)
                return Error.Invalid($"metrics.models[{i}]", $"The model belongs to point number {point}, but the batch has {metrics.Points.Length} points.");
            if ((CheckRange($"metrics.models[{i}].model_id", model, MaxIdLength)
                ?? CheckLength($"metrics.models[{i}].dataset_name", dataset?.Name, MaxDatasetNameLength)
                ?? CheckLength($"metrics.models[{i}].dataset_digest", dataset?.Digest, MaxDigestLength)) is { } error)
                return error;
        }

        return null;
    }

    private static Error? CheckInputs(IngestBatch batch)
    {
        for (var i = 0; i < batch.Inputs.Count; i++)
        {
            var (dataset, tags) = batch.Inputs[i];
            var error = CheckRange($"inputs[{i}].dataset.name", dataset.Name, MaxDatasetNameLength)
                ?? CheckRange($"inputs[{i}].dataset.digest", dataset.Digest, MaxDigestLength)
                ?? CheckLength($"inputs[{i}].dataset.source_type", dataset.SourceType, MaxTagLength)
                ?? CheckLength($"inputs[{i}].dataset.source", dataset.Source, MaxDatasetLength)
                ?? CheckLength($"inputs[{i}].dataset.schema", dataset.Schema, MaxDatasetLength)
                ?? CheckLength($"inputs[{i}].dataset.profile", dataset.Profile, MaxDatasetLength)
                ?? CheckPairs($"inputs[{i}].tags", tags.Select(t => (t.Key, t.Value)), MaxTagLength);
            if (error is not null)
                return error;
        }

        return batch.Models.Select((m, i) => CheckLength($"models[{i}].model_id", m.ModelId, MaxIdLength)).FirstOrDefault(e => e is not null);
    }

    private static Error? CheckSequence(BatchSequence? sequence)
    {
        if (sequence is null)
            return null;
        return sequence.Number < 0
            ? Error.Invalid("sequence.number", "The sequence number is negative.")
            : CheckRange("sequence.source", sequence.Source, 128);
    }

    private static Error? CheckKey(string field, string key)
    {
        if (key.Length == 0)
            return Error.Invalid(field, "The key is empty.");
        if (StoredText.Check(field, key) is { } error)
            return error;
        return key.Length * 3 > MaxKeyBytes && Encoding.UTF8.GetByteCount(key) > MaxKeyBytes
            ? new Error(ErrorCode.TooLarge, $"The key '{Shorten(key)}' is longer than {MaxKeyBytes} bytes.", field)
            : null;
    }

    private static Error? CheckRange(string field, string value, int max) =>
        value.Length == 0 ? Error.Invalid(field, "The value is empty.") : CheckLength(field, value, max);

    private static Error? CheckLength(string field, string? value, int max) =>
        value is null || value.Length <= max
            ? StoredText.Check(field, value)
            : new Error(ErrorCode.TooLarge, $"The value has {value.Length} characters; at most {max} are kept.", field);

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");
}
