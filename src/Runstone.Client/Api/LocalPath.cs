using System.Security.Cryptography;

namespace Runstone.Client.Api;

/// <summary>Where files of a run go on this machine. Paths of a server are not trusted.</summary>
internal static class LocalPath
{
    /// <summary>The file of that name below the folder; an error when the name would lead out of it.</summary>
    public static string Below(string folder, string relative)
    {
        var root = Path.GetFullPath(folder);
        var full = Path.GetFullPath(Path.Combine(root, relative.Replace('/', Path.DirectorySeparatorChar)));
        var prefix = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        return full.StartsWith(prefix, StringComparison.Ordinal)
            ? full
            : throw RunstoneApiException.Unexpected($"The server names the artifact '{relative}', which would be written outside of {root}.");
    }

    /// <summary>The path relative to the folder that was asked for; of that file itself, its name.</summary>
    public static string RelativeTo(string folder, string path)
    {
        if (folder.Length == 0)
            return path;
        return path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : path[(path.LastIndexOf('/') + 1)..];
    }

    /// <summary>Whether the file is there with this content.</summary>
    public static async Task<bool> HasContentAsync(string file, long size, string? sha256, CancellationToken cancellationToken)
    {
        var info = new FileInfo(file);
        if (sha256 is null || !info.Exists || info.Length != size)
            return false;
        await using var stream = info.OpenRead();
        return string.Equals(Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)), sha256, StringComparison.OrdinalIgnoreCase);
    }
}
