using System.Text.Json;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Runs between the wire and the domain.</summary>
internal static class RunMapping
{
    public static RunInfo ToInfo(Run run) => new(
        run.Id, Words.Of(run.ExperimentId), run.Name, run.User, Words.Of(run.Status), run.StartTime, run.EndTime,
        Words.Of(run.Lifecycle), run.ParentId, run.UpdatedAt);

    public static RunRow ToRow(RunDetails details) => new(
        ToInfo(details.Run), ToDictionary(details.Params), ToDictionary(details.Metrics), ExperimentMapping.ToDictionary(details.Tags),
        [.. details.Inputs.Select(LogMapping.ToInfo)], [.. details.Models.Select(LogMapping.ToInfo)]);

    public static RunDetailsInfo ToDetails(RunDetails details, IReadOnlyList<Run> children) =>
        new(ToRow(details), details.Run.Notes, ToEnvironment(details.Run.Environment), [.. children.Select(ToInfo)]);

    public static Dictionary<string, MetricSummaryInfo> ToDictionary(IReadOnlyList<MetricSummary> metrics)
    {
        var result = new Dictionary<string, MetricSummaryInfo>(metrics.Count, StringComparer.Ordinal);
        foreach (var m in metrics)
            result[m.Key] = new MetricSummaryInfo(m.Last, m.LastStep.ToDouble(), m.LastTime, m.Min, m.Max, m.First, m.Count);
        return result;
    }

    public static IngestBatch ToBatch(CreateRunRequest request, string id, long experiment) => new(id)
    {
        Create = new NewRun(experiment)
        {
            Name = request.Name ?? "",
            User = request.User ?? "",
            StartTime = request.StartTime ?? 0,
            ParentId = request.ParentId,
            Notes = request.Notes ?? "",
            Environment = ToText(request.Environment),
        },
        Tags = ExperimentMapping.ToTags(request.Tags),
    };

    public static IngestBatch ToBatch(UpdateRunRequest request, string id, TimeProvider time)
    {
        var status = Words.Status(request.Status);
        return new IngestBatch(id)
        {
            Patch = new RunPatch
            {
                Name = request.Name,
                Status = status,
                EndTime = EndTime(status, request.EndTime, time.GetUtcNow().ToUnixTimeMilliseconds()),
                Lifecycle = Words.Lifecycle(request.Lifecycle),
                Notes = request.Notes,
                Environment = ToText(request.Environment),
            },
            Tags = ExperimentMapping.SetTags(request.Tags),
            RemoveTags = ExperimentMapping.RemovedTags(request.Tags),
        };
    }

    /// <summary>A status that ends a run without saying when ends it now.</summary>
    public static long? EndTime(RunStatus? status, long? endTime, long now) =>
        endTime is null && status is RunStatus.Finished or RunStatus.Failed or RunStatus.Killed ? now : endTime;

    public static RunQuery ToQuery(SearchRunsRequest request) => new()
    {
        ExperimentIds = [.. (request.ExperimentIds ?? []).Select(id => Words.ExperimentId(id ?? "", "experimentIds"))],
        Filter = RunFilterParser.Parse(request.Filter),
        OrderBy = RunFilterParser.ParseOrder([.. (request.OrderBy ?? []).Select(o => o ?? "")]),
        Lifecycle = Words.View(request.Lifecycle),
        Limit = Words.Limit(request.Limit, 100, 1000),
        Columns = request.Columns is { } columns
            ? new RunProjection { Metrics = columns.Metrics, Params = columns.Params, Tags = columns.Tags, Inputs = columns.Inputs }
            : RunProjection.Everything,
    };

    /// <summary>What a page token is tied to: which runs in which order, not how many of them or with which columns.</summary>
    public static string Fingerprint(SearchRunsRequest request) =>
        string.Join('\n', [request.Filter, request.Lifecycle, string.Join(',', request.ExperimentIds ?? []), .. request.OrderBy ?? []]);

    private static Dictionary<string, string> ToDictionary(IReadOnlyList<Param> @params)
    {
        var result = new Dictionary<string, string>(@params.Count, StringComparer.Ordinal);
        foreach (var (key, value) in @params)
            result[key] = value;
        return result;
    }

    private static string? ToText(RunEnvironment? environment) =>
        environment is null ? null : JsonSerializer.Serialize(environment, RunstoneJson.Default.RunEnvironment);

    private static RunEnvironment? ToEnvironment(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, RunstoneJson.Default.RunEnvironment);
        }
        catch (JsonException)
        {
            // Another client's description of its machine that does not fit this form; the rest of the run is still worth showing.
            return null;
        }
    }
}
