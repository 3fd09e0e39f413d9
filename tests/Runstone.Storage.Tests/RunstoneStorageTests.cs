using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Storage.Files;
using Runstone.Storage.Tests.Postgres;
using Runstone.Storage.Tests.S3;

namespace Runstone.Storage.Tests;

public sealed class RunstoneStorageTests : IDisposable
{
    private const long Now = 1_764_000_000_000;

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
    public async Task A_database_goes_with_a_folder_of_files()
    {
        await using var database = await PostgresServer.CreateAsync();
        var options = new StorageOptions { Data = Data, Database = DatabaseAddress.Parse(database.ConnectionString, out _), Blobs = Place(Files) };
        await AssertKeepsAsync(options, "postgresql");
        Assert.True(Directory.Exists(Path.Combine(Files, "blobs")));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_data_folder_goes_with_a_bucket()
    {
        await using var bucket = S3TestPlace.Open();
        var options = new StorageOptions
        {
            Data = Data,
            Blobs = Place($"s3://{bucket.Bucket}/{bucket.Prefix}"),
            BlobsEndpoint = bucket.Endpoint,
            BlobsRegion = "us-east-1",
        };
        await AssertKeepsAsync(options, "sqlite");
        Assert.Single(await bucket.KeysAsync("blobs/"));
        Assert.True(File.Exists(Path.Combine(Data, "runstone.db")));
        Assert.False(Directory.Exists(Path.Combine(Data, "blobs")));
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

    /// <summary>A run with a file, written, and read from the same store opened again.</summary>
    private static async Task AssertKeepsAsync(StorageOptions options, string engine)
    {
        var token = TestContext.Current.CancellationToken;
        byte[] content = [1, 2, 3];
        await using (var storage = await OpenAsync(options))
        {
            Assert.Equal(engine, storage.Engine);
            var experiment = await storage.Experiments.CreateAsync(new NewExperiment("mixed"), Now, token);
            var blob = await storage.Blobs.WriteAsync(new MemoryStream(content), null, token);
            var batch = new IngestBatch("run-1")
            {
                Create = new NewRun(experiment.Id) { Name = "kept", StartTime = Now },
                Params = [new("lr", "0.5")],
                Artifacts = [new("a/b.bin", blob)],
            };
            var outcomes = new IngestOutcome[1];
            await storage.Ingest.CommitAsync([batch], outcomes, Now, token);
            Assert.Null(outcomes[0].Error);
        }

        await using (var storage = await OpenAsync(options))
        {
            Assert.Equal("kept", (await storage.Runs.GetAsync("run-1", token))!.Name);
            var file = (await storage.Artifacts.GetAsync("run-1", "a/b.bin", token))!;
            await using var stream = (await storage.Blobs.OpenReadAsync(file.Blob.Sha256, 0, null, token))!;
            var read = new byte[content.Length];
            await stream.ReadExactlyAsync(read, token);
            Assert.Equal(content, read);
        }
    }

    private static BlobPlace Place(string text) => BlobPlace.Parse(text, out _)!;

    private static Task<RunstoneStorage> OpenAsync(StorageOptions options) =>
        RunstoneStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
}
