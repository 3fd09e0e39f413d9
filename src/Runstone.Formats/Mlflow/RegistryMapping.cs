using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;

namespace Runstone.Formats.Mlflow;

/// <summary>Between the wire and the domain of registered models. A prompt is a registered model with a tag that says so.</summary>
public static class RegistryMapping
{
    /// <summary>The tag that makes a prompt of a model, and of its versions, when its value is <c>true</c>.</summary>
    public const string PromptTag = "mlflow.prompt.is_prompt";

    public const int MaxTagLength = 100_000;

    private static readonly ModelStage[] AllStages = [ModelStage.None, ModelStage.Staging, ModelStage.Production, ModelStage.Archived];

    public static string StageName(ModelStage stage) => stage.ToString();

    public static ModelStage Stage(string name)
    {
        foreach (var stage in AllStages)
        {
            if (StageName(stage).Equals(name, StringComparison.OrdinalIgnoreCase))
                return stage;
        }

        throw new RunstoneException(Error.Invalid("stage",
            $"Invalid Model Version stage: {name}. Value must be one of {string.Join(", ", AllStages.Select(StageName))}."));
    }

    /// <summary>The number of a version, which is text on the wire.</summary>
    public static int Version(in MlflowRequest request)
    {
        var text = request.RequiredText("version");
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RunstoneException(Error.Invalid("version", $"Parameter 'version' must be an integer, got '{PythonText.Truncate(text, 100)}'."));
    }

    public static NewModel CreateModel(in MlflowRequest request) => new(request.RequiredText("name"), NonEmpty(request.Text("description")))
    {
        Tags = Tags(request),
    };

    public static NewModelVersion CreateVersion(in MlflowRequest request)
    {
        var source = request.RequiredText("source");
        MlflowLimits.CheckLength(source, "source", ModelSource.MaxLength);
        return new NewModelVersion(source)
        {
            RunId = NonEmpty(request.Text("run_id")) is { } runId ? MlflowLimits.RunId(runId) : null,
            RunLink = NonEmpty(request.Text("run_link")),
            Description = NonEmpty(request.Text("description")),
            Tags = Tags(request),
        };
    }

    public static bool IsPrompt(NewModelVersion version) =>
        version.Tags.Any(t => t.Key == PromptTag && t.Value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The patch of an update; an absent description is an empty one.</summary>
    public static ModelPatch UpdateModel(in MlflowRequest request) => new() { Description = request.Text("description") ?? "" };

    public static ModelVersionPatch UpdateVersion(in MlflowRequest request) => new() { Description = request.Text("description") };

    public static ModelVersionPatch TransitionStage(in MlflowRequest request)
    {
        var stage = Stage(request.RequiredText("stage"));
        var archive = request.Text("archive_existing_versions") is "true" or "True" or "1";
        if (archive && stage is not (ModelStage.Staging or ModelStage.Production))
        {
            throw new RunstoneException(Error.Invalid("archive_existing_versions",
                $"Model version transition cannot archive existing model versions because '{StageName(stage)}' is not an Active stage. "
                + "Valid stages are Staging, Production"));
        }

        return new ModelVersionPatch { Stage = stage, ArchiveOthers = archive };
    }

    public static Tag Tag(in MlflowRequest request) => Check(new Tag(request.RequiredText("key"), request.Text("value") ?? ""), "");

    /// <summary>The key of a tag to remove.</summary>
    public static string TagKey(in MlflowRequest request)
    {
        var key = request.RequiredText("key");
        MlflowLimits.CheckKey(key, "key", "key");
        return key;
    }

    /// <summary>An alias to set or to look up.</summary>
    public static string Alias(in MlflowRequest request)
    {
        var alias = request.RequiredText("alias");
        if (alias.Equals("latest", StringComparison.OrdinalIgnoreCase))
            throw new RunstoneException(Error.Invalid("alias", "'latest' alias name (case insensitive) is reserved."));
        return alias;
    }

    /// <summary>The alias to set and the version it points to.</summary>
    public static ModelPatch SetAlias(in MlflowRequest request) => new() { SetAliases = [new ModelAlias(Alias(request), Version(request))] };

    /// <summary>The stages asked for; empty means all.</summary>
    public static IReadOnlySet<ModelStage> Stages(in MlflowRequest request) => request.Texts("stages").Select(Stage).ToHashSet();

    /// <summary>The newest versions of the stages, with their aliases.</summary>
    public static IReadOnlyList<ModelVersion> LatestVersions(RegisteredModel model, IReadOnlySet<ModelStage> stages) =>
    [
        .. model.LatestVersions
            .Where(v => stages.Count == 0 || stages.Contains(v.Stage))
            .Select(v => v with { Aliases = [.. model.Aliases.Where(a => a.Version == v.Number).Select(a => a.Alias)] }),
    ];

    private static List<Tag> Tags(in MlflowRequest request)
    {
        var tags = new List<Tag>();
        foreach (var tag in request.Tags("tags"))
            tags.Add(Check(tag, string.Create(CultureInfo.InvariantCulture, $"tags[{tags.Count}].")));
        return tags;
    }

    private static Tag Check(Tag tag, string path)
    {
        MlflowLimits.CheckKey(tag.Key, "key", path + "key");
        MlflowLimits.CheckLength(tag.Value, "value", MaxTagLength);
        return tag;
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
