using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Paths of the artifact proxy: the location of the experiment, the id of the run (or <c>models</c> and the id of the logged model), the
/// word <c>artifacts</c>, the path in it. A location may have any number of segments, so a path can be read in several ways; the owner
/// decides.
/// </summary>
/// <param name="Location">What stands before the id, without slashes around it.</param>
/// <param name="OwnerId">Perhaps the id of a run or of a logged model.</param>
/// <param name="Path">The path in it; empty for its root.</param>
public readonly record struct ArtifactAddress(string Location, string OwnerId, string Path)
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
    public bool LeadsTo(Run run) => LeadsTo(MlflowNames.ArtifactUriOf(run));

    /// <summary>Whether the address of an owner's artifacts leads here.</summary>
    public bool LeadsTo(string uri) => FolderOf(uri) == (Location.Length == 0 ? $"{OwnerId}/artifacts" : $"{Location}/{OwnerId}/artifacts");

    /// <summary>The path of the run's artifacts in the proxy; null when they are kept elsewhere.</summary>
    public static string? FolderOf(Run run) => FolderOf(MlflowNames.ArtifactUriOf(run));

    private static string? FolderOf(string uri) =>
        uri.StartsWith(MlflowNames.ArtifactScheme, StringComparison.OrdinalIgnoreCase) ? PathOf(uri) : null;

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
