namespace Runstone.Core.Artifacts;

/// <summary>The content of a file, named by its hash.</summary>
/// <param name="Sha256">64 lower-case hex digits.</param>
/// <param name="Size">Bytes.</param>
public sealed record BlobRef(string Sha256, long Size);

/// <summary>A file of a run. Key: (run, path). Logging a path again replaces the file; the old content stays as long as something refers to it.</summary>
/// <param name="Path">Relative, <c>/</c>-separated, normalised (see <see cref="ArtifactPath"/>).</param>
/// <param name="Blob">The content.</param>
/// <param name="UpdatedAt">Unix milliseconds, the server's clock.</param>
public sealed record Artifact(string Path, BlobRef Blob, long UpdatedAt);

/// <summary>An entry of a folder listing.</summary>
/// <param name="Path">Full path in the run.</param>
/// <param name="IsFolder">Whether it is a folder; folders exist while a file lies below them.</param>
/// <param name="Size">Bytes of a file; of a folder the sum of all files below it.</param>
/// <param name="Sha256">Hash of a file; null for a folder.</param>
/// <param name="UpdatedAt">Unix milliseconds of the newest file.</param>
public sealed record ArtifactEntry(string Path, bool IsFolder, long Size, string? Sha256, long UpdatedAt);
