using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Storage.Administration;

namespace Runstone.Storage.Tests.Administration;

/// <summary>A backup holds one instant of a store of either size, costs only what is new, and is restored into either when it is sound.</summary>
public abstract class BackupConformance : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runstone-backup-");
    private readonly StoreAdministration _administration = new(TimeProvider.System, NullLoggerFactory.Instance);
    private SampleStore _store = null!;
    private EmptyPlace _restored = null!;

    private protected abstract Task<SampleStore> OpenAsync();

    private protected abstract Task<EmptyPlace> OpenPlaceAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Backup => Path.Combine(_folder.FullName, "backup");

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _restored = await OpenPlaceAsync();
        await _store.FillAsync(1, 80);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _restored.DisposeAsync();
        Dispose();
        GC.SuppressFinalize(this);
    }

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
        _folder.Refresh();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_backup_that_is_restored_is_equal()
    {
        var backup = await BackupAsync();
        var check = await _administration.CheckAsync(new StorageOptions { Data = Backup }, fast: false, null, Token);
        Assert.Empty(check.Findings);
        Assert.Equal(["backup.json", "blobs", "lock", "lock.pid", "runstone.db"], Directory.EnumerateFileSystemEntries(Backup).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal((new BlobTotals(4, 52), new BlobTotals(4, 52)), (backup.BlobsCopied, backup.Manifest.Blobs));
        await _store.FillAsync(2);

        var restored = await RestoreAsync();
        Assert.Empty(restored.Problems);
        Assert.True(restored.Complete);
        Assert.Equal(backup.Manifest.Tables, restored.Tables);
        check = await _administration.CheckAsync(_restored.Options, fast: false, null, Token);
        Assert.Empty(check.Findings);
    }

    [Fact]
    public async Task A_later_backup_copies_new_content_only_and_drops_what_is_gone()
    {
        await BackupAsync();
        await _store.CommitAsync(new IngestBatch(SampleStore.Id(1, 1)) { RemoveArtifacts = ["a", "c.txt"] }, new IngestBatch(SampleStore.Id(1, 4)) { RemoveArtifacts = ["a", "c.txt"] });
        var file = await _store.PutAsync("something new");
        await _store.CommitAsync(new IngestBatch(SampleStore.Id(1, 2)) { Artifacts = [new("new", file)] });

        var second = await BackupAsync();
        Assert.Equal((new BlobTotals(1, 13), new BlobTotals(4, 51)), (second.BlobsCopied, second.Manifest.Blobs));
        Assert.Equal(4, Directory.EnumerateFiles(Path.Combine(Backup, "blobs"), "*", SearchOption.AllDirectories).Count());
        Assert.True((await RestoreAsync()).Complete);
    }

    [Fact]
    public async Task A_backup_is_one_instant_of_a_store_that_is_written_to()
    {
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            async () =>
            {
                for (var i = 10; !stop.IsCancellationRequested; i++)
                    await _store.FillAsync(i, 20);
            },
            Token);
        await BackupAsync();
        await BackupAsync();
        await stop.CancelAsync();
        await writer;
        Assert.True((await RestoreAsync()).Complete);
    }

    [Fact]
    public async Task A_later_backup_takes_over_nothing_that_a_server_left_beside_the_old_database()
    {
        await BackupAsync();
        foreach (var left in (string[])["-wal", "-shm"])
            await File.WriteAllTextAsync(Path.Combine(Backup, "runstone.db" + left), "of the old one", Token);
        await BackupAsync();
        Assert.Empty(Directory.EnumerateFiles(Backup, "runstone.db-*"));
        Assert.True((await RestoreAsync()).Complete);
    }

    [Fact]
    public async Task A_backup_of_a_newer_schema_is_refused_whatever_that_allows_servers_and_nothing_is_made()
    {
        await BackupAsync();
        var manifest = Path.Combine(Backup, BackupManifest.FileName);
        var written = JsonNode.Parse(await File.ReadAllTextAsync(manifest, Token))!;
        (written["schema"], written["program"]) = ("0999-future", "9.9.9");
        await File.WriteAllTextAsync(manifest, written.ToJsonString(), Token);

        var refusal = await RefusedAsync();
        Assert.Equal(ErrorCode.Unavailable, refusal.Error.Code);
        Assert.Contains($"'{Backup}' was written by Runstone 9.9.9 (schema 0999-future)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Use Runstone 9.9.9 for this; nothing was changed.", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_restored.Options.Data));
        if (_restored.Database is { } database)
            Assert.Empty(await database.QueryAsync<string>("select tablename::text from pg_tables where schemaname = 'public'"));
    }

    [Fact]
    public async Task A_damaged_backup_is_not_restored()
    {
        await BackupAsync();
        var (database, manifest) = (Path.Combine(Backup, "runstone.db"), Path.Combine(Backup, BackupManifest.FileName));
        var bytes = await File.ReadAllBytesAsync(database, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(database, bytes, Token);
        Assert.Contains("is not the file that backup.json describes", (await RefusedAsync()).Message, StringComparison.Ordinal);
        File.Delete(manifest);
        Assert.Contains("holds no complete backup", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_blob_keeps_the_store_from_being_used()
    {
        await BackupAsync();
        var hash = SampleStore.HashOf("content 1 of 1");
        await File.WriteAllTextAsync(Path.Combine(Backup, "blobs", hash[..2], hash), "content 0 of 1", Token);
        var report = await RestoreAsync();
        Assert.False(report.Complete);
        Assert.Contains(hash, report.Problems[0], StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<RunstoneException>(() => RunstoneStorage.OpenAsync(_restored.Options, TimeProvider.System, NullLoggerFactory.Instance, Token));
        Assert.Contains("is an incomplete copy", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_empty_store_takes_a_backup_and_only_a_backup_folder_is_written()
    {
        await BackupAsync();
        await using var used = _restored.Options.Database is null ? await SampleStore.OpenAsync() : await SampleStore.OpenPostgresAsync();
        await using var folder = await SampleStore.OpenAsync();
        await used.FillAsync(9, 1);
        var refusal = await Assert.ThrowsAsync<RunstoneException>(() => _administration.RestoreAsync(Backup, used.Options, null, Token));
        Assert.Contains("is not empty", refusal.Message, StringComparison.Ordinal);

        refusal = await Assert.ThrowsAsync<RunstoneException>(() => _administration.BackupAsync(_store.Options, folder.Folder, null, Token));
        Assert.Contains("is the data folder of a server", refusal.Message, StringComparison.Ordinal);
    }

    private Task<BackupReport> BackupAsync() => _administration.BackupAsync(_store.Options, Backup, null, Token);

    private Task<CopyReport> RestoreAsync() => _administration.RestoreAsync(Backup, _restored.Options, null, Token);

    private Task<RunstoneException> RefusedAsync() => Assert.ThrowsAsync<RunstoneException>(RestoreAsync);
}

public sealed class SqliteBackupTests : BackupConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenAsync();

    private protected override Task<EmptyPlace> OpenPlaceAsync() => Task.FromResult(EmptyPlace.Folder());
}

public sealed class PostgresBackupTests : BackupConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenPostgresAsync();

    private protected override Task<EmptyPlace> OpenPlaceAsync() => EmptyPlace.PostgresAsync();
}

public sealed class PostgresBackupToFolderTests : BackupConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenPostgresAsync();

    private protected override Task<EmptyPlace> OpenPlaceAsync() => Task.FromResult(EmptyPlace.Folder());
}

public sealed class SqliteBackupToPostgresTests : BackupConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenAsync();

    private protected override Task<EmptyPlace> OpenPlaceAsync() => EmptyPlace.PostgresAsync();
}
