using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Experiments between the wire and the domain.</summary>
internal static class ExperimentMapping
{
    public static ExperimentInfo ToInfo(Experiment experiment) => new(
        Words.Of(experiment.Id), experiment.Name, Words.Of(experiment.Lifecycle), experiment.CreatedAt, experiment.UpdatedAt,
        ToDictionary(experiment.Tags), Notes: experiment.Notes, PinnedMetric: experiment.PinnedMetric);

    public static ExperimentInfo ToInfo(ExperimentSummary summary) => ToInfo(summary.Experiment) with
    {
        Summary = new ExperimentCounts(
            summary.Runs, summary.Running, summary.Failed, summary.LastActivityAt, summary.Finished,
            summary.Experiment.PinnedMetric is null ? null : new PinnedValues([.. summary.Pinned.Select(p => p.RunId)], [.. summary.Pinned.Select(p => p.Value)])),
    };

    /// <summary>As in a list, where notes would be most of the answer.</summary>
    public static ExperimentInfo ToListed(ExperimentInfo experiment) => experiment with { Notes = null };

    public static NewExperiment ToNew(CreateExperimentRequest request) => new(request.Name) { Tags = ToTags(request.Tags), Notes = request.Notes ?? "" };

    public static ExperimentPatch ToPatch(UpdateExperimentRequest request) => new()
    {
        Name = request.Name,
        Lifecycle = Words.Lifecycle(request.Lifecycle),
        Notes = request.Notes,
        PinnedMetric = request.PinnedMetric,
        SetTags = SetTags(request.Tags),
        RemoveTags = RemovedTags(request.Tags),
    };

    public static Dictionary<string, string> ToDictionary(IReadOnlyList<Tag> tags)
    {
        var result = new Dictionary<string, string>(tags.Count, StringComparer.Ordinal);
        foreach (var (key, value) in tags)
            result[key] = value;
        return result;
    }

    /// <summary>Tags that must have values.</summary>
    public static IReadOnlyList<Tag> ToTags(IReadOnlyDictionary<string, string>? tags) =>
        tags is null ? [] : [.. tags.Select(t => new Tag(t.Key, t.Value ?? throw Null($"tags.{t.Key}")))];

    /// <summary>Those of a change that have a value; the others are removed.</summary>
    public static IReadOnlyList<Tag> SetTags(IReadOnlyDictionary<string, string?>? tags) =>
        tags is null ? [] : [.. tags.Where(t => t.Value is not null).Select(t => new Tag(t.Key, t.Value!))];

    public static IReadOnlyList<string> RemovedTags(IReadOnlyDictionary<string, string?>? tags) =>
        tags is null ? [] : [.. tags.Where(t => t.Value is null).Select(t => t.Key)];

    public static RunstoneException Null(string field) => new(Error.Invalid(field, "The value is null; a text is expected."));
}
