using Runstone.Core.Artifacts;
using Runstone.Storage.Files;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.Files;

public sealed class FileBlobTests : BlobConformance
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runstone-");

    protected override Task<(IBlobStore Blobs, IUploadStore Uploads)> OpenAsync()
    {
        var blobs = new FileBlobStore(BlobFolder);
        return Task.FromResult<(IBlobStore, IUploadStore)>((blobs, new FileUploadStore(UploadFolder, blobs, TimeProvider.System)));
    }

    protected override ValueTask CloseAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override Task AssertNothingLeftAsync()
    {
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(BlobFolder, "incoming")));
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_blob_lies_where_the_format_says()
    {
        var blob = await Blobs.WriteAsync(new MemoryStream("abc"u8.ToArray()), null, Token);

        Assert.True(File.Exists(Path.Combine(BlobFolder, "ba", blob.Sha256)));
        Assert.StartsWith("ba", blob.Sha256, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_interrupted_write_left_is_removed_at_start()
    {
        var left = Path.Combine(BlobFolder, "incoming", "left");
        File.WriteAllText(left, "half");

        _ = new FileBlobStore(BlobFolder);

        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task Uploads_that_rest_for_a_day_are_removed()
    {
        var time = new MovableTime();
        var uploads = new FileUploadStore(UploadFolder, Blobs, time);
        var old = await uploads.BeginAsync(Token);
        await uploads.WritePartAsync(old, 1, new MemoryStream([1]), Token);
        time.Advance(TimeSpan.FromHours(23));
        var young = await uploads.BeginAsync(Token);
        Assert.NotNull(await uploads.WritePartAsync(young, 2, new MemoryStream([1]), Token));
        Assert.True(Directory.Exists(Path.Combine(UploadFolder, old)));

        time.Advance(TimeSpan.FromHours(2));
        await uploads.BeginAsync(Token);

        Assert.Null(await uploads.WritePartAsync(old, 2, new MemoryStream([1]), Token));
        Assert.NotNull(await uploads.WritePartAsync(young, 1, new MemoryStream([1]), Token));
    }

    private string BlobFolder => Path.Combine(_folder.FullName, "blobs");

    private string UploadFolder => Path.Combine(_folder.FullName, "uploads");

    private sealed class MovableTime : TimeProvider
    {
        private TimeSpan _passed;

        public void Advance(TimeSpan by) => _passed += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _passed;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(_passed.TotalSeconds * TimestampFrequency);
    }
}
