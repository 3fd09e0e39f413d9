using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>The version that a source of the form <c>models:/name/3</c> names.</summary>
public sealed record ModelReference(string Name, int Version);

/// <summary>
/// What a version may be made from. A path on the server's disk is accepted only inside the artifacts of the version's own run,
/// and no address may climb with <c>..</c>: whoever downloads a version must not be led to other files.
/// </summary>
public static class ModelSource
{
    /// <summary>Characters of a source.</summary>
    public const int MaxLength = 2048;

    private const string Scheme = "models:";

    /// <summary>The id of the logged model that the source <c>models:/m-...</c> names; null when it names something else.</summary>
    public static string? LoggedModel(string source)
    {
        if (!source.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var id = source[Scheme.Length..].Trim('/');
        return id.StartsWith("m-", StringComparison.Ordinal) && !id.Contains('/') ? id : null;
    }

    /// <summary>The version that the source names; null when it is the address of files or a logged model.</summary>
    public static ModelReference? Reference(string source)
    {
        if (!source.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || LoggedModel(source) is not null)
            return null;
        var parts = source[Scheme.Length..].TrimStart('/').Split('/');
        return parts is [{ Length: > 0 } name, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new ModelReference(Uri.UnescapeDataString(name), version)
            : throw new RunstoneException(Error.Invalid("source", $"Invalid model version source: '{source}'. Name a version as models:/<name>/<version>, or a logged model as models:/m-<id>."));
    }

    /// <summary>Whether the source is a path on a disk: it has no scheme, the scheme <c>file</c>, or a drive letter.</summary>
    public static bool IsLocal(string source)
    {
        var colon = source.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return true;
        var scheme = source.AsSpan(0, colon);
        return colon == 1 || !IsScheme(scheme) || scheme.Equals("file", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Refuses a source that leads elsewhere; <paramref name="run"/> is the run of the version, null when it has none.</summary>
    public static void Check(string source, Run? run)
    {
        if (HasDotSegment(source))
        {
            throw new RunstoneException(Error.Invalid("source",
                $"Invalid model version source: '{source}'. An absolute address without relative path references must be provided."));
        }

        if (IsLocal(source) && (run is null || !IsInside(source, MlflowNames.ArtifactUriOf(run))))
        {
            throw new RunstoneException(Error.Invalid("source",
                $"Invalid model version source: '{source}'. To use a local path as a model version source, the run_id request parameter has to be "
                + "specified and the local path has to be contained within the artifact directory of the run specified by the run_id."));
        }
    }

    private static bool IsInside(string source, string folder) =>
        IsLocal(folder) && PathOf(source) is var path && PathOf(folder) is var root
        && (path == root || path.StartsWith(root + "/", StringComparison.Ordinal));

    private static string PathOf(string source)
    {
        var path = Decode(source).Replace('\\', '/');
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            path = "/" + path["file:".Length..].TrimStart('/');
        return path.TrimEnd('/');
    }

    private static bool HasDotSegment(string source) =>
        Decode(source).Split('/', '\\', '?', '#').Any(part => part is "." or "..");

    // However often a dot is encoded, it must not be hidden. Each round makes the text shorter.
    private static string Decode(string source)
    {
        var (text, decoded) = (source, Uri.UnescapeDataString(source));
        while (decoded != text)
            (text, decoded) = (decoded, Uri.UnescapeDataString(decoded));
        return text;
    }

    private static bool IsScheme(ReadOnlySpan<char> text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.") < 0;
}
