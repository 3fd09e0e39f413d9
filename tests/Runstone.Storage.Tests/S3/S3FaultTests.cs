using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amazon.Runtime;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Storage.S3;

namespace Runstone.Storage.Tests.S3;

/// <summary>Stores that are away, refuse, or break off in the middle.</summary>
public sealed class S3FaultTests : IAsyncLifetime
{
    private const long Never = long.MaxValue;
    private const int Part = S3BlobOptions.MinPartSize;

    private S3TestPlace _place = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private S3BlobOptions Impatient => _place.Options with { Retries = 1 };

    public ValueTask InitializeAsync()
    {
        _place = S3TestPlace.Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_place is not null)
            await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_is_away_is_named_by_every_call()
    {
        using var storage = new S3Storage(Impatient with { Endpoint = FreePort(), Retries = 0 }, TimeProvider.System);
        Func<Task>[] calls =
        [
            () => storage.CheckAsync(Token),
            () => storage.Blobs.WriteAsync(new MemoryStream([1]), null, Token),
            () => storage.Blobs.WriteAsync(new Zeros(3 * Part), null, Token),
            () => storage.Blobs.OpenReadAsync(new string('0', 64), 0, null, Token),
            () => storage.Blobs.DeleteAsync(new string('0', 64), Token),
            () => storage.Uploads.BeginAsync(Token),
            () => storage.Uploads.RemoveAbandonedAsync(0, Token),
            () => storage.Direct.BeginAsync(Token),
        ];

        foreach (var call in calls)
        {
            var error = (await Assert.ThrowsAsync<RunstoneException>(call)).Error;
            Assert.Equal(ErrorCode.Unavailable, error.Code);
            Assert.Matches(@"^Cannot [a-z ]+: the object store at http://127\.0\.0\.1:\d+ cannot be reached \(connection refused\)\. Check that it runs", error.Message);
        }
    }

    [Fact]
    public async Task A_store_that_takes_too_long_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = _place.Options with { Endpoint = new Uri($"http://{silent.LocalEndpoint}"), Retries = 0, AttemptTimeout = TimeSpan.FromMilliseconds(200) };
        using var storage = new S3Storage(options, TimeProvider.System);

        var error = (await Assert.ThrowsAsync<RunstoneException>(() => storage.CheckAsync(Token))).Error;

        Assert.Equal(ErrorCode.Unavailable, error.Code);
        Assert.Contains("did not answer in time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_no_object_store_is_named()
    {
        using var web = new HttpListener();
        var address = FreePort().GetLeftPart(UriPartial.Authority);
        web.Prefixes.Add(address + "/");
        web.Start();
        var answering = AnswerNotFoundAsync(web);
        using (var storage = new S3Storage(_place.Options with { Endpoint = new Uri(address), Retries = 0 }, TimeProvider.System))
        {
            var error = (await Assert.ThrowsAsync<RunstoneException>(() => storage.CheckAsync(Token))).Error;
            Assert.Equal(ErrorCode.Unavailable, error.Code);
            Assert.Equal($"Cannot list the bucket: {address} answered 404, which is not an answer of an object store. Check that blobs-endpoint is an S3-compatible store.", error.Message);
        }

        web.Stop();
        await answering;
    }

    [Theory]
    [InlineData("s3:ListBucket", "list the bucket")]
    [InlineData("s3:PutObject", "write an object")]
    [InlineData("s3:GetObject", "read an object")]
    [InlineData("s3:DeleteObject", "remove an object")]
    public async Task A_permission_that_is_missing_is_told_with_the_place_and_what_was_tried(string permission, string tried)
    {
        var bucket = $"denied-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var s3 = _place.Client;
        await s3.PutBucketAsync(bucket, Token);
        using var storage = new S3Storage(_place.Options with { Bucket = bucket, Prefix = "runs" }, TimeProvider.System);
        var blob = await storage.Blobs.WriteAsync(new MemoryStream([1]), null, Token);
        try
        {
            await s3.PutBucketPolicyAsync(bucket, Deny(bucket, permission), Token);
            var error = (await Assert.ThrowsAsync<RunstoneException>(() => UseAsync(storage, blob.Sha256))).Error;

            Assert.Equal(ErrorCode.Unavailable, error.Code);
            Assert.Equal(
                $"Cannot {tried}: the object store at {_place.Endpoint.GetLeftPart(UriPartial.Authority)} does not allow it in s3://{bucket}/runs. "
                + "Check the credentials, and the permissions that docs/formats/blobs-in-s3.md lists.",
                error.Message);
        }
        finally
        {
            await s3.DeleteBucketPolicyAsync(bucket, Token);
            await foreach (var left in storage.Blobs.ListAsync(Token))
                await storage.Blobs.DeleteAsync(left.Sha256, Token);
            await s3.DeleteBucketAsync(bucket, Token);
        }
    }

    [Fact]
    public async Task Wrong_credentials_and_missing_buckets_are_told_without_secrets()
    {
        var known = Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID")!;
        using var unknown = new S3Storage(_place.Options, new BasicAWSCredentials("AKNOBODY", "hidden-secret"), TimeProvider.System);
        using var wrong = new S3Storage(_place.Options, new BasicAWSCredentials(known, "hidden-secret"), TimeProvider.System);
        using var nowhere = new S3Storage(_place.Options with { Bucket = "no-such-bucket-here" }, TimeProvider.System);

        var messages = new List<string>();
        foreach (var storage in (S3Storage[])[unknown, wrong, nowhere])
        {
            foreach (var call in (Func<Task>[])[() => storage.CheckAsync(Token), () => storage.Blobs.WriteAsync(new MemoryStream([1]), null, Token)])
            {
                var error = (await Assert.ThrowsAsync<RunstoneException>(call)).Error;
                Assert.Equal(ErrorCode.Unavailable, error.Code);
                Assert.DoesNotContain("hidden-secret", error.Message, StringComparison.Ordinal);
                Assert.Contains(_place.Endpoint.Authority, error.Message, StringComparison.Ordinal);
                messages.Add(error.Message);
            }
        }

        Assert.All(messages[..4], m => Assert.Contains("credentials", m, StringComparison.OrdinalIgnoreCase));
        Assert.All(messages[4..], m => Assert.Contains("the bucket 'no-such-bucket-here' does not exist", m, StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_credentials_name_the_places_that_were_looked_in()
    {
        var message = S3Credentials.Missing("http://store");

        foreach (var place in (string[])["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "profile '", "credentials", "container", "machine"])
            Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY")!, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_breaks_off_goes_on_where_it_was()
    {
        using var writer = new S3Storage(_place.Options, TimeProvider.System);
        var content = RandomNumberGenerator.GetBytes((2 * Part) + 12_345);
        var blob = await writer.Blobs.WriteAsync(new MemoryStream(content), null, Token);
        await using var proxy = new CuttingProxy(_place.Endpoint, n => (Never, n < 5 ? 2_000_000 + n : Never));
        using var storage = new S3Storage(Impatient with { Endpoint = proxy.Address }, TimeProvider.System);

        await using var whole = (await storage.Blobs.OpenReadAsync(blob.Sha256, 0, null, Token))!;
        Assert.Equal(blob.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(whole, Token)));
        Assert.True(proxy.Cuts >= 4);
        await using var range = (await storage.Blobs.OpenReadAsync(blob.Sha256, 100_000, 7_000_000, Token))!;
        Assert.Equal(SHA256.HashData(content.AsSpan(100_000, 7_000_000)), await SHA256.HashDataAsync(range, Token));
    }

    [Fact]
    public async Task A_read_that_cannot_go_on_fails_and_is_never_short()
    {
        using var writer = new S3Storage(_place.Options, TimeProvider.System);
        var blob = await writer.Blobs.WriteAsync(new Zeros(3_000_000), null, Token);
        await using var proxy = new CuttingProxy(_place.Endpoint, n => (Never, n == 0 ? 1_000_000 : 0));
        using var storage = new S3Storage(_place.Options with { Endpoint = proxy.Address, Retries = 0 }, TimeProvider.System);

        await using var stream = (await storage.Blobs.OpenReadAsync(blob.Sha256, 0, null, Token))!;
        var error = (await Assert.ThrowsAsync<RunstoneException>(() => stream.CopyToAsync(Stream.Null, Token))).Error;

        Assert.Equal(ErrorCode.Unavailable, error.Code);
        Assert.Contains(proxy.Address.Authority, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_of_what_is_removed_meanwhile_fails()
    {
        using var writer = new S3Storage(_place.Options, TimeProvider.System);
        var blob = await writer.Blobs.WriteAsync(new Zeros(3_000_000), null, Token);
        await using var proxy = new CuttingProxy(_place.Endpoint, n => (Never, n == 0 ? 1_000_000 : Never));
        using var storage = new S3Storage(Impatient with { Endpoint = proxy.Address }, TimeProvider.System);

        await using var stream = (await storage.Blobs.OpenReadAsync(blob.Sha256, 0, null, Token))!;
        await writer.Blobs.DeleteAsync(blob.Sha256, Token);
        var error = (await Assert.ThrowsAsync<RunstoneException>(() => stream.CopyToAsync(Stream.Null, Token))).Error;

        Assert.Contains("it was removed meanwhile", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData((3 * Part) + 77)]
    public async Task A_write_that_breaks_off_is_sent_again(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        await using var proxy = new CuttingProxy(_place.Endpoint, n => (n < 2 ? 500_000 : Never, Never));
        using var storage = new S3Storage(_place.Options with { Endpoint = proxy.Address }, TimeProvider.System);

        var blob = await storage.Blobs.WriteAsync(new SlowPieces(content), null, Token);

        Assert.Equal(new BlobRef(Convert.ToHexStringLower(SHA256.HashData(content)), length), blob);
        Assert.True(proxy.Cuts >= 1);
        await _place.AssertNothingUnfinishedAsync();
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(3 * Part)]
    public async Task A_write_that_cannot_be_sent_fails_and_leaves_nothing(int length)
    {
        await using var proxy = new CuttingProxy(_place.Endpoint, _ => (500_000, Never));
        using var storage = new S3Storage(Impatient with { Endpoint = proxy.Address }, TimeProvider.System);

        var error = (await Assert.ThrowsAsync<RunstoneException>(() => storage.Blobs.WriteAsync(new Zeros(length), null, Token))).Error;

        Assert.Equal(ErrorCode.Unavailable, error.Code);
        Assert.Contains(proxy.Address.Authority, error.Message, StringComparison.Ordinal);
        Assert.Empty(await _place.KeysAsync());
        await _place.AssertNothingUnfinishedAsync();
    }

    [Fact]
    public async Task What_was_damaged_on_the_way_is_refused_by_the_store()
    {
        var request = new Amazon.S3.Model.PutObjectRequest
        {
            BucketName = _place.Bucket,
            Key = $"{_place.Prefix}/blobs/damaged",
            InputStream = new Changing(new byte[1000]),
            UseChunkEncoding = false,
        };

        await Assert.ThrowsAnyAsync<AmazonServiceException>(() => _place.Client.PutObjectAsync(request, Token));
        Assert.Empty(await _place.KeysAsync());
    }

    private static async Task AnswerNotFoundAsync(HttpListener web)
    {
        try
        {
            while (true)
            {
                var request = await web.GetContextAsync();
                request.Response.StatusCode = (int)HttpStatusCode.NotFound;
                request.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private static async Task UseAsync(S3Storage storage, string sha256)
    {
        await storage.CheckAsync(Token);
        await storage.Blobs.WriteAsync(new MemoryStream([2]), null, Token);
        await using (var content = await storage.Blobs.OpenReadAsync(sha256, 0, null, Token))
            await content!.CopyToAsync(Stream.Null, Token);
        await storage.Blobs.DeleteAsync(sha256, Token);
    }

    private static string Deny(string bucket, string permission) => $$"""
        {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": {"AWS": ["*"]}, "Action": ["{{permission}}"],
         "Resource": ["arn:aws:s3:::{{bucket}}", "arn:aws:s3:::{{bucket}}/*"]}]}
        """;

    private static Uri FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    /// <summary>Sends other bytes than those that were signed: after it was read once for the signature it has changed.</summary>
    private sealed class Changing(byte[] content) : MemoryStream(content)
    {
        private readonly byte[] _content = content;

        public override int Read(byte[] buffer, int offset, int count) => Damaged(base.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Damaged(await base.ReadAsync(buffer, cancellationToken));

        private int Damaged(int read)
        {
            if (read == 0)
                _content[500]++;
            return read;
        }
    }
}
