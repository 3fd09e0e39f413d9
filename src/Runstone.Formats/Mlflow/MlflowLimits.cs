using System.Globalization;
using System.Text;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>The limits of the original and the words in which it refuses; both tighter than those of the domain.</summary>
public static class MlflowLimits
{
    public const int MaxKeyLength = 250;
    public const int MaxParamLength = 6000;
    public const int MaxRunTagLength = 8000;
    public const int MaxExperimentTagLength = 5000;
    public const int MaxBatchMetrics = 1000;
    public const int MaxBatchParams = 100;
    public const int MaxBatchTags = 100;
    public const int MaxBatchTotal = 1000;
    public const int MaxSearchResults = 50_000;
    public const int MaxArtifactLocation = 2048;

    private const string Characters =
        "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).";

    /// <summary>Checks the name of a metric, param or tag; <paramref name="what"/> is for example "Metric name".</summary>
    public static void CheckKey(string key, string what, string path)
    {
        if (!HasKeyCharacters(key))
            throw MlflowRequest.InvalidValue(MlflowRequest.Quote(key), path, Characters);
        var normal = NormalPath(key);
        if (normal != key || normal == "." || normal.StartsWith("..", StringComparison.Ordinal) || normal.StartsWith('/'))
        {
            throw MlflowRequest.InvalidValue(MlflowRequest.Quote(key), path,
                "Names may be treated as files in certain cases, and must not resolve to other names when treated as such. "
                + $"This name would resolve to '{normal}'");
        }

        CheckLength(key, what, MaxKeyLength);
    }

    public static void CheckLength(string text, string what, int max)
    {
        if (text.Length > max && PythonText.Length(text) > max)
            throw new RunstoneException(new Error(
                ErrorCode.TooLarge, string.Create(CultureInfo.InvariantCulture, $"'{what}' exceeds the maximum length of {max} characters"), what));
    }

    /// <summary>A param as it is kept: a value that is too long is cut.</summary>
    public static Param Param(string key, string value, string path)
    {
        CheckKey(key, "Param key", path + "key");
        return new Param(key, PythonText.Truncate(value, MaxParamLength));
    }

    /// <summary>A tag of a run as it is kept: a value that is too long is cut.</summary>
    public static Tag RunTag(string key, string value, string path)
    {
        CheckKey(key, "Tag key", path + "key");
        return new Tag(key, PythonText.Truncate(value, MaxRunTagLength));
    }

    public static Tag ExperimentTag(Tag tag, string path)
    {
        CheckKey(tag.Key, "key", path + "key");
        CheckLength(tag.Value, "value", MaxExperimentTagLength);
        return tag;
    }

    public static string RunId(string id) => IngestValidation.CheckRunId(id) is null
        ? id
        : throw new RunstoneException(Error.Invalid("run_id", $"Invalid run ID: {PythonText.Repr(PythonText.Truncate(id, 300))}"));

    public static long ExperimentId(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RunstoneException(Error.Invalid("experiment_id", $"Invalid experiment ID: {PythonText.Repr(PythonText.Truncate(id, 300))}"));

    public static void CheckExperimentName(string name)
    {
        if (PythonText.Length(name) > ExperimentService.MaxNameLength)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"'name' exceeds the maximum length of {ExperimentService.MaxNameLength} characters", "name"));
    }

    public static void CheckArtifactLocation(string location)
    {
        if (location.StartsWith("runs:", StringComparison.OrdinalIgnoreCase))
            throw new RunstoneException(Error.Invalid("artifact_location", $"Artifact location cannot be a runs:/ URI. Given: '{location}'"));
        if (location.Length > MaxArtifactLocation)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"'artifact_location' exceeds the maximum length of {MaxArtifactLocation} characters", "artifact_location"));
        if (location.Contains('#') || location.Contains(';') || location.Any(char.IsControl))
            throw new RunstoneException(Error.Invalid("artifact_location", $"Artifact location cannot contain a fragment or parameters. Given: '{location}'"));
    }

    public static void CheckBatch(int metrics, int parameters, int tags)
    {
        CheckCount("metrics", MaxBatchMetrics, metrics);
        CheckCount("params", MaxBatchParams, parameters);
        CheckCount("tags", MaxBatchTags, tags);
        CheckCount("metrics, params, and tags", MaxBatchTotal, metrics + parameters + tags);
    }

    public static void CheckDuplicateParams(IReadOnlyList<Param> parameters)
    {
        if (parameters.Count < 2)
            return;
        var seen = new HashSet<string>(parameters.Count, StringComparer.Ordinal);
        var duplicates = parameters.Where(p => !seen.Add(p.Key)).Select(p => p.Key).Distinct(StringComparer.Ordinal).ToList();
        if (duplicates.Count > 0)
        {
            throw new RunstoneException(Error.Invalid("params",
                $"Duplicate parameter keys have been submitted: {PythonText.List(duplicates)}. "
                + "Please ensure the request contains only one param value per param key."));
        }
    }

    public static Dataset CheckDataset(Dataset dataset)
    {
        CheckDatasetLength("name", dataset.Name, 500);
        CheckDatasetLength("digest", dataset.Digest, 36);
        CheckDatasetLength("source", dataset.Source, 65_535);
        CheckDatasetLength("schema", dataset.Schema, 1_048_575);
        CheckDatasetLength("profile", dataset.Profile, 16_777_215);
        return dataset;
    }

    /// <summary>The page size: absent means the default, anything outside 1 to the maximum is refused.</summary>
    public static int PageSize(long? value, int byDefault, int max)
    {
        if (value is not { } size)
            return byDefault;
        var text = size.ToString(CultureInfo.InvariantCulture);
        if (size < 1)
            throw MlflowRequest.InvalidValue(text, "max_results", "It must be a positive integer");
        return size <= max ? (int)size : throw MlflowRequest.WrongType(text, "int", "max_results");
    }

    private static void CheckCount(string entity, int limit, int count)
    {
        if (count > limit)
        {
            throw new RunstoneException(new Error(ErrorCode.TooLarge, string.Create(CultureInfo.InvariantCulture,
                $"A batch logging request can contain at most {limit} {entity}. Got {count} {entity}. Please split up {entity} across multiple requests and try again."), "metrics"));
        }
    }

    private static void CheckDatasetLength(string what, string? value, int max)
    {
        if (value is not null && value.Length > max && PythonText.Length(value) > max)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, string.Create(CultureInfo.InvariantCulture,
                $"Dataset {what} exceeds the maximum length of {max}"), $"dataset.{what}"));
    }

    private static bool HasKeyCharacters(string key)
    {
        foreach (var rune in key.EnumerateRunes())
        {
            var ok = rune.IsAscii
                ? Rune.IsLetterOrDigit(rune) || "/_.- :".Contains((char)rune.Value)
                : Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
            if (!ok)
                return false;
        }

        return true;
    }

    /// <summary>The path without empty, <c>.</c> and <c>..</c> segments, as POSIX tools simplify it.</summary>
    private static string NormalPath(string path)
    {
        if (!path.Contains("//", StringComparison.Ordinal) && !path.StartsWith('/') && !path.EndsWith('/') && !path.Contains('.') && path.Length > 0)
            return path;
        var root = !path.StartsWith('/') ? "" : path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal) ? "//" : "/";
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part.Length == 0 || part == ".")
                continue;
            if (part != ".." || (root.Length == 0 && (parts.Count == 0 || parts[^1] == "..")))
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }

        var normal = root + string.Join('/', parts);
        return normal.Length == 0 ? "." : normal;
    }
}
