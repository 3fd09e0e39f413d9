using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>
/// Makes a backup: a data folder with the state of one instant, whichever engine keeps the store, and <c>backup.json</c>. Content
/// that an earlier backup in the same folder has is not copied again. The old backup stays until the new one is complete.
/// </summary>
internal sealed class StoreBackup(StoreParts source, TimeProvider time, ILoggerFactory loggers)
{
    public async Task<BackupReport> RunAsync(string path, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        using var folder = BackupFolder.OpenForWriting(path);
        var part = folder.Part;
        var createdAt = time.GetUtcNow();
        var tables = await WriteDatabaseAsync(part, progress, cancellationToken);
        SqliteFile.Settle(part);
        BlobTotals used;
        (long Blobs, long Bytes) copied;
        await using (var store = SqliteFile.OpenForReading(part))
        {
            copied = await CopyBlobsAsync(store.References, folder.Blobs, progress, cancellationToken);
            used = await CountAsync(store.References, cancellationToken);
        }

        var manifest = new BackupManifest
        {
            Program = SchemaRule.ProgramVersion,
            Schema = SqliteFile.Schema,
            CreatedAt = createdAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            Source = source.Place,
            DatabaseBytes = new FileInfo(part).Length,
            DatabaseSha256 = await HashAsync(part, cancellationToken),
            Tables = TableTotals.Of(tables),
            Blobs = used,
        };
        folder.Publish(manifest);
        await RemoveUnusedAsync(folder, cancellationToken);
        return new BackupReport { Folder = folder.Path, Manifest = manifest, BlobsCopied = new BlobTotals(copied.Blobs, copied.Bytes) };
    }

    public static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    private async Task<RowSum[]> WriteDatabaseAsync(string part, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        await using var target = await SqliteFile.CreateAsync(part, time, loggers, cancellationToken);
        var wanted = await Snapshot.WriteAsync(source.Database, target.Database, progress, cancellationToken);
        var (written, _) = await target.Database.ReadAsync(session => StoreSums.ReadAsync(session, keepsNul: true, progress, cancellationToken), cancellationToken);
        return wanted.SequenceEqual(written)
            ? written
            : throw new RunstoneException(new Error(ErrorCode.Unavailable, $"What was written to '{part}' is not what was read. Check the disk, and run the backup again."));
    }

    private async Task<(long Blobs, long Bytes)> CopyBlobsAsync(
        SqlBlobReferenceStore references, IBlobStore target, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var problems = new ConcurrentBag<string>();
        var copy = new BlobCopy(source.Blobs, target, references.ListAsync, problems.Add);
        await copy.RunAsync(progress, cancellationToken);
        await foreach (var missing in copy.MissingAsync(cancellationToken))
            problems.Add($"blob {missing.Sha256}: files refer to it and it is not there");
        return problems.IsEmpty
            ? copy.Copied
            : throw new RunstoneException(new Error(
                ErrorCode.Conflict,
                $"{problems.Count} blobs cannot be backed up, the first: {problems.Min(StringComparer.Ordinal)}. 'runstone admin check' lists them. The earlier backup, if there is one, was kept."));
    }

    private static async Task<BlobTotals> CountAsync(SqlBlobReferenceStore references, CancellationToken cancellationToken)
    {
        var totals = new BlobTotals(0, 0);
        await foreach (var used in references.ListAsync(cancellationToken))
            totals = new BlobTotals(totals.Count + 1, totals.Bytes + used.Size);
        return totals;
    }

    private static async Task RemoveUnusedAsync(BackupFolder folder, CancellationToken cancellationToken)
    {
        await using var store = SqliteFile.OpenForReading(folder.Database);
        await using var used = store.References.ListAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await used.MoveNextAsync();
        await foreach (var blob in folder.Blobs.ListAsync(cancellationToken))
        {
            while (more && string.CompareOrdinal(used.Current.Sha256, blob.Sha256) < 0)
                more = await used.MoveNextAsync();
            if (!more || used.Current.Sha256 != blob.Sha256)
                await folder.Blobs.DeleteAsync(blob.Sha256, cancellationToken);
        }
    }
}

/// <summary>A backup that was made.</summary>
public sealed record BackupReport
{
    public required string Folder { get; init; }

    public required BackupManifest Manifest { get; init; }

    /// <summary>Blobs that no earlier backup in the folder had.</summary>
    public required BlobTotals BlobsCopied { get; init; }
}
