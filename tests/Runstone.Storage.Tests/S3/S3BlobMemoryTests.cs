using Runstone.Core.Artifacts;
using Runstone.Storage.S3;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.S3;

public sealed class S3BlobMemoryTests : BlobMemoryConformance
{
    private S3TestPlace? _place;
    private S3Storage? _storage;

    protected override IBlobStore Open()
    {
        _place = S3TestPlace.Open();
        _storage = new S3Storage(_place.Options, TimeProvider.System);
        return _storage.Blobs;
    }

    protected override async ValueTask CloseAsync()
    {
        _storage?.Dispose();
        if (_place is not null)
            await _place.DisposeAsync();
    }

    [Fact]
    public async Task Two_hundred_megabytes_pass_in_the_memory_of_two_parts() => Assert.InRange(await AllocatedAsync(200L << 20), 0, 100L << 20);
}
