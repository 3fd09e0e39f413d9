using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Runstone.Core.Errors;

namespace Runstone.Storage.Administration;

/// <summary>Brings a backup into an empty store of either size. The store cannot be opened by a server until everything was verified.</summary>
internal sealed class StoreRestore(StoreParts target, TimeProvider time, ILoggerFactory loggers)
{
    public async Task<CopyReport> RunAsync(string path, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        var manifest = BackupManifest.Read(full);
        var (database, blobs) = BackupFolder.FilesOf(full);
        await VerifyFileAsync(manifest, database, cancellationToken);

        // Beside the backup, which stays as it is: opening a database makes files, and an old one gets the schema of today.
        var copy = Directory.CreateTempSubdirectory("runstone-restore-");
        try
        {
            var file = Path.Combine(copy.FullName, "runstone.db");
            File.Copy(database, file);
            await using var source = await SqliteFile.CreateAsync(file, time, loggers, cancellationToken);
            if (manifest.Schema == SqliteFile.Schema)
                await VerifyRowsAsync(manifest, source, progress, cancellationToken);
            return await new StoreCopy(new StoreParts(source.Database, blobs, full, 1), target).RunAsync(progress, cancellationToken);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static async Task VerifyFileAsync(BackupManifest manifest, string database, CancellationToken cancellationToken)
    {
        if (!File.Exists(database))
            throw Damaged($"'{database}' is missing");
        await using var file = File.OpenRead(database);
        if (file.Length != manifest.DatabaseBytes || Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) != manifest.DatabaseSha256)
            throw Damaged($"'{database}' is not the file that {BackupManifest.FileName} describes");
    }

    private static async Task VerifyRowsAsync(
        BackupManifest manifest, SqliteFile source, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var (sums, _) = await source.Database.ReadAsync(session => StoreSums.ReadAsync(session, keepsNul: true, progress, cancellationToken), cancellationToken);
        if (!TableTotals.Of(sums).SequenceEqual(manifest.Tables))
            throw Damaged($"its rows are not those that {BackupManifest.FileName} describes");
    }

    private static RunstoneException Damaged(string why) => new(new Error(
        ErrorCode.Conflict, $"The backup is damaged or was being written: {why}. Use another backup; nothing was changed."));
}
