using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3.Model;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Storage.S3;

namespace Runstone.Storage.Tests.S3;

/// <summary>Direct transfer as a client sees it: a plain HTTP client and the addresses it was given.</summary>
public sealed class S3DirectTests : IAsyncLifetime
{
    private const int Part = S3BlobOptions.MinPartSize;

    private readonly HttpClient _http = new();
    private S3TestPlace _place = null!;
    private S3Storage _storage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private S3DirectTransfer Direct => _storage.Direct;

    public ValueTask InitializeAsync()
    {
        _place = S3TestPlace.Open();
        _storage = new S3Storage(_place.Options, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _storage?.Dispose();
        if (_place is not null)
            await _place.DisposeAsync();
    }

    [Fact]
    public async Task Parts_sent_past_the_server_become_a_blob_on_another_node()
    {
        var content = RandomNumberGenerator.GetBytes((2 * Part) + 100);
        var id = await Direct.BeginAsync(Token);
        using var other = new S3Storage(_place.Options, TimeProvider.System);
        var parts = await SendAsync(other.Direct, id, content[..Part], content[Part..(2 * Part)], content[(2 * Part)..]);

        var blob = await other.Direct.CompleteAsync(id, parts, Token);

        Assert.Equal(new BlobRef(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length), blob);
        Assert.Equal($"blobs/{blob!.Sha256[..2]}/{blob.Sha256}", Assert.Single(await _place.KeysAsync()));
        Assert.Null(await Direct.CompleteAsync(id, parts, Token));
        Assert.Null(await Direct.SignPartsAsync(id, 1, 1, Token));
        await _place.AssertNothingUnfinishedAsync();
    }

    [Theory]
    [InlineData("model.bin", "attachment; filename=\"model.bin\"")]
    [InlineData("a \"quoted\" ü.txt", "attachment; filename=\"a _quoted_ _.txt\"; filename*=UTF-8''a%20%22quoted%22%20%C3%BC.txt")]
    public async Task A_signed_read_offers_a_file_of_its_name(string name, string disposition)
    {
        var blob = await _storage.Blobs.WriteAsync(new MemoryStream("hello, direct"u8.ToArray()), null, Token);
        var before = TimeProvider.System.GetUtcNow();

        var signed = (await Direct.SignReadAsync(blob.Sha256, name, Token))!;
        using var answer = await _http.GetAsync(signed.Address, Token);
        using var range = new HttpRequestMessage(HttpMethod.Get, signed.Address) { Headers = { Range = new(7, null) } };
        using var part = await _http.SendAsync(range, Token);

        Assert.Equal("GET", signed.Method);
        Assert.Equal("hello, direct", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(disposition, answer.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal((HttpStatusCode.PartialContent, "direct"), (part.StatusCode, await part.Content.ReadAsStringAsync(Token)));
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(signed.ExpiresAt) - before, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(62));
    }

    [Fact]
    public async Task A_signed_address_opens_nothing_else()
    {
        var first = await _storage.Blobs.WriteAsync(new MemoryStream("first"u8.ToArray()), null, Token);
        var second = await _storage.Blobs.WriteAsync(new MemoryStream("second"u8.ToArray()), null, Token);
        var signed = (await Direct.SignReadAsync(first.Sha256, "x", Token))!;
        var text = signed.Address.ToString();

        using var other = await _http.GetAsync(text.Replace(first.Sha256, second.Sha256, StringComparison.Ordinal).Replace($"/{first.Sha256[..2]}/", $"/{second.Sha256[..2]}/", StringComparison.Ordinal), Token);
        using var put = await _http.PutAsync(text, new ByteArrayContent([1]), Token);
        using var delete = await _http.DeleteAsync(text, Token);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (other.StatusCode, put.StatusCode, delete.StatusCode));
        Assert.Null(await Direct.SignReadAsync(new string('0', 64), "x", Token));
        Assert.Null(await Direct.SignReadAsync("../../etc/passwd", "x", Token));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_the_upload_stays()
    {
        var content = RandomNumberGenerator.GetBytes(Part + 200);
        var id = await Direct.BeginAsync(Token);
        var parts = await SendAsync(Direct, id, content[..Part], content[Part..(Part + 100)], content[(Part + 100)..]);
        var (first, second, third) = (parts[0], parts[1], parts[2]);

        await InvalidAsync(id, "is empty");
        await InvalidAsync(id, "has the tag", first with { Tag = "\"0123\"" }, second);
        await InvalidAsync(id, "was not uploaded", first, new UploadPart(7, null));
        await InvalidAsync(id, "is not in its place", second, first);
        await InvalidAsync(id, "is not in its place", first, first);
        await InvalidAsync(id, "each but the last needs 5242880", first, second, third);
        await InvalidAsync(id, "was uploaded but is not listed", first, second);
        await InvalidAsync(id, "is not in its place", new UploadPart(0, null));
        var again = await SendAsync(Direct, id, content[..Part], content[..Part], content[Part..]);
        var blob = await Direct.CompleteAsync(id, [again[0], again[1], again[2] with { Tag = null }], Token);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. content[..Part], .. content])), blob!.Sha256);
    }

    [Fact]
    public async Task A_completion_that_was_interrupted_is_taken_up()
    {
        var content = RandomNumberGenerator.GetBytes(300);
        var id = await Direct.BeginAsync(Token);
        var parts = await SendAsync(Direct, id, content);
        var upload = DirectUploadId.Parse(id)!;
        await _place.Client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = _place.Bucket,
                Key = $"{_place.Prefix}/uploads/{upload.Id}/whole",
                UploadId = upload.StoreId,
                PartETags = [new PartETag(1, parts[0].Tag!)],
            },
            Token);

        var blob = await Direct.CompleteAsync(id, parts, Token);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), blob!.Sha256);
        Assert.Single(await _place.KeysAsync());
    }

    [Fact]
    public async Task An_aborted_upload_is_gone()
    {
        var id = await Direct.BeginAsync(Token);
        var signed = (await Direct.SignPartsAsync(id, 1, 1, Token))!.Single();

        Assert.True(await Direct.AbortAsync(id, Token));
        Assert.False(await Direct.AbortAsync(id, Token));
        using var put = await _http.PutAsync(signed.Address, new ByteArrayContent([1]), Token);
        Assert.Equal(HttpStatusCode.NotFound, put.StatusCode);
        Assert.Null(await Direct.CompleteAsync(id, [new(1, null)], Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000.")]
    [InlineData("00000000000000000000000000000000.AAAA")]
    [InlineData("00000000000000000000000000000000.MTIz")]
    [InlineData("00000000000000000000000000000000.\0\n")]
    [InlineData("../../../../../../../../../../xx.MTIz")]
    [InlineData("0000000000000000000000000000000G.MTIz")]
    public async Task An_upload_that_nobody_began_is_unknown(string id)
    {
        Assert.Null(await Direct.SignPartsAsync(id, 1, 1, Token));
        Assert.Null(await Direct.CompleteAsync(id, [new(1, null)], Token));
        Assert.False(await Direct.AbortAsync(id, Token));
        Assert.Null(await _storage.Uploads.WritePartAsync(id, 1, new MemoryStream([1]), Token));
        Assert.Null(await Direct.CompleteAsync($"{new string('0', 32)}.{new string('A', 4000)}", [new(1, null)], Token));
    }

    [Fact]
    public async Task The_id_of_one_upload_does_not_open_another()
    {
        var (mine, theirs) = (await Direct.BeginAsync(Token), await Direct.BeginAsync(Token));
        var mixed = mine[..32] + theirs[32..];

        Assert.Null(await Direct.SignPartsAsync(mixed, 1, 1, Token));
        Assert.False(await Direct.AbortAsync(mixed, Token));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 10_001)]
    [InlineData(10_001, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public async Task Part_numbers_are_bounded(int first, int count)
    {
        var id = await Direct.BeginAsync(Token);

        var error = await Assert.ThrowsAsync<RunstoneException>(() => Direct.SignPartsAsync(id, first, count, Token));

        Assert.Equal(ErrorCode.Invalid, error.Error.Code);
        Assert.Equal([2, 3, 4], (await Direct.SignPartsAsync(id, 2, 3, Token))!.Select(s => int.Parse(Query(s.Address)["partNumber"], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("https://s3.example.org", false, "https://runs.s3.example.org/team/blobs/")]
    [InlineData("https://s3.example.org", null, "https://s3.example.org/runs/team/blobs/")]
    [InlineData("http://s3.example.org:9000", false, "http://runs.s3.example.org:9000/team/blobs/")]
    [InlineData(null, null, "https://runs.s3.eu-central-1.amazonaws.com/team/blobs/")]
    [InlineData(null, true, "https://s3.eu-central-1.amazonaws.com/runs/team/blobs/")]
    public async Task Addresses_follow_the_style(string? endpoint, bool? pathStyle, string expected)
    {
        var options = new S3BlobOptions
        {
            Bucket = "runs",
            Prefix = "team",
            Endpoint = endpoint is null ? null : new Uri(endpoint),
            Region = "eu-central-1",
            PathStyle = pathStyle,
        };
        using var storage = new S3Storage(options, new BasicAWSCredentials("id", "secret"), TimeProvider.System);

        var signed = await storage.Direct.SignBlobAsync(new string('a', 64), "x", Token);

        Assert.StartsWith(expected + "aa/" + new string('a', 64) + "?", signed.Address.ToString(), StringComparison.Ordinal);
        Assert.Contains("eu-central-1", Query(signed.Address)["X-Amz-Credential"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Query(Uri address) => address.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2))
        .ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]), StringComparer.Ordinal);

    private async Task<UploadPart[]> SendAsync(S3DirectTransfer direct, string id, params byte[][] parts)
    {
        var signed = (await direct.SignPartsAsync(id, 1, parts.Length, Token))!;
        return await Task.WhenAll(parts.Select(async (content, i) =>
        {
            Assert.Equal("PUT", signed[i].Method);
            Assert.Empty(signed[i].Headers);
            using var answer = await _http.PutAsync(signed[i].Address, new ByteArrayContent(content), Token);
            Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)));
            return new UploadPart(i + 1, answer.Headers.ETag!.Tag);
        }));
    }

    private async Task InvalidAsync(string id, string reason, params UploadPart[] parts)
    {
        var error = (await Assert.ThrowsAsync<RunstoneException>(() => Direct.CompleteAsync(id, parts, Token))).Error;
        Assert.Equal((ErrorCode.Invalid, "parts"), (error.Code, error.Field));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(await Direct.SignPartsAsync(id, 1, 1, Token));
    }
}
