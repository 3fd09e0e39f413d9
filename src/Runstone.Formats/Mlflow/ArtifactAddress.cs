using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Paths of the artifact proxy: the location of the experiment, the run id, the word <c>artifacts</c>, the path in the run. A
/// location may have any number of segments, so a path can be read in several ways; the run decides.
/// </summary>
/// <param name="Location">What stands before the run id, without slashes around it.</param>
/// <param name="RunId">Perhaps the id of a run.</param>
/// <param name="Path">The path in the run; empty for its root.</param>
public readonly record struct ArtifactAddress(string Location, string RunId, string Path)
{
    /// <summary>The ways to read the path, that with the shortest location first.</summary>
    public static IEnumerable<ArtifactAddress> Readings(string path)
    {
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            if (segments[i] == "artifacts")
                yield return new ArtifactAddress(string.Join('/', segments[..(i - 1)]), segments[i - 1], string.Join('/', segments[(i + 1)..]));
        }
    }

    /// <summary>Whether the run's own address leads here.</summary>
    public bool LeadsTo(Run run) => FolderOf(run) == (Location.Length == 0 ? $"{RunId}/artifacts" : $"{Location}/{RunId}/artifacts");

    /// <summary>The path of the run's artifacts in the proxy; null when they are kept elsewhere.</summary>
    public static string? FolderOf(Run run)
    {
        var uri = MlflowNames.ArtifactUriOf(run);
        return uri.StartsWith(MlflowNames.ArtifactScheme, StringComparison.OrdinalIgnoreCase) ? PathOf(uri) : null;
    }

    /// <summary>
    /// The path without a slash at its end. Refuses what would leave the folder, also when it is percent-encoded more than once.
    /// </summary>
    public static string Check(string path)
    {
        var trimmed = path.TrimEnd('/');
        for (var (decoded, next) = (trimmed, ""); ; decoded = next)
        {
            if (ArtifactPath.Check(decoded, folder: true) is { } error)
                throw new RunstoneException(error with { Message = $"Invalid path. {error.Message}" });
            next = Uri.UnescapeDataString(decoded);
            if (next == decoded)
                return trimmed;
        }
    }

    private static string PathOf(string uri)
    {
        var rest = uri.AsSpan(MlflowNames.ArtifactScheme.Length);
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest[2..].IndexOf('/');
            rest = slash < 0 ? default : rest[(slash + 2)..];
        }

        return rest.Trim('/').ToString();
    }
}
