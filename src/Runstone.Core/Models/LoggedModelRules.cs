using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Runs;

namespace Runstone.Core.Models;

/// <summary>What a logged model may hold.</summary>
internal static class LoggedModelRules
{
    /// <summary>Params of one model, and tags of one model.</summary>
    public const int MaxPairs = 10_000;

    private const int MaxKeyLength = 1024;
    private const int MaxValueLength = 100_000;
    private const int MaxNameLength = 500;
    private const int MaxLocationLength = 4096;
    private const string ForbiddenInNames = "/:.%\"'";

    public static void Require(NewLoggedModel model)
    {
        if (string.IsNullOrWhiteSpace(model.Name))
            throw new RunstoneException(Error.Invalid("name", "The model's name is empty."));
        if (model.Name.AsSpan().ContainsAny(ForbiddenInNames))
            throw new RunstoneException(Error.Invalid("name", "The model's name contains one of / : . % \" ', which addresses of models need."));
        RequireText("name", "model's name", model.Name, MaxNameLength);
        RequireText("model_type", "model's type", model.Type, MaxNameLength);
        RequireText("source_run_id", "id of the source run", model.RunId ?? "", Ingest.IngestValidation.MaxIdLength);
        RequireText("artifact_location", "location", model.Location, MaxLocationLength);
        RequireParams(model.Params);
        RequireTags(model.Tags);
    }

    public static void RequireParams(IReadOnlyList<Param> parameters) => RequirePairs("params", parameters.Select(p => (p.Key, p.Value)), parameters.Count);

    public static void RequireTags(IReadOnlyList<Tag> tags) => RequirePairs("tags", tags.Select(t => (t.Key, t.Value)), tags.Count);

    /// <summary>Refuses what would make of the model one that no answer can hold.</summary>
    public static void RequireRoom(LoggedModel model, LoggedModelPatch patch)
    {
        RequireCount("params", model.Params.Count + patch.AddParams.Count);
        RequireCount("tags", model.Tags.Select(t => t.Key).Union(patch.SetTags.Select(t => t.Key), StringComparer.Ordinal).Count());
    }

    private static void RequirePairs(string field, IEnumerable<(string Key, string Value)> pairs, int count)
    {
        RequireCount(field, count);
        foreach (var (key, value) in pairs)
        {
            if (string.IsNullOrWhiteSpace(key))
                throw new RunstoneException(Error.Invalid(field, "A key is empty."));
            RequireText(field, "key", key, MaxKeyLength);
            RequireText(field, $"value of '{key}'", value, MaxValueLength);
        }
    }

    private static void RequireCount(string field, int count)
    {
        if (count > MaxPairs)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"A logged model has at most {MaxPairs} {field}.", field));
    }

    private static void RequireText(string field, string what, string text, int max)
    {
        StoredText.Require(field, text);
        if (text.Length > max)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The {what} has {text.Length} characters; at most {max} are allowed.", field));
    }
}
