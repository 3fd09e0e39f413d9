namespace Runstone.Protocol.Data;

/// <summary>Two paths that no file system which does not tell cases apart can hold side by side.</summary>
/// <param name="First">The path that was there.</param>
/// <param name="Second">The path that came behind it.</param>
public readonly record struct PathClash(string First, string Second)
{
    /// <summary>Says so, and names both.</summary>
    public override string ToString() => $"\"{First}\" and \"{Second}\" differ only in case";
}

/// <summary>
/// Finds paths of one tree that are equal under <see cref="DataPath.Fold"/>, or one of which would be a folder of the other. Holds the path of each file and of each folder. Not safe for use by
/// two threads.
/// </summary>
public sealed class PathClashes
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Adds the path of a file, which was not added before. Returns what it clashes with, null when nothing; it counts as added all the same.</summary>
    public PathClash? Add(string path)
    {
        var folded = DataPath.Fold(path);
        string? clash = null;
        if (!_files.TryAdd(folded, path))
            clash = _files[folded];
        else if (_folders.TryGetValue(folded, out var inside))
            clash = inside;
        for (var slash = folded.LastIndexOf('/'); slash > 0; slash = folded.LastIndexOf('/', slash - 1))
        {
            var folder = folded[..slash];
            if (_files.TryGetValue(folder, out var file))
                clash ??= file;
            if (!_folders.TryAdd(folder, path))
                break;
        }

        return clash is null ? null : new PathClash(clash, path);
    }
}
