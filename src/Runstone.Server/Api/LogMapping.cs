using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>What a client logs, as one batch. Pure, and the hot path of the native API.</summary>
internal static class LogMapping
{
    public static IngestBatch ToBatch(string runId, LogRequest request, long now)
    {
        var status = Words.Status(request.Status);
        var endTime = RunMapping.EndTime(status, request.EndTime, now);
        return new IngestBatch(runId)
        {
            Patch = status is null && endTime is null && request.Notes is null
                ? null : new RunPatch { Status = status, EndTime = endTime, Notes = request.Notes },
            Params = request.Params is null
                ? [] : [.. request.Params.Select(p => new Param(p.Key, p.Value ?? throw ExperimentMapping.Null($"params.{p.Key}")))],
            Tags = ExperimentMapping.SetTags(request.Tags),
            RemoveTags = ExperimentMapping.RemovedTags(request.Tags),
            Inputs = request.Inputs is null ? [] : [.. request.Inputs.Select(ToInput)],
            Models = request.Models is null ? [] : [.. request.Models.Select(ToLink)],
            Metrics = request.Metrics is null ? MetricBatch.Empty : ToMetrics(request.Metrics, now),
            Media = request.Media is null ? [] : [.. request.Media.Select((m, i) => ToMedia(m, i, now))],
            Sequence = Words.Sequence(request.Source, request.Sequence),
            RejectWhenEnded = true,
        };
    }

    public static DatasetInputInfo ToInfo(DatasetInput input)
    {
        var d = input.Dataset;
        return new DatasetInputInfo(
            new DatasetInfo(d.Name, d.Digest, d.SourceType, d.Source, d.Schema, d.Profile), ExperimentMapping.ToDictionary(input.Tags));
    }

    public static ModelLinkInfo ToInfo(ModelLink link) =>
        new(link.ModelId, link.Direction == ModelDirection.Input ? "input" : "output", link.Step);

    private static MetricBatch ToMetrics(MetricColumns columns, long now)
    {
        for (var i = 0; i < columns.Keys.Count; i++)
        {
            if (columns.Keys[i] is null)
                throw ExperimentMapping.Null($"metrics.keys[{i}]");
        }

        var count = columns.Value.Count;
        RequireLength("key", columns.Key.Count, count);
        RequireLength("step", columns.Step?.Count, count);
        RequireLength("time", columns.Time?.Count, count);
        var points = new MetricPoint[count];
        for (var i = 0; i < count; i++)
        {
            var step = columns.Step is null ? Step.Unset : ToStep(columns.Step[i], i, "metrics.step[{0}]");
            points[i] = new MetricPoint(columns.Key[i], step, columns.Time?[i] ?? now, columns.Value[i]);
        }

        return new MetricBatch(columns.Keys, points) { Texts = columns.Value is ValueColumn values ? values.Texts : [] };
    }

    private static void RequireLength(string column, int? length, int expected)
    {
        if (length is not null && length != expected)
            throw new RunstoneException(Error.Invalid($"metrics.{column}", $"The column has {length} entries, but 'value' has {expected}; all columns must have the same length."));
    }

    private static MediaItem ToMedia(MediaItemRequest item, int index, long now)
    {
        if (item is null)
            throw ExperimentMapping.Null($"media[{index}]");
        return new MediaItem(item.Key, ToStep(item.Step, index, "media[{0}].step"), item.Time ?? now, Words.Media($"media[{index}].type", item.Type))
        {
            Path = item.Path,
            Data = item.Data?.GetRawText(),
            Caption = item.Caption,
        };
    }

    private static Step ToStep(decimal value, int index, string field)
    {
        var whole = decimal.Floor(value);
        var micros = decimal.ToInt32(decimal.Round((value - whole) * 1_000_000m));
        if (micros == 1_000_000)
            (whole, micros) = (whole + 1, 0);
        return whole is >= long.MinValue and <= long.MaxValue
            ? new Step(decimal.ToInt64(whole), micros)
            : throw new RunstoneException(Error.Invalid(field.Replace("{0}", Words.Of(index), StringComparison.Ordinal), $"{value} is outside the range of steps, {long.MinValue} to {long.MaxValue}."));
    }

    private static DatasetInput ToInput(DatasetInputInfo input, int index)
    {
        if (input is null)
            throw new RunstoneException(Error.Invalid($"inputs[{index}]", "The input is null."));
        var d = input.Dataset;
        return new DatasetInput(
            new Dataset(d.Name, d.Digest, d.SourceType, d.Source, d.Schema, d.Profile), ExperimentMapping.ToTags(input.Tags));
    }

    private static ModelLink ToLink(ModelLinkInfo link, int index) => link?.Direction switch
    {
        "input" => new ModelLink(link.ModelId, ModelDirection.Input, link.Step),
        "output" => new ModelLink(link.ModelId, ModelDirection.Output, link.Step),
        var direction => throw Words.Rejected($"models[{index}].direction", direction ?? "null", "input or output"),
    };
}
