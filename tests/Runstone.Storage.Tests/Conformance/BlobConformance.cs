using System.Security.Cryptography;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every blob engine promises as <see cref="IBlobStore"/> and <see cref="IUploadStore"/>.</summary>
public abstract class BlobConformance : IAsyncLifetime
{
    private static readonly byte[] Hello = "hello, blob"u8.ToArray();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected IBlobStore Blobs { get; private set; } = null!;

    protected IUploadStore Uploads { get; private set; } = null!;

    /// <summary>Opens empty stores.</summary>
    protected abstract Task<(IBlobStore Blobs, IUploadStore Uploads)> OpenAsync();

    protected abstract ValueTask CloseAsync();

    public async ValueTask InitializeAsync() => (Blobs, Uploads) = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Content_is_named_by_its_hash_and_read_back()
    {
        var blob = await Blobs.WriteAsync(new MemoryStream(Hello), null, Token);
        var again = await Blobs.WriteAsync(new MemoryStream(Hello), null, Token);

        Assert.Equal(new BlobRef(Convert.ToHexStringLower(SHA256.HashData(Hello)), Hello.Length), blob);
        Assert.Equal(blob, again);
        Assert.Equal(Hello, await ReadAsync(blob.Sha256, 0, null));
    }

    [Theory]
    [InlineData(0, null, "hello, blob")]
    [InlineData(7, null, "blob")]
    [InlineData(0, 5L, "hello")]
    [InlineData(3, 2L, "lo")]
    [InlineData(7, 100L, "blob")]
    [InlineData(11, null, "")]
    [InlineData(50, 5L, "")]
    [InlineData(0, 0L, "")]
    public async Task A_range_is_read(long offset, long? length, string expected)
    {
        var blob = await Blobs.WriteAsync(new MemoryStream(Hello), null, Token);

        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString((await ReadAsync(blob.Sha256, offset, length))!));
    }

    [Fact]
    public async Task Empty_content_is_content()
    {
        var blob = await Blobs.WriteAsync(new MemoryStream(), null, Token);

        Assert.Equal(0, blob.Size);
        Assert.Empty((await ReadAsync(blob.Sha256, 0, null))!);
    }

    [Theory]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("../../../../../../../../../../../../../../../../../../etc/passwd")]
    [InlineData("")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public async Task What_is_not_there_is_null(string sha256)
    {
        Assert.Null(await Blobs.OpenReadAsync(sha256, 0, null, Token));
        Assert.False(await Blobs.DeleteAsync(sha256, Token));
    }

    [Fact]
    public async Task A_removed_blob_is_gone_and_can_be_written_again()
    {
        var blob = await Blobs.WriteAsync(new MemoryStream(Hello), null, Token);

        Assert.True(await Blobs.DeleteAsync(blob.Sha256, Token));
        Assert.False(await Blobs.DeleteAsync(blob.Sha256, Token));
        Assert.Null(await Blobs.OpenReadAsync(blob.Sha256, 0, null, Token));
        Assert.Equal(blob, await Blobs.WriteAsync(new MemoryStream(Hello), null, Token));
        Assert.Equal(Hello, await ReadAsync(blob.Sha256, 0, null));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing()
    {
        using var broken = new CountedStream(300_000, failAt: 200_000);

        await Assert.ThrowsAsync<IOException>(() => Blobs.WriteAsync(broken, null, Token));
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Blobs.WriteAsync(new CountedStream(300_000), null, source.Token));

        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Writers_of_the_same_content_agree()
    {
        var blobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Blobs.WriteAsync(new CountedStream(500_000), null, Token)));

        Assert.Single(blobs.Distinct());
        Assert.Equal(500_000, (await ReadAsync(blobs[0].Sha256, 0, null))!.Length);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Parts_are_joined_in_the_order_given()
    {
        var id = await Uploads.BeginAsync(Token);
        await Uploads.WritePartAsync(id, 2, new MemoryStream("llo"u8.ToArray()), Token);
        var old = await Uploads.WritePartAsync(id, 1, new MemoryStream("xx"u8.ToArray()), Token);
        var first = await Uploads.WritePartAsync(id, 1, new MemoryStream("he"u8.ToArray()), Token);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("he"u8)), first);
        await InvalidAsync(() => Uploads.CompleteAsync(id, [new(1, old), new(2, null)], Token));
        await InvalidAsync(() => Uploads.CompleteAsync(id, [new(1, first), new(3, null)], Token));
        var blob = await Uploads.CompleteAsync(id, [new(1, first), new(2, null)], Token);

        Assert.Equal("hello"u8.ToArray(), await ReadAsync(blob!.Sha256, 0, null));
        Assert.Null(await Uploads.CompleteAsync(id, [new(1, first)], Token));
        Assert.Null(await Uploads.WritePartAsync(id, 1, new MemoryStream(Hello), Token));
    }

    [Fact]
    public async Task An_aborted_upload_is_unknown()
    {
        var id = await Uploads.BeginAsync(Token);
        await Uploads.WritePartAsync(id, 1, new MemoryStream(Hello), Token);

        Assert.True(await Uploads.AbortAsync(id, Token));
        Assert.False(await Uploads.AbortAsync(id, Token));
        Assert.Null(await Uploads.CompleteAsync(id, [new(1, null)], Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("incoming")]
    [InlineData("00000000000000000000000000000000")]
    public async Task An_upload_that_nobody_began_is_unknown(string id)
    {
        Assert.Null(await Uploads.WritePartAsync(id, 1, new MemoryStream(Hello), Token));
        Assert.Null(await Uploads.CompleteAsync(id, [], Token));
        Assert.False(await Uploads.AbortAsync(id, Token));
    }

    [Fact]
    public async Task Part_numbers_begin_with_one()
    {
        var id = await Uploads.BeginAsync(Token);

        await InvalidAsync(() => Uploads.WritePartAsync(id, 0, new MemoryStream(Hello), Token));
    }

    /// <summary>No unfinished content is left behind.</summary>
    protected abstract Task AssertNothingLeftAsync();

    private static async Task InvalidAsync(Func<Task> action) =>
        Assert.Equal(ErrorCode.Invalid, (await Assert.ThrowsAsync<RunstoneException>(action)).Error.Code);

    private async Task<byte[]?> ReadAsync(string sha256, long offset, long? length)
    {
        await using var stream = await Blobs.OpenReadAsync(sha256, offset, length, Token);
        if (stream is null)
            return null;
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Token);
        return memory.ToArray();
    }

    /// <summary>Makes its content as it is read, and may break on the way.</summary>
    private sealed class CountedStream(int length, int failAt = int.MaxValue) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => throw new InvalidOperationException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_position >= failAt)
                throw new IOException("The sender went away.");
            count = Math.Min(count, length - _position);
            for (var i = 0; i < count; i++)
                buffer[offset + i] = (byte)((_position + i) * 31);
            _position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new InvalidOperationException();

        public override void Flush() => throw new InvalidOperationException();

        public override void SetLength(long value) => throw new InvalidOperationException();

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException();
    }
}
