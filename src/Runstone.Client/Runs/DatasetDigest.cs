using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Runstone.Protocol;

namespace Runstone.Client.Runs;

/// <summary>Names dataset versions by their whole content (docs/formats/dataset-digest.md).</summary>
internal static class DatasetDigest
{
    public static async Task<DatasetInfo> OfPathAsync(string name, string path, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(full))
        {
            var (sha256, size) = await HashAsync(full, cancellationToken);
            return Describe(name, sha256, full, 1, size);
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long files = 0, bytes = 0;
        foreach (var (file, relative) in FolderFiles.Enumerate(full))
        {
            var (sha256, size) = await HashAsync(file.FullName, cancellationToken);
            digest.AppendData(Encoding.UTF8.GetBytes($"{sha256}  {relative}\n"));
            files++;
            bytes += size;
        }

        return Describe(name, Convert.ToHexStringLower(digest.GetCurrentHash()), full, files, bytes);
    }

    public static async Task<DatasetInfo> OfStreamAsync(string name, Stream content, string source, CancellationToken cancellationToken)
    {
        await using var hashing = new Api.HashingReadStream(content, onRead: null);
        await hashing.CopyToAsync(Stream.Null, cancellationToken);
        return Describe(name, hashing.Sha256(), source, 1, hashing.Position);
    }

    private static async Task<(string Sha256, long Size)> HashAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 17, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        return (sha256, stream.Position);
    }

    private static DatasetInfo Describe(string name, string sha256, string source, long files, long bytes) => new(
        name, "sha256:" + sha256, SourceType(source), source,
        Profile: string.Create(CultureInfo.InvariantCulture, $$"""{"files":{{files}},"bytes":{{bytes}}}"""));

    private static string SourceType(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var uri) && !uri.IsFile ? uri.Scheme : "local";
}
