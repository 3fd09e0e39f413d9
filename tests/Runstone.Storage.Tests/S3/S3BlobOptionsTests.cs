using Runstone.Core.Errors;
using Runstone.Storage.S3;

namespace Runstone.Storage.Tests.S3;

public sealed class S3BlobOptionsTests
{
    [Theory]
    [InlineData("ftp://x", null, null, "blobs-endpoint")]
    [InlineData("http://u:secret@x", null, null, "blobs-endpoint")]
    [InlineData("http://x/path", null, null, "blobs-endpoint")]
    [InlineData("http://x", "eu central", null, "blobs-region")]
    [InlineData("http://127.0.0.1:9000", null, false, "blobs-style")]
    public void An_option_that_is_not_allowed_is_named(string endpoint, string? region, bool? pathStyle, string field)
    {
        var options = new S3BlobOptions { Bucket = "runs", Endpoint = new Uri(endpoint), Region = region, PathStyle = pathStyle };

        var error = Assert.Throws<RunstoneException>(() => new S3Storage(options, TimeProvider.System)).Error;

        Assert.Equal((ErrorCode.Invalid, field), (error.Code, error.Field));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
