using System.Text.Json;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Between the wire and the domain. Three tags are facts of a run there: its name, its parent and its notes. They are kept as
/// facts only and shown as tags, so that whoever changes one changes the other.
/// </summary>
public static class RunMapping
{
    private static readonly string[] ModelMembers = ["artifact_path", "flavors", "utc_time_created", "run_id"];

    /// <summary>The batch that creates a run in the experiment.</summary>
    public static IngestBatch Create(in MlflowRequest request, string runId, Experiment experiment)
    {
        var tags = RunTags(request);
        var nameTag = ValueOf(tags, MlflowNames.RunNameTag);
        var name = request.Text("run_name");
        if (!string.IsNullOrEmpty(name) && nameTag is not null && nameTag != name)
        {
            throw new RunstoneException(Error.Invalid("run_name",
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
                + $"(run_name='{name}', mlflow.runName='{nameTag}')."));
        }

        var user = request.Text("user_id");
        return new IngestBatch(runId)
        {
            Create = new NewRun(experiment.Id)
            {
                Name = (string.IsNullOrEmpty(name) ? nameTag : name) ?? "",
                User = (string.IsNullOrEmpty(user) ? ValueOf(tags, MlflowNames.UserTag) : user) ?? "",
                StartTime = request.Integer("start_time") ?? 0,
                ParentId = ValueOf(tags, MlflowNames.ParentTag) is { Length: > 0 } parent ? parent : null,
                Notes = ValueOf(tags, MlflowNames.NoteTag) ?? "",
                ArtifactUri = MlflowNames.ArtifactUri(MlflowNames.LocationOf(experiment), runId),
            },
            Tags = [.. tags.Where(t => !IsFact(t.Key))],
        };
    }

    /// <summary>The batch of an update of a run's own facts; a status of unknown name is ignored.</summary>
    public static IngestBatch Update(in MlflowRequest request) => new(request.RunId())
    {
        Patch = new RunPatch
        {
            Status = MlflowNames.Status(request.Text("status")),
            EndTime = request.Integer("end_time"),
            Name = request.Text("run_name") is { Length: > 0 } name ? name : null,
        },
    };

    /// <summary>The batch of a single param.</summary>
    public static IngestBatch LogParam(in MlflowRequest request) => new(request.RunId())
    {
        Params = [MlflowLimits.Param(request.RequiredText("key"), request.Text("value") ?? "", "")],
    };

    /// <summary>The batch of a single tag.</summary>
    public static IngestBatch SetTag(in MlflowRequest request) => WithTags(
        new IngestBatch(request.RunId()), [MlflowLimits.RunTag(request.RequiredText("key"), request.Text("value") ?? "", "")]);

    /// <summary>Adds tags to a batch; those that are facts become its patch.</summary>
    public static IngestBatch WithTags(IngestBatch batch, IReadOnlyList<Tag> tags)
    {
        if (!tags.Any(t => IsFact(t.Key)))
            return batch with { Tags = tags };
        return batch with
        {
            Tags = [.. tags.Where(t => !IsFact(t.Key))],
            Patch = new RunPatch
            {
                Name = ValueOf(tags, MlflowNames.RunNameTag) is { Length: > 0 } name ? name : null,
                ParentId = ValueOf(tags, MlflowNames.ParentTag),
                Notes = ValueOf(tags, MlflowNames.NoteTag),
            },
        };
    }

    /// <summary>The batch that removes a tag; removing the name changes nothing, because every run has one.</summary>
    public static IngestBatch DeleteTag(Run run, string key)
    {
        var batch = new IngestBatch(run.Id);
        return key switch
        {
            MlflowNames.RunNameTag => batch,
            MlflowNames.ParentTag when !string.IsNullOrEmpty(run.ParentId) => batch with { Patch = new RunPatch { ParentId = "" } },
            MlflowNames.NoteTag when run.Notes.Length > 0 => batch with { Patch = new RunPatch { Notes = "" } },
            _ => batch with { RemoveTags = [key] },
        };
    }

    /// <summary>The tags of a run as this wire format shows them.</summary>
    public static IEnumerable<Tag> TagsOf(Run run, IEnumerable<Tag> tags)
    {
        foreach (var tag in tags)
        {
            if (!IsFact(tag.Key))
                yield return tag;
        }

        yield return new Tag(MlflowNames.RunNameTag, run.Name);
        if (!string.IsNullOrEmpty(run.ParentId))
            yield return new Tag(MlflowNames.ParentTag, run.ParentId);
        if (run.Notes.Length > 0)
            yield return new Tag(MlflowNames.NoteTag, run.Notes);
    }

    /// <summary>The batch of dataset and model inputs.</summary>
    public static IngestBatch LogInputs(in MlflowRequest request) => new(request.RunId())
    {
        Inputs = [.. request.Objects("datasets").Select(ReadInput)],
        Models = [.. request.Objects("models").Select(m => new ModelLink(m.RequiredText("model_id"), ModelDirection.Input, 0))],
    };

    /// <summary>The batch of models that a run made.</summary>
    public static IngestBatch LogOutputs(in MlflowRequest request) => new(request.RunId())
    {
        Models =
        [
            .. request.Objects("models").Select(m => new ModelLink(m.RequiredText("model_id"), ModelDirection.Output, m.Integer("step") ?? 0)),
        ],
    };

    /// <summary>
    /// The batch of clients before version 3 that log a model: its description joins the list in the tag
    /// <see cref="MlflowNames.ModelHistoryTag"/>, of which <paramref name="tags"/> may have one.
    /// </summary>
    public static IngestBatch LogModel(in MlflowRequest request, IReadOnlyList<Tag> tags)
    {
        var text = request.RequiredText("model_json");
        RequireModel(text);
        return new IngestBatch(request.RunId())
        {
            Tags = [new Tag(MlflowNames.ModelHistoryTag, JsonList.With(ValueOf(tags, MlflowNames.ModelHistoryTag), text.Trim()))],
        };
    }

    /// <summary>Whether the tag is kept as a fact of the run.</summary>
    public static bool IsFact(string key) => key is MlflowNames.RunNameTag or MlflowNames.ParentTag or MlflowNames.NoteTag;

    private static void RequireModel(string text)
    {
        try
        {
            using var model = JsonDocument.Parse(text);
            string[] missing = model.RootElement.ValueKind == JsonValueKind.Object
                ? [.. ModelMembers.Where(m => !model.RootElement.TryGetProperty(m, out _))]
                : ModelMembers;
            if (missing.Length > 0)
                throw new RunstoneException(Error.Invalid("model_json", $"Model json is missing mandatory fields: {PythonText.Set(missing)}"));
        }
        catch (JsonException)
        {
            throw new RunstoneException(Error.Invalid("model_json", $"Malformed model info. \n {PythonText.Truncate(text, 300)} \n is not a valid JSON"));
        }
    }

    private static DatasetInput ReadInput(MlflowRequest input)
    {
        var dataset = input.Object("dataset") ?? throw MlflowRequest.MissingValue("dataset");
        return new DatasetInput(
            MlflowLimits.CheckDataset(new Dataset(
                dataset.RequiredText("name"), dataset.RequiredText("digest"), dataset.RequiredText("source_type"),
                dataset.RequiredText("source"), dataset.Text("schema"), dataset.Text("profile"))),
            [.. input.Tags("tags").Select(CheckInputTag)]);
    }

    private static Tag CheckInputTag(Tag tag)
    {
        MlflowLimits.CheckLength(tag.Key, "Dataset tag key", 255);
        MlflowLimits.CheckLength(tag.Value, "Dataset tag value", 500);
        return tag;
    }

    private static List<Tag> RunTags(in MlflowRequest request)
    {
        var tags = new List<Tag>();
        foreach (var (key, value) in request.Tags("tags"))
            tags.Add(MlflowLimits.RunTag(key, value, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"tags[{tags.Count}].")));
        return tags;
    }

    private static string? ValueOf(IReadOnlyList<Tag> tags, string key)
    {
        for (var i = tags.Count - 1; i >= 0; i--)
        {
            if (tags[i].Key == key)
                return tags[i].Value;
        }

        return null;
    }
}
