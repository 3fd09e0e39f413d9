using System.IO.Enumeration;

namespace Runstone.Client.Runs;

/// <summary>The files below a folder, in one order on every system.</summary>
internal static class FolderFiles
{
    /// <summary>Every file with its path relative to the folder, <c>/</c> between names, ordered by that path (ordinal).</summary>
    public static IEnumerable<(FileInfo File, string Relative)> Enumerate(string folder)
    {
        var root = Path.GetFullPath(folder);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<FileInfo>(root, (ref FileSystemEntry entry) => (FileInfo)entry.ToFileSystemInfo(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            // Links to folders are left out: they may lead back to where they are.
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        return files
            .Select(f => (File: f, Relative: Path.GetRelativePath(root, f.FullName).Replace(Path.DirectorySeparatorChar, '/')))
            .OrderBy(f => f.Relative, StringComparer.Ordinal)
            .ToArray();
    }
}
