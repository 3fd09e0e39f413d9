using System.Security.Cryptography;
using Runstone.Core.Access;
using Runstone.Core.Data;
using Runstone.Core.Errors;
using Runstone.Protocol.Data;

namespace Runstone.Server.Data;

/// <summary>What versions hold: files are taken over when their bytes were hashed, versions when all their files are there.</summary>
internal sealed class DataContent(DataService names, IDataStore versions, IDataObjectStore store, DataObjects objects, TimeProvider time)
{
    /// <summary>Files that are looked up at a time.</summary>
    private const int Block = 1000;

    /// <summary>
    /// Hashes files from their chunks and notes them as whole. A file whose bytes are not what is said of it is <see cref="ErrorCode.Invalid"/>, named by its
    /// place in the list; those before it are kept.
    /// </summary>
    public async Task RegisterAsync(IReadOnlyList<DataFile> files, CancellationToken cancellationToken)
    {
        var known = (await store.FindFilesAsync([.. files.Select(f => f.Sha256)], cancellationToken)).Select(f => f.Sha256).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++)
        {
            if (!known.Add(files[i].Sha256))
                continue;
            await CheckAsync(files[i], $"files[{i}]", cancellationToken);
            await store.AddFilesAsync([files[i] with { CheckedAt = time.GetUtcNow().ToUnixTimeMilliseconds() }], cancellationToken);
        }
    }

    /// <summary>
    /// Commits a version: its tree must be whole, and each file that no parent has must have been registered with its size. Throws
    /// <see cref="ErrorCode.Invalid"/> that names what is missing, and as <see cref="IDataStore.CommitAsync"/>.
    /// </summary>
    public async Task<DataBranch> CommitAsync(
        string name, string branch, string? expected, ReadOnlyMemory<byte> record, Person person, CancellationToken cancellationToken)
    {
        DataNames.RequireVersionName("branch", branch);
        var decoded = Invalid("record", () => VersionRecord.Decode(record.Span));
        var parents = new List<DataVersion>();
        foreach (var parent in decoded.Parents)
            parents.Add(await names.ResolveAsync(name, parent.ToString(), cancellationToken));
        var root = await CheckTreeAsync(decoded.Root, parents.Count > 0 ? DataObjects.Id(parents[0].Root) : null, cancellationToken);
        var version = new DataVersion(
            DataObjectId.Of(record.Span).ToString(), decoded.Root.ToString(), [.. decoded.Parents.Select(p => p.ToString())], decoded.Author, decoded.Time, decoded.Message, decoded.RunId, root.Files, root.Bytes)
        {
            Record = record,
        };
        return await versions.CommitAsync(name, branch, expected, version, person.Name, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
    }

    /// <summary>A file of a version whose bytes are here; null when the version has no such path, or it is a reference.</summary>
    public async Task<(TreeEntry? Entry, DataFile? File)> FindAsync(DataVersion version, string path, CancellationToken cancellationToken)
    {
        if (DataPath.Problem(path) is { } problem)
            throw new RunstoneException(Error.Invalid("path", problem));
        var entry = await new TreeReader(objects, DataObjects.Id(version.Root)).FindAsync(path, cancellationToken);
        return entry is not { Kind: TreeEntryKind.File, Sha256: { } sha256 }
            ? (entry, null)
            : (entry, (await store.FindFilesAsync([sha256.ToString()], cancellationToken)).FirstOrDefault());
    }

    /// <summary>Some names directly in a folder ("" is the root) of a version.</summary>
    public async Task<TreeFolderPage> ListAsync(DataVersion version, string folder, string? from, int limit, CancellationToken cancellationToken) =>
        await new TreeReader(objects, DataObjects.Id(version.Root)).ListAsync(folder, from, limit, cancellationToken);

    /// <summary>What became of files from one version to another, in the order of paths, at most so many behind a path.</summary>
    public async Task<IReadOnlyList<TreeDifference>> CompareAsync(DataVersion before, DataVersion after, string? behind, int limit, CancellationToken cancellationToken)
    {
        var found = new List<TreeDifference>();
        await foreach (var difference in TreeDiff.CompareAsync(objects, DataObjects.Id(before.Root), DataObjects.Id(after.Root), cancellationToken))
        {
            if (behind is not null && DataPath.Compare(difference.Path, behind) <= 0)
                continue;
            found.Add(difference);
            if (found.Count == limit)
                break;
        }

        return found;
    }

    private async Task CheckAsync(DataFile file, string field, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        try
        {
            await foreach (var (_, bytes) in objects.ReadChunksAsync(file, 0, file.Size, cancellationToken))
            {
                hash.AppendData(bytes.Span);
                size += bytes.Length;
            }
        }
        catch (Exception e) when (e is InvalidDataException or MissingDataObjectException or ArgumentException)
        {
            throw new RunstoneException(Error.Invalid(field, e.Message), e);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (size != file.Size || !string.Equals(found, file.Sha256, StringComparison.Ordinal))
            throw new RunstoneException(Error.Invalid(field, $"The chunks make a file of {size} bytes with the SHA-256 {found}, where {file.Size} bytes with {file.Sha256} are said. It changed while it was read; add it again."));
    }

    /// <summary>Reads the pages that the parent does not have, and looks up the files in them.</summary>
    private async Task<TreeRoot> CheckTreeAsync(DataObjectId root, DataObjectId? parent, CancellationToken cancellationToken)
    {
        try
        {
            var reader = new TreeReader(objects, root);
            var some = new List<TreeEntry>(Block);
            var entries = parent is { } before
                ? TreeDiff.CompareAsync(objects, before, root, cancellationToken).Where(d => d.After is not null).Select(d => d.After!)
                : reader.RangeAsync(cancellationToken: cancellationToken);
            await foreach (var entry in entries)
            {
                some.Add(entry);
                if (some.Count == Block)
                    await RequireAsync(some, cancellationToken);
            }

            await RequireAsync(some, cancellationToken);
            return await reader.ReadRootAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or MissingDataObjectException)
        {
            throw new RunstoneException(Error.Invalid("record", e.Message), e);
        }
    }

    private async Task RequireAsync(List<TreeEntry> entries, CancellationToken cancellationToken)
    {
        var files = entries.FindAll(e => e is { Kind: TreeEntryKind.File });
        var known = (await store.FindFilesAsync([.. files.Select(f => f.Sha256.ToString()!).Distinct(StringComparer.Ordinal)], cancellationToken))
            .ToDictionary(f => f.Sha256, f => f.Size, StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (!known.TryGetValue(file.Sha256.ToString()!, out var size))
                throw new RunstoneException(Error.Invalid("record", $"The content of '{file.Path}' ({file.Sha256}) was not registered. Send its chunks and register it, then commit again."));
            if (size != file.Size)
                throw new RunstoneException(Error.Invalid("record", $"The tree says that '{file.Path}' has {file.Size} bytes; {file.Sha256} has {size}."));
        }

        entries.Clear();
    }

    private static T Invalid<T>(string field, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new RunstoneException(Error.Invalid(field, e.Message), e);
        }
    }
}
