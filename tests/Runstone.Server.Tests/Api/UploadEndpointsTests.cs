using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Runstone.Storage;
using Runstone.Storage.Tests.S3;

namespace Runstone.Server.Tests.Api;

/// <summary>Transfers past the server.</summary>
public sealed class UploadEndpointsTests
{
    private const int Part = 5 << 20;

    [Fact]
    public async Task A_file_is_sent_and_read_past_the_server()
    {
        await using var place = S3TestPlace.Open();
        await using var server = await StartAsync(place);
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var run = $"/runs/{await server.NewRunAsync()}";
        var content = RandomNumberGenerator.GetBytes((2 * Part) + 77);

        var begun = await server.PostAsync($"{run}/uploads", """{"path":"models/big.bin"}""");
        Assert.Equal((201, (long)Part, 10_000), (begun.Status, begun.Json.GetProperty("minPartSize").GetInt64(), begun.Json.GetProperty("maxParts").GetInt32()));
        var upload = $"{run}/uploads/{begun.Json.GetProperty("uploadId").GetString()}";
        var signed = (await server.PostAsync($"{upload}/parts", """{"first":1,"count":3}""")).Json.GetProperty("parts");
        var parts = new JsonArray();
        foreach (var part in signed.EnumerateArray().Reverse())
        {
            var number = part.GetProperty("number").GetInt32();
            var piece = content[((number - 1) * Part)..Math.Min(content.Length, number * Part)];
            using var put = await plain.PutAsync(part.GetProperty("url").GetString(), new ByteArrayContent(piece));
            parts.Insert(0, new JsonObject { ["number"] = number, ["tag"] = put.Headers.ETag!.Tag });
        }

        var done = await server.PostAsync($"{upload}/complete", new JsonObject { ["path"] = "models/big.bin", ["parts"] = parts }.ToJsonString());
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.Equal((200, sha256, (long)content.Length), (done.Status, done.Json.GetProperty("sha256").GetString(), done.Json.GetProperty("size").GetInt64()));

        using var redirect = await plain.GetAsync($"{server.Address}/api/v1{run}/artifacts/models/big.bin?direct=true");
        Assert.Equal((HttpStatusCode.TemporaryRedirect, $"\"{sha256}\""), (redirect.StatusCode, redirect.Headers.ETag!.Tag));
        Assert.True(redirect.Headers.CacheControl!.NoStore);
        using var request = new HttpRequestMessage(HttpMethod.Get, redirect.Headers.Location) { Headers = { Range = new RangeHeaderValue(Part, null) } };
        using var rest = await plain.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal(content[Part..], await rest.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment; filename=\"big.bin\"", rest.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal(content, await server.Client.GetByteArrayAsync($"/api/v1{run}/artifacts/models/big.bin"));
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, upload)).Status);
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await using var place = S3TestPlace.Open();
        await using var server = await StartAsync(place);
        var run = $"/runs/{await server.NewRunAsync()}";
        var upload = $"{run}/uploads/{(await server.PostAsync($"{run}/uploads", """{"path":"x"}""")).Json.GetProperty("uploadId").GetString()}";
        (string Path, string Body, int Status, string? Field)[] cases =
        [
            ($"{run}/uploads", """{"path":"../x"}""", 400, "path"),
            ($"{run}/uploads", "{}", 400, "path"),
            ("/runs/nobody/uploads", """{"path":"x"}""", 404, "runId"),
            ($"{upload}/parts", """{"first":0,"count":1}""", 400, "parts"),
            ($"{upload}/parts", """{"first":1,"count":1001}""", 400, "count"),
            ($"{upload}/parts", """{"first":10000,"count":2}""", 400, "parts"),
            ($"{run}/uploads/{new string('0', 32)}.AAAA/parts", """{"first":1,"count":1}""", 404, "uploadId"),
            ($"{run}/uploads/nobody/complete", """{"path":"x","parts":[]}""", 404, "uploadId"),
            ($"{upload}/complete", """{"path":"x","parts":[]}""", 400, "parts"),
            ($"{upload}/complete", """{"path":"x","parts":[null]}""", 400, "parts"),
            ($"{upload}/complete", """{"path":"x","parts":[{"number":1,"tag":"t"}]}""", 400, "parts"),
        ];
        foreach (var (path, body, status, field) in cases)
        {
            var answer = await server.PostAsync(path, body);
            Assert.Equal((path, body, status, field), (path, body, answer.Status, answer.Field));
        }

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, upload)).Status);
        Assert.Empty(await place.UnfinishedAsync());
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task Without_a_bucket_files_go_through_the_server()
    {
        await using var server = await RunningServer.StartAsync();
        var run = $"/runs/{await server.NewRunAsync()}";
        await server.Client.PutAsync($"/api/v1{run}/artifacts/a.txt", new StringContent("here"));

        Assert.Equal("here", await server.Client.GetStringAsync($"/api/v1{run}/artifacts/a.txt?direct=true"));
        var refused = await server.PostAsync($"{run}/uploads", """{"path":"x"}""");
        Assert.Equal((501, "unsupported"), (refused.Status, refused.Code));
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"{run}/uploads/{new string('0', 32)}.AAAA"))).Status);
    }

    private static Task<RunningServer> StartAsync(S3TestPlace place) => RunningServer.StartAsync(options: o => o with
    {
        Blobs = BlobPlace.Parse($"s3://{place.Bucket}/{place.Prefix}", out _),
        BlobsEndpoint = place.Endpoint,
        BlobsRegion = "us-east-1",
    });
}
