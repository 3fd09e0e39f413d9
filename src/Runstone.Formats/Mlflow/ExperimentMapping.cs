using Runstone.Core.Experiments;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Experiments between the wire and the domain. One tag is a fact of the experiment there: its notes. It is kept as a fact alone, and shown as a tag.
/// </summary>
public static class ExperimentMapping
{
    public static NewExperiment Create(string name, string? location, IReadOnlyList<Tag> tags) => new(name, location)
    {
        Tags = [.. tags.Where(t => !IsNote(t.Key))],
        Notes = tags.LastOrDefault(t => IsNote(t.Key))?.Value ?? "",
    };

    public static ExperimentPatch SetTag(Tag tag) =>
        IsNote(tag.Key) ? new ExperimentPatch { Notes = tag.Value } : new ExperimentPatch { SetTags = [tag] };

    /// <summary>Removing notes that are not there is left to the store, which says that there is no such tag.</summary>
    public static ExperimentPatch DeleteTag(Experiment experiment, string key) =>
        IsNote(key) && experiment.Notes.Length > 0 ? new ExperimentPatch { Notes = "" } : new ExperimentPatch { RemoveTags = [key] };

    /// <summary>The tags of an experiment as this wire format shows them.</summary>
    public static IEnumerable<Tag> TagsOf(Experiment experiment) => experiment.Notes.Length == 0
        ? experiment.Tags
        : experiment.Tags.Where(t => !IsNote(t.Key)).Append(new Tag(MlflowNames.NoteTag, experiment.Notes));

    /// <summary>Whether the tag is kept as the notes of the experiment.</summary>
    public static bool IsNote(string key) => string.Equals(key, MlflowNames.NoteTag, StringComparison.Ordinal);
}
