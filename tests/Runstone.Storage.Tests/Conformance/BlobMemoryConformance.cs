using System.Security.Cryptography;
using Runstone.Core.Artifacts;
using Runstone.Storage.Tests.S3;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What is allocated is counted for the whole process, so nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

/// <summary>What every blob engine promises as <see cref="IBlobStore"/>: content passes through and is never held as a whole.</summary>
[Collection(MeasuredAlone.Name)]
public abstract class BlobMemoryConformance : IAsyncLifetime
{
    private IBlobStore _blobs = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens an empty store.</summary>
    protected abstract IBlobStore Open();

    protected abstract ValueTask CloseAsync();

    public ValueTask InitializeAsync()
    {
        _blobs = Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Large_content_streams() => Assert.InRange(await AllocatedAsync(64L << 20), 0, 32L << 20);

    /// <summary>Bytes allocated while content of this length is written and read back, by an engine that has done so before.</summary>
    protected async Task<long> AllocatedAsync(long length)
    {
        await PassAsync(16L << 20); // the buffers of two parts are pooled from here on
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PassAsync(length);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private async Task PassAsync(long length)
    {
        var blob = await _blobs.WriteAsync(new Zeros(length), null, Token);
        await using var read = (await _blobs.OpenReadAsync(blob.Sha256, 0, null, Token))!;
        var hash = await SHA256.HashDataAsync(read, Token);
        Assert.Equal((length, blob.Sha256), (blob.Size, Convert.ToHexStringLower(hash)));
    }
}
