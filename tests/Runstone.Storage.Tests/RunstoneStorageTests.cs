using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Storage.Files;

namespace Runstone.Storage.Tests;

public sealed class RunstoneStorageTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("runstone-");

    private string Data => Path.Combine(_parent.FullName, "data");

    private string Files => Path.Combine(_parent.FullName, "files");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task By_default_all_is_in_the_data_folder()
    {
        await using var storage = await OpenAsync(new StorageOptions { Data = Data });
        var blob = await storage.Blobs.WriteAsync(new MemoryStream([1, 2, 3]), null, TestContext.Current.CancellationToken);
        Assert.Equal([("data", Data)], storage.Places);
        Assert.True(File.Exists(Path.Combine(Data, "runstone.db")));
        Assert.True(File.Exists(Path.Combine(Data, "blobs", blob.Sha256[..2], blob.Sha256)));
        Assert.Null(storage.Changes);
        Assert.Null(storage.DirectTransfer);
    }

    [Fact]
    public async Task Content_can_have_a_folder_of_its_own_which_is_locked_too()
    {
        await using (var storage = await OpenAsync(new StorageOptions { Data = Data, Blobs = Place(Files) }))
        {
            var blob = await storage.Blobs.WriteAsync(new MemoryStream([1, 2, 3]), null, TestContext.Current.CancellationToken);
            Assert.True(File.Exists(Path.Combine(Files, "blobs", blob.Sha256[..2], blob.Sha256)));
            Assert.False(Directory.Exists(Path.Combine(Data, "blobs")));
            Assert.Equal([("database", Path.Combine(Data, "runstone.db")), ("files", Files)], storage.Places);
            var e = Assert.Throws<RunstoneException>(() => DataFolder.Open(Files, "--blobs"));
            Assert.Contains("--blobs", e.Message, StringComparison.Ordinal);
        }

        DataFolder.Open(Files).Dispose();
        DataFolder.Open(Data).Dispose();
    }

    [Fact]
    public async Task What_was_opened_is_closed_when_a_later_part_cannot_be_used()
    {
        await File.WriteAllTextAsync(Files, "", TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<RunstoneException>(() => OpenAsync(new StorageOptions { Data = Data, Blobs = Place(Files) }));
        Assert.Contains(Files, e.Message, StringComparison.Ordinal);
        DataFolder.Open(Data).Dispose();
    }

    [Fact]
    public async Task A_job_runs_once_at_a_time_and_again_when_it_ended()
    {
        await using var storage = await OpenAsync(new StorageOptions { Data = Data });
        var token = TestContext.Current.CancellationToken;
        Assert.True(await storage.Jobs.TryRunAsync("a", async inner =>
        {
            Assert.False(await storage.Jobs.TryRunAsync("a", _ => throw new InvalidOperationException(), inner));
            Assert.True(await storage.Jobs.TryRunAsync("b", _ => Task.CompletedTask, inner));
        }, token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => storage.Jobs.TryRunAsync("a", _ => throw new InvalidOperationException(), token));
        Assert.True(await storage.Jobs.TryRunAsync("a", _ => Task.CompletedTask, token));
    }

    private static BlobPlace Place(string text) => BlobPlace.Parse(text, out _)!;

    private static Task<RunstoneStorage> OpenAsync(StorageOptions options) =>
        RunstoneStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
}
