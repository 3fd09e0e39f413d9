using System.Globalization;
using System.Security.Cryptography;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage.Files;

/// <summary>
/// Parts of uploads as files: <c>&lt;upload&gt;/&lt;number&gt;</c>, with the part's hash in <c>&lt;number&gt;.sha256</c>. A part is received in
/// <c>incoming/</c> and takes its name when it is whole.
/// </summary>
public sealed class FileUploadStore : IUploadStore
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    private readonly string _root;
    private readonly string _incoming;
    private readonly IBlobStore _blobs;
    private readonly TimeProvider _time;
    private long _cleanedAt;

    /// <summary>Opens the folder, which only this process uses, and removes uploads that nobody completed within a day.</summary>
    public FileUploadStore(string root, IBlobStore blobs, TimeProvider time)
    {
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, "incoming");
        (_blobs, _time) = (blobs, time);
        Directory.CreateDirectory(_incoming);
        foreach (var left in Directory.EnumerateFiles(_incoming))
            File.Delete(left);
        Clean();
    }

    public Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_time.GetElapsedTime(Interlocked.Read(ref _cleanedAt)) > CleanEvery)
            Clean();
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Directory.CreateDirectory(FolderOf(id));
        Touch(FolderOf(id));
        return Task.FromResult(id);
    }

    public async Task<string?> WritePartAsync(string uploadId, int part, Stream content, CancellationToken cancellationToken)
    {
        if (part < 1)
            throw new RunstoneException(Error.Invalid("part", $"{part} is not a part number: parts are numbered from 1."));
        if (!IsKnown(uploadId))
            return null;
        var incoming = Path.Combine(_incoming, RandomNumberGenerator.GetHexString(32, lowercase: true));
        try
        {
            var received = await IncomingFile.ReceiveAsync(content, incoming, cancellationToken);
            return Keep(uploadId, part, incoming, received.Sha256) ? received.Sha256 : null;
        }
        catch (IOException e) when (FileErrors.Describe(e, _root) is { } error)
        {
            throw new RunstoneException(error, e);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    public async Task<BlobRef?> CompleteAsync(string uploadId, IReadOnlyList<UploadPart> parts, CancellationToken cancellationToken)
    {
        if (!IsKnown(uploadId))
            return null;
        var files = parts.Select(p => Require(uploadId, p)).ToList();
        BlobRef blob;
        await using (var joined = new JoinedFiles(files))
            blob = await _blobs.WriteAsync(joined, expected: null, cancellationToken);
        await AbortAsync(uploadId, cancellationToken);
        return blob;
    }

    public Task<bool> AbortAsync(string uploadId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsKnown(uploadId))
            return Task.FromResult(false);
        return Task.FromResult(Remove(FolderOf(uploadId)));
    }

    public Task<int> RemoveAbandonedAsync(long before, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(RemoveBefore(DateTimeOffset.FromUnixTimeMilliseconds(before)));
    }

    /// <summary>False when the upload was completed or aborted while the part came in.</summary>
    private bool Keep(string uploadId, int part, string incoming, string sha256)
    {
        var folder = FolderOf(uploadId);
        try
        {
            File.Move(incoming, PartOf(uploadId, part), overwrite: true);
            File.WriteAllText(HashOf(uploadId, part), sha256);
            Touch(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private string Require(string uploadId, UploadPart part)
    {
        var file = PartOf(uploadId, part.Number);
        if (!File.Exists(file) || !File.Exists(HashOf(uploadId, part.Number)))
            throw new RunstoneException(Error.Invalid("parts", $"Part {part.Number} was not uploaded. Send it, then complete the upload again."));
        var actual = File.ReadAllText(HashOf(uploadId, part.Number));
        if (part.Tag is not null && !string.Equals(part.Tag.Trim('"'), actual, StringComparison.OrdinalIgnoreCase))
            throw new RunstoneException(Error.Invalid("parts", $"Part {part.Number} has the tag {actual}, not {part.Tag}. Send the part again."));
        return file;
    }

    private void Clean()
    {
        Interlocked.Exchange(ref _cleanedAt, _time.GetTimestamp());
        RemoveBefore(_time.GetUtcNow() - KeepFor);
    }

    private int RemoveBefore(DateTimeOffset oldest) => Directory.EnumerateDirectories(_root)
        .Count(folder => IsId(Path.GetFileName(folder)) && Directory.GetLastWriteTimeUtc(folder) < oldest.UtcDateTime && Remove(folder));

    private static bool Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private void Touch(string folder) => Directory.SetLastWriteTimeUtc(folder, _time.GetUtcNow().UtcDateTime);

    private bool IsKnown(string uploadId) => IsId(uploadId) && Directory.Exists(FolderOf(uploadId));

    private static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private string FolderOf(string uploadId) => Path.Combine(_root, uploadId);

    private string PartOf(string uploadId, int part) => Path.Combine(FolderOf(uploadId), part.ToString(CultureInfo.InvariantCulture));

    private string HashOf(string uploadId, int part) => PartOf(uploadId, part) + ".sha256";
}
