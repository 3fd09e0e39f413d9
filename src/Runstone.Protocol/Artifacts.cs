namespace Runstone.Protocol;

/// <summary>An entry of a folder of a run.</summary>
/// <param name="Path">Full path in the run, <c>/</c>-separated.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Size">Bytes; of a folder all files below it.</param>
/// <param name="Sha256">64 hex digits; null for a folder.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record ArtifactInfo(string Path, bool IsFolder, long Size, string? Sha256, long UpdatedAt);

/// <summary>The entries of one folder, ordered by path; or all files below it when asked to recurse.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="NextAfter">With recursion: pass it as <c>after</c> for more; null at the end.</param>
public sealed record ArtifactList(IReadOnlyList<ArtifactInfo> Entries, string? NextAfter = null);

/// <summary>What an upload kept.</summary>
/// <param name="Path">Path in the run.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hex digits, computed by the server.</param>
public sealed record UploadedArtifact(string Path, long Size, string Sha256);
