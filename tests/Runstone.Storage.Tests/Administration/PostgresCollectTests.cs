using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Storage.Administration;

namespace Runstone.Storage.Tests.Administration;

/// <summary>The collection of unused content of a database and a bucket, beside the nodes that use them.</summary>
public sealed class PostgresCollectTests : IAsyncLifetime
{
    private readonly StoreAdministration _administration = new(TimeProvider.System, NullLoggerFactory.Instance);
    private SampleStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await SampleStore.OpenPostgresAsync();
        await _store.FillAsync(1, 20);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Unused_content_is_counted_first_and_removed_on_demand()
    {
        await _store.PutAsync("nobody links this");
        var before = await _store.Bucket!.KeysAsync();

        var dry = await CollectAsync(TimeSpan.Zero, delete: false);
        Assert.Equal((5, 1, 17), (dry.Blobs, dry.Unused, dry.UnusedBytes));
        Assert.Equal(before, await _store.Bucket.KeysAsync());
        var young = await CollectAsync(TimeSpan.FromHours(24), delete: true);
        Assert.Equal((0, 1), (young.Unused, young.Young));
        Assert.Equal(before, await _store.Bucket.KeysAsync());

        Assert.Equal(1, (await CollectAsync(TimeSpan.Zero, delete: true)).Unused);
        Assert.Equal(4, (await _store.Bucket.KeysAsync()).Count);
        Assert.Equal(0, (await CollectAsync(TimeSpan.Zero, delete: true)).Unused);
        Assert.Empty((await _administration.CheckAsync(_store.Options, fast: false, null, Token)).Findings);
    }

    [Fact]
    public async Task Nothing_that_a_node_links_meanwhile_is_removed()
    {
        using var stop = new CancellationTokenSource();
        await using var node = await RunstoneStorage.OpenAsync(_store.Options, TimeProvider.System, NullLoggerFactory.Instance, Token);
        await using var ingest = new IngestService(node.Ingest, new ChangeFeed(), TimeProvider.System, new IngestOptions(), NullLogger<IngestService>.Instance);
        var links = new BlobLinks(node.Blobs, node.BlobReferences, ingest, TimeProvider.System);
        var writer = Task.Run(
            async () =>
            {
                var linked = 0;
                // The same few contents come and go, so that what is linked was unused a moment ago.
                for (var i = 0; !stop.IsCancellationRequested; i++)
                    linked += await LinkAsync(node, links, i) ? 1 : 0;
                return linked;
            },
            Token);
        long removed = 0;
        for (var i = 0; i < 12; i++)
            removed += (await CollectAsync(TimeSpan.Zero, delete: true)).Unused;
        await stop.CancelAsync();

        Assert.True(await writer > 0);
        Assert.True(removed > 0);
        var report = await _administration.CheckAsync(_store.Options, fast: false, null, Token);
        Assert.DoesNotContain(report.Findings, f => f.Where is "blob");
    }

    /// <summary>False when the content was condemned between its writing and its link.</summary>
    private static async Task<bool> LinkAsync(RunstoneStorage node, BlobLinks links, int i)
    {
        try
        {
            var content = System.Text.Encoding.UTF8.GetBytes($"content {i % 5} of a node");
            var file = await node.Blobs.WriteAsync(new MemoryStream(content), expected: null, Token);
            await links.WriteAsync(new IngestBatch(SampleStore.Id(1, 0)) { Artifacts = [new("moving", file)] }, Token);
            return true;
        }
        catch (RunstoneException e) when (e.Error is BlobCondemned)
        {
            return false;
        }
    }

    private Task<BlobCollectionReport> CollectAsync(TimeSpan grace, bool delete) => _administration.CollectAsync(_store.Options, grace, delete, null, Token);
}
