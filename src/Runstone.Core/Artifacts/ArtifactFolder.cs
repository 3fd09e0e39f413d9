using Runstone.Core.Errors;

namespace Runstone.Core.Artifacts;

/// <summary>A folder of a run with all files below it, to be sent as one zip file.</summary>
/// <param name="Name">How to call the file, without an extension: the name of the folder or file, or the id of the run.</param>
/// <param name="Files">By path, at least one.</param>
/// <param name="Zip">The same files under the names they have in the zip file.</param>
public sealed record ArtifactFolder(string Name, IReadOnlyList<Artifact> Files, StoredZip Zip)
{
    /// <summary>Names are held while the file is sent.</summary>
    public const int MaxFiles = 100_000;

    /// <summary>
    /// In the zip file everything lies in one folder with the name of the folder, or with the id of the run when <paramref name="path"/> is empty, so
    /// that nothing is unpacked beside it. No name leaves that folder: paths of artifacts have no segment <c>..</c>, and a first segment that a system
    /// could take for a drive gets '_' for its colon.
    /// </summary>
    public static ArtifactFolder Of(string runId, string path, IReadOnlyList<Artifact> files)
    {
        var parent = path.LastIndexOf('/') + 1;
        var name = path.Length == 0 ? runId : path[parent..];
        var entries = files.Select(f => new ZipEntry(WithoutDrive(path.Length == 0 ? $"{runId}/{f.Path}" : f.Path[parent..]), f.Blob.Size, f.UpdatedAt));
        return new ArtifactFolder(name, files, new StoredZip([.. entries]));
    }

    /// <summary>Nothing lies at or below the path.</summary>
    public static Error NotFound(string runId, string path) => new(
        ErrorCode.NotFound, path.Length == 0 ? $"Run '{runId}' has no files." : $"Run '{runId}' has no file or folder '{path}'.", "path");

    /// <summary>More than <see cref="MaxFiles"/> lie below the path.</summary>
    public static Error TooMany(string path) => new(
        ErrorCode.TooLarge, $"More than {MaxFiles} files lie below '{path}'. Ask for its folders one by one.", "path");

    private static string WithoutDrive(string name) =>
        name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]) ? string.Concat(name.AsSpan(0, 1), "_", name.AsSpan(2)) : name;
}
