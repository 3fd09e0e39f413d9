using System.IO.Enumeration;
using System.Security.Cryptography;
using Runstone.Cli.Errors;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Artifacts;

/// <summary>A file to upload.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="Target">Its path in the run.</param>
/// <param name="Size">Bytes.</param>
internal sealed record LocalFile(string Path, string Target, long Size)
{
    /// <summary>Whether it is the same as what is in the run.</summary>
    public async Task<bool> HasContentAsync(ArtifactInfo there, CancellationToken cancellationToken)
    {
        if (there.Size != Size || there.Sha256 is null)
            return false;
        await using var content = File.OpenRead(Path);
        var hash = await SHA256.HashDataAsync(content, cancellationToken);
        return string.Equals(Convert.ToHexStringLower(hash), there.Sha256, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Finds the files to upload and where each goes; nothing is sent when one of them is missing.</summary>
internal static class LocalFiles
{
    public static IReadOnlyList<LocalFile> Find(IEnumerable<string> sources, string to)
    {
        var files = sources.SelectMany(s => Find(s, to)).ToList();
        var twice = files.GroupBy(f => f.Target, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? files
            : throw CommandException.Usage($"'{twice.First().Path}' and '{twice.Last().Path}' would both become '{twice.Key}'; upload them one after the other with --to.");
    }

    private static IEnumerable<LocalFile> Find(string source, string to)
    {
        if (File.Exists(source))
            return [new LocalFile(source, Join(to, Path.GetFileName(source)), new FileInfo(source).Length)];
        if (!Directory.Exists(source))
            throw CommandException.NotFound($"There is no file or folder '{source}' on this machine.");
        var contentsOnly = Path.GetFileName(source) is "." or "..";
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)));
        return Below(Path.GetFullPath(source), contentsOnly ? to : Join(to, name));
    }

    private static IEnumerable<LocalFile> Below(string folder, string to)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            // Links to folders are left out: they may lead back to where they are.
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        return files
            .Select(f => (Path: f, Relative: Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/')))
            .OrderBy(f => f.Relative, StringComparer.Ordinal)
            .Select(f => new LocalFile(f.Path, Join(to, f.Relative), new FileInfo(f.Path).Length));
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}
