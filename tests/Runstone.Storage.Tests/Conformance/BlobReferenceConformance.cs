using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Storage.Files;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IBlobReferenceStore"/>, also while blobs are collected.</summary>
public abstract class BlobReferenceConformance : StoreConformance
{
    private static readonly BlobRef A = new(new string('a', 64), 1);
    private static readonly BlobRef B = new(new string('b', 64), 2);
    private static readonly string C = new('c', 64);

    private IBlobReferenceStore References => Store.BlobReferences;

    [Fact]
    public async Task Blobs_in_use_are_listed_once_by_hash()
    {
        await WriteAsync(Create("r1") with { Artifacts = [new("x", B), new("y", A), new("z", B)] });
        await WriteAsync(Create("r2") with { Artifacts = [new("x", B)] });
        Assert.Equal([A, B], await References.ListAsync(Token).ToListAsync(Token));

        await WriteAsync(new IngestBatch("r1") { RemoveArtifacts = ["y"] });
        Assert.Equal([B], await References.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Only_what_is_unused_is_condemned()
    {
        await WriteAsync(Create("r1") with { Artifacts = [new("x", B)] });

        Assert.Equal<string>([A.Sha256, C], (await References.CondemnAsync([A.Sha256, B.Sha256, C], 5, Token)).Order(StringComparer.Ordinal), StringComparer.Ordinal);

        CondemnedBlob[] marks = [new(A.Sha256, 5, null), new(C, 5, null)];
        Assert.Equal(marks, await References.ListCondemnedAsync("", Token));
        Assert.Equal(marks[1..], await References.ListCondemnedAsync(A.Sha256, Token));
        Assert.Equal(marks[1], await References.FindCondemnedAsync(C, Token));
        Assert.Null(await References.FindCondemnedAsync(B.Sha256, Token));
        Assert.Empty(await References.CondemnAsync([], 5, Token));
    }

    [Fact]
    public async Task What_is_condemned_cannot_be_linked_until_it_is_released()
    {
        await WriteAsync(Create("r1") with { Artifacts = [new("x", B)] });
        await References.CondemnAsync([A.Sha256], 5, Token);

        var error = await RefusedAsync<BlobCondemned>(new IngestBatch("r1") { Artifacts = [new("x", A)] });
        Assert.Equal(A.Sha256, error.Sha256);
        Assert.Equal(B, (await Store.Artifacts.GetAsync("r1", "x", Token))!.Blob);
        await References.MarkRemovedAsync([A.Sha256, C], 6, Token);
        await RefusedAsync<BlobCondemned>(new IngestBatch("r1") { Artifacts = [new("x", A)] });

        await References.ReleaseAsync([new(A.Sha256, 5, 6), new(C, 1, null)], Token);
        await WriteAsync(new IngestBatch("r1") { Artifacts = [new("x", A)] });
        Assert.Empty(await References.ListCondemnedAsync("", Token));
    }

    [Fact]
    public async Task Only_the_mark_that_was_seen_is_lifted()
    {
        await References.CondemnAsync([A.Sha256], 5, Token);
        await References.ReleaseAsync([new(A.Sha256, 4, null), new(A.Sha256, 5, 5)], Token);
        Assert.Equal(new CondemnedBlob(A.Sha256, 5, null), await References.FindCondemnedAsync(A.Sha256, Token));

        await References.MarkRemovedAsync([A.Sha256], 7, Token);
        await References.CondemnAsync([A.Sha256], 5, Token);
        Assert.Equal(new CondemnedBlob(A.Sha256, 6, null), await References.FindCondemnedAsync(A.Sha256, Token));
        await References.ReleaseAsync([new(A.Sha256, 5, 7)], Token);
        Assert.NotNull(await References.FindCondemnedAsync(A.Sha256, Token));
    }

    [Fact]
    public async Task A_collection_removes_what_is_old_and_unused_and_finishes_what_another_began()
    {
        using var folder = new BlobFolder();
        var blobs = new FileBlobStore(folder.Path);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(5));
        var collection = new BlobCollection(blobs, References, time);
        var (used, unused, left) = (await PutAsync(blobs, 1), await PutAsync(blobs, 2), await PutAsync(blobs, 3));
        await WriteAsync(Create("r1") with { Artifacts = [new("x", used)] });

        var young = await collection.RunAsync(TimeSpan.FromHours(6), delete: true, progress: null, Token);
        Assert.Equal(new BlobCollectionReport { Blobs = 3, Bytes = 3, Young = 2 }, young);
        var wouldGo = await collection.RunAsync(TimeSpan.FromHours(4), delete: false, progress: null, Token);
        Assert.Equal(new BlobCollectionReport { Blobs = 3, Bytes = 3, Unused = 2, UnusedBytes = 2 }, wouldGo);
        Assert.Empty(await References.ListCondemnedAsync("", Token));

        await References.CondemnAsync([left.Sha256], 5, Token);
        var gone = await collection.RunAsync(TimeSpan.FromHours(4), delete: true, progress: null, Token);
        Assert.Equal(new BlobCollectionReport { Blobs = 2, Bytes = 2, Unused = 1, UnusedBytes = 1, Finished = 1 }, gone);
        Assert.Equal([used.Sha256], await blobs.ListAsync(Token).Select(b => b.Sha256).ToListAsync(Token));
        var marks = await References.ListCondemnedAsync("", Token);
        Assert.All(marks, m => Assert.NotNull(m.RemovedAt));
        Assert.Equal<HashSet<string>>([left.Sha256, unused.Sha256], [.. marks.Select(m => m.Sha256)]);

        time.Advance(TimeSpan.FromHours(2));
        await collection.RunAsync(TimeSpan.Zero, delete: true, progress: null, Token);
        Assert.Empty(await References.ListCondemnedAsync("", Token));
    }

    [Fact]
    public async Task Writers_of_the_same_contents_and_a_collector_leave_no_file_without_content()
    {
        using var folder = new BlobFolder();
        var blobs = new FileBlobStore(folder.Path);
        await using var ingest = new IngestService(Store.Ingest, new ChangeFeed(), TimeProvider.System, new IngestOptions(), NullLogger<IngestService>.Instance);
        var links = new BlobLinks(blobs, References, ingest, TimeProvider.System);
        var collection = new BlobCollection(blobs, References, TimeProvider.System);
        string[] runs = ["r0", "r1", "r2", "r3"];
        await CommitAsync([.. runs.Select(r => Create(r))]);

        var writers = Task.WhenAll(runs.Select((run, i) => Task.Run(() => WriteManyAsync(run, i, blobs, links, ingest), Token)));
        while (!writers.IsCompleted)
            await collection.RunAsync(TimeSpan.Zero, delete: true, progress: null, Token);
        await writers;

        var used = await References.ListAsync(Token).Select(b => b.Sha256).ToListAsync(Token);
        var present = await blobs.ListAsync(Token).Select(b => b.Sha256).ToListAsync(Token);
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(present, StringComparer.Ordinal));

        await CommitAsync([.. runs.Select(r => new IngestBatch(r) { RemoveArtifacts = ["d"] })]);
        await collection.RunAsync(TimeSpan.Zero, delete: true, progress: null, Token);
        Assert.Empty(await blobs.ListAsync(Token).ToListAsync(Token));
    }

    private static Task<BlobRef> PutAsync(FileBlobStore blobs, byte content) => blobs.WriteAsync(new MemoryStream([content]), expected: null, Token);

    private static async Task WriteManyAsync(string run, int seed, FileBlobStore blobs, BlobLinks links, IngestService ingest)
    {
        var random = new Random(seed);
        for (var i = 0; i < 40; i++)
        {
            var path = $"d/{random.Next(2)}";
            await SendAsync(run, path, (byte)random.Next(3), blobs, links);
            if (random.Next(2) == 0)
                await ingest.WriteAsync(new IngestBatch(run) { RemoveArtifacts = [path] }, Token);
        }

        await SendAsync(run, "d/last", (byte)seed, blobs, links);
    }

    /// <summary>As a client does: what the server asks to send again is sent again.</summary>
    private static async Task SendAsync(string run, string path, byte content, FileBlobStore blobs, BlobLinks links)
    {
        while (true)
        {
            try
            {
                var blob = await blobs.WriteAsync(new MemoryStream([content]), expected: null, Token);
                await links.WriteAsync(new IngestBatch(run) { Artifacts = [new ArtifactFile(path, blob)] }, Token);
                return;
            }
            catch (RunstoneException e) when (e.Error is BlobCondemned)
            {
                // Taken away between the two; the next round sends it again.
            }
        }
    }

    private sealed class BlobFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("runstone-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
