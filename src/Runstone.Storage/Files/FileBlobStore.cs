using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage.Files;

/// <summary>
/// Blobs as files: <c>ab/abcd...</c> below a folder. A write goes to <c>incoming/</c> in the same volume, is synced, and
/// takes its name by a rename, so that a name never stands for less than its content. One level of 256 folders: a new folder
/// costs two syncs, and with two levels nearly every blob of a young store would pay for it.
/// </summary>
public sealed class FileBlobStore : IBlobStore
{
    private readonly string _root;
    private readonly string _incoming;

    /// <summary>Opens the folder, which only this process uses, and removes what interrupted writes left.</summary>
    public FileBlobStore(string root)
    {
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, "incoming");
        DurableFile.CreateFolder(_incoming);
        foreach (var left in Directory.EnumerateFiles(_incoming))
            File.Delete(left);
    }

    private FileBlobStore(string root, string incoming) => (_root, _incoming) = (root, incoming);

    /// <summary>Opens the folder beside the process that writes there: nothing of it is touched.</summary>
    public static FileBlobStore OpenForReading(string root)
    {
        var full = Path.GetFullPath(root);
        return new FileBlobStore(full, Path.Combine(full, "incoming"));
    }

    public async Task<BlobRef> WriteAsync(Stream content, BlobRef? expected, CancellationToken cancellationToken)
    {
        var incoming = Path.Combine(_incoming, RandomNumberGenerator.GetHexString(32, lowercase: true));
        try
        {
            var blob = await IncomingFile.ReceiveAsync(content, incoming, cancellationToken);
            if (expected is not null && blob != expected)
                throw new RunstoneException(BlobErrors.Differs(expected, blob));
            var target = PathOf(blob.Sha256);
            DurableFile.CreateFolder(Path.GetDirectoryName(target)!);
            DurableFile.MoveInto(incoming, target);
            return blob;
        }
        catch (Exception e)
        {
            File.Delete(incoming);
            if (e is IOException io && FileErrors.Describe(io, _root) is { } error)
                throw new RunstoneException(error, io);
            throw;
        }
    }

    public Task<Stream?> OpenReadAsync(string sha256, long offset, long? length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (!IsHash(sha256))
            return Task.FromResult<Stream?>(null);
        try
        {
            var file = new FileStream(
                PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            return Task.FromResult<Stream?>(new FileRange(file, offset, length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (!Directory.Exists(_root))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(_root).Order(StringComparer.Ordinal))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(f => IsHash(f.Name)).OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new StoredBlob(file.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds());
            }
        }
    }

    public Task<bool> DeleteAsync(string sha256, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsHash(sha256) || !File.Exists(PathOf(sha256)))
            return Task.FromResult(false);
        File.Delete(PathOf(sha256));
        return Task.FromResult(true);
    }

    private string PathOf(string sha256) => Path.Combine(_root, sha256[..2], sha256);

    private static bool IsHash(string text) => text.Length == 64 && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');
}
