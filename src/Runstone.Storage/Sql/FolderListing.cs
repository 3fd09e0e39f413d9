using Runstone.Core.Artifacts;

namespace Runstone.Storage.Sql;

/// <summary>Makes the entries of one folder from all files below it.</summary>
internal sealed class FolderListing(string folder)
{
    private readonly int _prefix = folder.Length == 0 ? 0 : folder.Length + 1;
    private readonly List<ArtifactEntry> _files = [];
    private readonly Dictionary<string, ArtifactEntry> _folders = new(StringComparer.Ordinal);

    public void Add(Artifact file)
    {
        var slash = file.Path.IndexOf('/', _prefix);
        if (slash < 0)
        {
            _files.Add(new ArtifactEntry(file.Path, false, file.Blob.Size, file.Blob.Sha256, file.UpdatedAt));
            return;
        }

        var path = file.Path[..slash];
        var old = _folders.GetValueOrDefault(path) ?? new ArtifactEntry(path, true, 0, null, long.MinValue);
        _folders[path] = old with { Size = old.Size + file.Blob.Size, UpdatedAt = Math.Max(old.UpdatedAt, file.UpdatedAt) };
    }

    /// <summary>Ordered by path.</summary>
    public IReadOnlyList<ArtifactEntry> Entries() =>
        [.. _files.Concat(_folders.Values).OrderBy(e => e.Path, StringComparer.Ordinal)];
}
