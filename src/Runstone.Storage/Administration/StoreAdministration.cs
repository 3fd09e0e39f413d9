using Microsoft.Extensions.Logging;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>
/// What an administrator does with whole stores. Everything throws <see cref="RunstoneException"/> that says what to do, can be
/// cancelled anywhere and run again.
/// </summary>
public sealed class StoreAdministration(TimeProvider time, ILoggerFactory loggers)
{
    // Memory and connections of the target grow with it.
    private const int Writers = 4;

    // The database lets go of the lock and the connections of a process a moment after its end.
    private const int LockAttempts = 5;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads the store and compares what must agree, beside servers that use it. Nothing is changed.</summary>
    public async Task<CheckReport> CheckAsync(StorageOptions store, bool fast, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var storage = await RunstoneStorage.OpenForReadingAsync(store, time, loggers, cancellationToken);
            return await new StoreCheck(PartsOf(storage)).RunAsync(fast, progress, cancellationToken);
        }
        catch (RunstoneException e) when (SqliteFile.IsDamage(e))
        {
            return StoreCheck.Unreadable(e);
        }
    }

    /// <summary>
    /// Removes blobs that nothing refers to and that are older than <paramref name="grace"/>; without <paramref name="delete"/> it
    /// only counts them. Works beside servers on PostgreSQL; a data folder must not be in use when something is removed.
    /// </summary>
    public async Task<BlobCollectionReport> CollectAsync(
        StorageOptions store, TimeSpan grace, bool delete, IProgress<BlobCollectionReport>? progress, CancellationToken cancellationToken)
    {
        // Also when something will be removed: opening for writing would make what is not there.
        await using (var readable = await RunstoneStorage.OpenForReadingAsync(store, time, loggers, cancellationToken))
        {
            if (!delete)
                return await new BlobCollection(readable.Blobs, readable.BlobReferences, time).RunAsync(grace, delete: false, progress, cancellationToken);
        }

        await using var storage = await RunstoneStorage.OpenForAdministrationAsync(store, time, loggers, cancellationToken);
        var collection = new BlobCollection(storage.Blobs, storage.BlobReferences, time);
        await CopyMark.RefuseIncompleteAsync(storage.Database, PlaceOf(storage), cancellationToken);
        return await AloneAsync(storage, BlobCollection.LockName, token => collection.RunAsync(grace, delete: true, progress, token), cancellationToken)
            ?? throw new RunstoneException(new Error(
                ErrorCode.Conflict, $"A server of '{PlaceOf(storage)}', or another 'runstone admin gc', collects blobs at this moment. Run the command again later."));
    }

    /// <summary>
    /// Erases the points of runs that <paramref name="keep"/> does not keep; without <paramref name="apply"/> it only says which. Works
    /// beside servers on PostgreSQL; a data folder must not be in use when something is erased.
    /// </summary>
    public async Task<RetentionReport> RetainAsync(
        StorageOptions store, RetentionOptions keep, bool apply, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var heard = progress is null ? null : new RunsDone(progress);
        await using (var readable = await RunstoneStorage.OpenForReadingAsync(store, time, loggers, cancellationToken))
        {
            if (!apply)
                return await new Retention(readable.Erasures, time).RunAsync(keep, apply: false, heard, cancellationToken);
        }

        await using var storage = await RunstoneStorage.OpenForAdministrationAsync(store, time, loggers, cancellationToken);
        await CopyMark.RefuseIncompleteAsync(storage.Database, PlaceOf(storage), cancellationToken);
        return await AloneAsync(storage, Retention.LockName, token => new Retention(storage.Erasures, time).RunAsync(keep, apply: true, heard, token), cancellationToken)
            ?? throw new RunstoneException(new Error(
                ErrorCode.Conflict, $"A server of '{PlaceOf(storage)}', or another 'runstone admin retention', erases at this moment. Run the command again later."));
    }

    /// <summary>Writes the file of a data folder anew without the pages that it does not use. The folder must not be in use.</summary>
    public async Task<CompactReport> CompactAsync(StorageOptions store, CancellationToken cancellationToken)
    {
        if (store.Database is not null)
        {
            throw new RunstoneException(Error.Invalid(
                "database", "A PostgreSQL database uses freed room again by itself (autovacuum). To give it back to the disk, its owner runs VACUUM FULL, which keeps the nodes waiting, or pg_repack."));
        }

        await using (await RunstoneStorage.OpenForReadingAsync(store, time, loggers, cancellationToken))
        {
            // Opening for writing would make what is not there.
        }

        await using var storage = await RunstoneStorage.OpenForAdministrationAsync(store, time, loggers, cancellationToken);
        return SqliteFile.Compact(storage.DatabaseFile!);
    }

    /// <summary>Makes the second store equal to the first one, which may be written to meanwhile (<see cref="CopyReport"/>).</summary>
    public async Task<CopyReport> CopyAsync(StorageOptions from, StorageOptions to, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        await using var source = await RunstoneStorage.OpenForReadingAsync(from, time, loggers, cancellationToken);
        await using var target = await RunstoneStorage.OpenForAdministrationAsync(to, time, loggers, cancellationToken);
        return await FillAsync(target, token => new StoreCopy(PartsOf(source), PartsOf(target)).RunAsync(progress, token), cancellationToken);
    }

    /// <summary>Makes a backup in the folder (docs/formats/backup.md), beside servers that use the store.</summary>
    public async Task<BackupReport> BackupAsync(StorageOptions store, string folder, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        await using var storage = await RunstoneStorage.OpenForReadingAsync(store, time, loggers, cancellationToken);
        await CopyMark.RefuseIncompleteAsync(storage.Database, PlaceOf(storage), cancellationToken);
        return await new StoreBackup(PartsOf(storage), time, loggers).RunAsync(folder, progress, cancellationToken);
    }

    /// <summary>Brings the backup in the folder into an empty store.</summary>
    public async Task<CopyReport> RestoreAsync(string folder, StorageOptions to, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(folder);
        var manifest = BackupManifest.Read(full);
        SqliteFile.RefuseNewer(manifest.Schema, manifest.Program, full);
        await using var target = await RunstoneStorage.OpenForAdministrationAsync(to, time, loggers, cancellationToken);
        return await FillAsync(target, token => new StoreRestore(PartsOf(target), time, loggers).RunAsync(folder, progress, token), cancellationToken);
    }

    /// <summary>Writes to a store while no one else does, neither another copy nor a server.</summary>
    private async Task<CopyReport> FillAsync(RunstoneStorage target, Func<CancellationToken, Task<CopyReport>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < LockAttempts; attempt++)
        {
            if (!await CopyMark.IsServedAsync(target.Database, cancellationToken)
                && await AloneAsync(target, CopyMark.LockName, work, cancellationToken) is { } report)
                return report;
            await Task.Delay(LockPause, time, cancellationToken);
        }

        throw await CopyMark.InUseAsync(target.Database, PlaceOf(target), cancellationToken);
    }

    /// <summary>Null when another one has the lock, and nothing was done.</summary>
    private static async Task<T?> AloneAsync<T>(
        RunstoneStorage storage, string name, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        where T : class
    {
        T? result = null;
        try
        {
            await storage.Jobs.TryRunAsync(name, async token => result = await work(token), cancellationToken);
            return result;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RunstoneException(
                new Error(ErrorCode.Unavailable, $"The connection to '{PlaceOf(storage)}' that keeps others away was lost. Run the same command again: it goes on where it was stopped."), e);
        }
    }

    private sealed class RunsDone(IProgress<AdminProgress> progress) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new AdminProgress("runs", value, null));
    }

    private static StoreParts PartsOf(RunstoneStorage storage) =>
        new(storage.Database, storage.Blobs, PlaceOf(storage), storage.Engine is "sqlite" ? 1 : Writers);

    private static string PlaceOf(RunstoneStorage storage) => string.Join(" with ", storage.Places.Select(p => p.Place));
}
