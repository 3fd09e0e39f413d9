using System.Security.Cryptography;
using Amazon.S3.Model;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Storage.S3;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.S3;

public sealed class S3BlobTests : BlobConformance
{
    private const int Part = S3BlobOptions.MinPartSize;

    private S3TestPlace _place = null!;
    private S3Storage _storage = null!;

    protected override Task<(IBlobStore Blobs, IUploadStore Uploads)> OpenAsync()
    {
        _place = S3TestPlace.Open();
        _storage = new S3Storage(_place.Options, TimeProvider.System);
        return Task.FromResult<(IBlobStore, IUploadStore)>((_storage.Blobs, _storage.Uploads));
    }

    protected override async ValueTask CloseAsync()
    {
        _storage?.Dispose();
        if (_place is not null)
            await _place.DisposeAsync();
    }

    protected override Task AssertNothingLeftAsync() => _place.AssertNothingUnfinishedAsync();

    [Theory]
    [InlineData(Part - 1)]
    [InlineData(Part)]
    [InlineData(Part + 1)]
    [InlineData(2 * Part)]
    [InlineData((3 * Part) + 17)]
    public async Task Content_of_any_number_of_parts_lies_under_its_hash_and_nowhere_else(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);

        var blob = await Blobs.WriteAsync(new SlowPieces(content), null, Token);
        await using var read = (await Blobs.OpenReadAsync(blob.Sha256, 0, null, Token))!;

        Assert.Equal(new BlobRef(Convert.ToHexStringLower(SHA256.HashData(content)), length), blob);
        Assert.Equal(blob.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Token)));
        Assert.Equal($"blobs/{blob.Sha256[..2]}/{blob.Sha256}", Assert.Single(await _place.KeysAsync()));
        await AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData((2 * Part) + 5)]
    public async Task Content_that_is_not_what_was_announced_is_refused_and_leaves_nothing(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var actual = new BlobRef(Convert.ToHexStringLower(SHA256.HashData(content)), length);
        BlobRef[] wrong = [actual with { Size = length + 1 }, actual with { Sha256 = new string('0', 64) }, actual with { Sha256 = "../../x" }];

        foreach (var expected in wrong)
        {
            var refused = await Assert.ThrowsAsync<RunstoneException>(() => Blobs.WriteAsync(new MemoryStream(content), expected, Token));
            Assert.Equal((ErrorCode.Invalid, "sha256"), (refused.Error.Code, refused.Error.Field));
        }

        Assert.Empty(await _place.KeysAsync());
        await AssertNothingLeftAsync();
        Assert.Equal(actual, await Blobs.WriteAsync(new MemoryStream(content), actual, Token));
        Assert.Single(await _place.KeysAsync());
    }

    [Fact]
    public async Task A_large_write_that_fails_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        var content = new byte[4 * Part];

        await Assert.ThrowsAsync<IOException>(() => Blobs.WriteAsync(new SlowPieces(content, at: 3 * Part, () => throw new IOException("gone")), null, Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Blobs.WriteAsync(new SlowPieces(content, at: 3 * Part, source.Cancel), null, source.Token));

        Assert.Empty(await _place.KeysAsync());
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Copies_of_several_parts_are_whole()
    {
        using var storage = new S3Storage(_place.Options with { CopyPartSize = Part }, TimeProvider.System);
        var content = RandomNumberGenerator.GetBytes((4 * Part) + 3);

        var blob = await storage.Blobs.WriteAsync(new MemoryStream(content), null, Token);
        await using var read = (await Blobs.OpenReadAsync(blob.Sha256, 0, null, Token))!;

        Assert.Equal(blob.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Token)));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Writing_again_renews_the_time()
    {
        var first = await Blobs.WriteAsync(new MemoryStream("again"u8.ToArray()), null, Token);
        var before = await SingleAsync();
        StoredBlob after;

        // Stores count time in milliseconds or in seconds.
        do
        {
            await Blobs.WriteAsync(new MemoryStream("again"u8.ToArray()), null, Token);
            after = await SingleAsync();
        }
        while (after.WrittenAt == before.WrittenAt);

        Assert.Equal((first.Sha256, first.Size), (after.Sha256, after.Size));
        Assert.True(after.WrittenAt > before.WrittenAt);
    }

    [Fact]
    public async Task The_list_is_ordered_and_has_more_than_a_page()
    {
        const int Count = 1203;
        var written = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, token) =>
            written.Add((await Blobs.WriteAsync(new MemoryStream(BitConverter.GetBytes(i)), null, token)).Sha256));
        await _place.Client.PutObjectAsync(new PutObjectRequest { BucketName = _place.Bucket, Key = $"{_place.Prefix}/blobs/zz/not-ours", ContentBody = "x", UseChunkEncoding = false }, Token);

        var listed = await ListAsync(Blobs);

        Assert.Equal(written.Order(StringComparer.Ordinal), listed.Select(b => b.Sha256), StringComparer.Ordinal);
        Assert.All(listed, b => Assert.Equal(4, b.Size));
    }

    [Fact]
    public async Task Prefixes_of_a_bucket_do_not_see_each_other()
    {
        using var inner = new S3Storage(_place.Options with { Prefix = $"{_place.Prefix}/inner" }, TimeProvider.System);
        var blob = await inner.Blobs.WriteAsync(new MemoryStream("inner"u8.ToArray()), null, Token);
        var upload = await inner.Uploads.BeginAsync(Token);

        Assert.Null(await Blobs.OpenReadAsync(blob.Sha256, 0, null, Token));
        Assert.False(await Blobs.DeleteAsync(blob.Sha256, Token));
        Assert.Empty(await ListAsync(Blobs));
        Assert.False(await Uploads.AbortAsync(upload, Token));
        Assert.Equal(0, await Uploads.RemoveAbandonedAsync(long.MaxValue, Token));
        Assert.True(await inner.Uploads.AbortAsync(upload, Token));
        Assert.Single(await ListAsync(inner.Blobs));
    }

    [Fact]
    public async Task Parts_larger_than_a_request_are_joined()
    {
        var (large, small) = (RandomNumberGenerator.GetBytes((2 * Part) + 9), RandomNumberGenerator.GetBytes(100));
        var id = await Uploads.BeginAsync(Token);
        var first = await Uploads.WritePartAsync(id, 1, new SlowPieces(large), Token);
        await Uploads.WritePartAsync(id, 2, new MemoryStream(small), Token);

        // Another node completes it.
        using var other = new S3Storage(_place.Options, TimeProvider.System);
        var blob = await other.Uploads.CompleteAsync(id, [new(1, first), new(2, null)], Token);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. large, .. small])), blob!.Sha256);
        Assert.Empty(await _place.KeysAsync("uploads/"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task What_was_abandoned_is_removed_and_what_is_in_use_is_not()
    {
        var old = await Uploads.BeginAsync(Token);
        await Uploads.WritePartAsync(old, 1, new MemoryStream([1]), Token);
        var direct = await _storage.Direct.BeginAsync(Token);
        await _place.Client.PutObjectAsync(new PutObjectRequest { BucketName = _place.Bucket, Key = $"{_place.Prefix}/incoming/left", ContentBody = "x", UseChunkEncoding = false }, Token);
        await _place.Client.InitiateMultipartUploadAsync(_place.Bucket, $"{_place.Prefix}/incoming/half", Token);
        var blob = await Blobs.WriteAsync(new MemoryStream([2]), null, Token);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal(0, await Uploads.RemoveAbandonedAsync(now - 3_600_000, Token));
        Assert.NotNull(await Uploads.WritePartAsync(old, 2, new MemoryStream([1]), Token));
        Assert.Equal(2, await Uploads.RemoveAbandonedAsync(now + 3_600_000, Token));

        Assert.Null(await Uploads.WritePartAsync(old, 3, new MemoryStream([1]), Token));
        Assert.False(await _storage.Direct.AbortAsync(direct, Token));
        Assert.Equal($"blobs/{blob.Sha256[..2]}/{blob.Sha256}", Assert.Single(await _place.KeysAsync()));
        await AssertNothingLeftAsync();
    }

    private async Task<StoredBlob> SingleAsync() => Assert.Single(await ListAsync(Blobs));

    private static async Task<List<StoredBlob>> ListAsync(IBlobStore blobs)
    {
        var listed = new List<StoredBlob>();
        await foreach (var blob in blobs.ListAsync(Token))
            listed.Add(blob);
        return listed;
    }
}
