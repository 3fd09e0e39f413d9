using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Runstone.Server.Hosting;
using Runstone.Storage;
using Runstone.Storage.Tests.S3;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>The calls that hand out addresses, with files in a bucket and with files in the data folder.</summary>
public sealed class DirectTransferTests
{
    private const string Proxy = "/api/2.0/mlflow-artifacts/";
    private const int Part = 5 << 20;

    [Fact]
    public async Task Parts_go_past_the_server_and_become_a_file()
    {
        await using var place = S3TestPlace.Open();
        await using var api = await MlflowApi.StartAsync(o => InBucket(o, place));
        using var plain = new HttpClient();
        var run = await api.CreateRunAsync();
        var content = RandomNumberGenerator.GetBytes(Part + 1000);
        var folder = $"0/{run}/artifacts/models";
        var created = await api.PostAsync($"{Proxy}mpu/create/{folder}", """{"path": "/home/ada/big.bin", "num_parts": 2}""");
        var parts = new JsonArray();
        foreach (var credential in created["credentials"]!.AsArray())
        {
            var (number, url) = ((int)credential!["part_number"]!, (string)credential["url"]!);
            Assert.StartsWith(place.Endpoint.ToString(), url, StringComparison.Ordinal);
            using var put = await plain.PutAsync(url, new ByteArrayContent(number == 1 ? content[..Part] : content[Part..]));
            parts.Add(new JsonObject { ["part_number"] = number, ["etag"] = put.Headers.ETag!.Tag, ["url"] = "" });
        }

        var body = new JsonObject { ["path"] = "big.bin", ["upload_id"] = (string)created["upload_id"]!, ["parts"] = new JsonArray(parts[0]!.DeepClone()) };
        var missing = await api.FailAsync("POST", $"{Proxy}mpu/complete/{folder}", body.ToJsonString());
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (missing.Status, missing.Code));
        body["parts"] = parts;
        await api.PostAsync($"{Proxy}mpu/complete/{folder}", body.ToJsonString());

        Assert.Equal(content, await api.Client.GetByteArrayAsync($"{Proxy}artifacts/{folder}/big.bin"));
        var presigned = await api.GetAsync($"{Proxy}presigned/{folder}/big.bin");
        Assert.StartsWith(place.Endpoint.ToString(), (string)presigned["url"]!, StringComparison.Ordinal);
        Assert.Equal(content.Length, (long)presigned["file_size"]!);
        Assert.Equal(content, await plain.GetByteArrayAsync((string)presigned["url"]!));
        Assert.Equal(404, (await api.FailAsync("POST", $"{Proxy}mpu/complete/{folder}", body.ToJsonString())).Status);
        await place.AssertNothingUnfinishedAsync();
    }

    [Theory]
    [InlineData("bytes=2-4", "cde", "bytes 2-4/10")]
    [InlineData("bytes=7-", "hij", "bytes 7-9/10")]
    [InlineData("bytes=-2", "ij", "bytes 8-9/10")]
    [InlineData("bytes=5-99", "fghij", "bytes 5-9/10")]
    [InlineData("bytes=10-12", null, null)]
    [Trait("Store", "postgres")]
    public async Task A_range_is_served_by_the_store_as_by_the_server(string range, string? content, string? contentRange)
    {
        Assert.SkipUnless(TestStore.IsShared, "Files are in the data folder: RUNSTONE_TEST_STORE=sqlite.");
        await using var api = await MlflowApi.StartAsync();
        var path = $"0/{await api.CreateRunAsync()}/artifacts/x.bin";
        using var put = await api.Client.PutAsync($"{Proxy}artifacts/{path}", new StringContent("abcdefghij"));
        foreach (var address in await AddressesAsync(api, path))
        {
            using var answer = await ReadAsync(api, address, range);
            Assert.Equal(content is null ? HttpStatusCode.RequestedRangeNotSatisfiable : HttpStatusCode.PartialContent, answer.StatusCode);
            if (content is not null)
                Assert.Equal((content, contentRange), (await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentRange?.ToString()));
        }
    }

    [Fact]
    [Trait("Store", "postgres")]
    public async Task A_download_goes_on_where_it_broke_off_at_the_store_as_at_the_server()
    {
        Assert.SkipUnless(TestStore.IsShared, "Files are in the data folder: RUNSTONE_TEST_STORE=sqlite.");
        await using var api = await MlflowApi.StartAsync();
        var path = $"0/{await api.CreateRunAsync()}/artifacts/big.bin";
        // More than one part of the store, broken off inside of the second.
        var content = RandomNumberGenerator.GetBytes((9 << 20) + 77);
        const int Had = (8 << 20) + 5;
        using var put = await api.Client.PutAsync($"{Proxy}artifacts/{path}", new ByteArrayContent(content));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        foreach (var address in await AddressesAsync(api, path))
        {
            using var first = await ReadAsync(api, address, null);
            var whole = new byte[content.Length];
            await (await first.Content.ReadAsStreamAsync()).ReadExactlyAsync(whole.AsMemory(0, Had));
            first.Dispose();
            using var rest = await ReadAsync(api, address, FormattableString.Invariant($"bytes={Had}-"));
            Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
            await (await rest.Content.ReadAsStreamAsync()).ReadExactlyAsync(whole.AsMemory(Had));
            Assert.True(content.AsSpan().SequenceEqual(whole), address);
        }
    }

    [Fact]
    public async Task An_aborted_upload_is_gone_from_the_store()
    {
        await using var place = S3TestPlace.Open();
        await using var api = await MlflowApi.StartAsync(o => InBucket(o, place));
        var run = await api.CreateRunAsync();
        var created = await api.PostAsync($"{Proxy}mpu/create/0/{run}/artifacts", """{"path": "a.bin", "num_parts": 1}""");
        Assert.Single(await place.UnfinishedAsync());
        var body = $$"""{"path": "a.bin", "upload_id": "{{created["upload_id"]}}"}""";
        await api.PostAsync($"{Proxy}mpu/abort/0/{run}/artifacts", body);

        Assert.Empty(await place.UnfinishedAsync());
        Assert.Equal(404, (await api.FailAsync("POST", $"{Proxy}mpu/abort/0/{run}/artifacts", body)).Status);
    }

    [Fact]
    public async Task A_presigned_upload_leads_to_this_server()
    {
        await using var api = await MlflowApi.StartAsync();
        using var plain = new HttpClient();
        var run = await api.CreateRunAsync();
        var answer = await api.PostAsync("artifacts/presigned-upload-url", $$"""{"run_id": "{{run}}", "path": "d/a b.txt", "expiration": 900}""");

        Assert.Equal($"{api.Server.Address}{Proxy}artifacts/0/{run}/artifacts/d/a%20b.txt", (string)answer["presigned_url"]!);
        Assert.Equal("{}", answer["headers"]!.ToJsonString());
        using var put = await plain.PutAsync((string)answer["presigned_url"]!, new StringContent("past"));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal("past", await api.Client.GetStringAsync($"/get-artifact?run_uuid={run}&path=d%2Fa%20b.txt"));
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("""{"run_id": "RUN"}""", 400)]
    [InlineData("""{"run_id": "RUN", "path": "../x"}""", 400)]
    [InlineData("""{"run_id": "RUN", "path": ""}""", 400)]
    [InlineData("""{"run_id": "RUN", "path": "x", "expiration": 0}""", 400)]
    [InlineData("""{"run_id": "RUN", "path": "x", "expiration": 604801}""", 400)]
    [InlineData("""{"run_id": "0123456789abcdef0123456789abcdef", "path": "x"}""", 404)]
    public async Task A_wrong_request_for_an_upload_address_is_refused(string body, int status)
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();

        var error = await api.FailAsync("POST", "artifacts/presigned-upload-url", body.Replace("RUN", run, StringComparison.Ordinal));

        Assert.Equal(status, error.Status);
    }

    /// <summary>Where a client can read the file: at the store, and through the server.</summary>
    private static async Task<string[]> AddressesAsync(MlflowApi api, string path)
    {
        var presigned = (string)(await api.GetAsync($"{Proxy}presigned/{path}"))["url"]!;
        Assert.False(presigned.StartsWith(api.Server.Address, StringComparison.Ordinal), presigned);
        return [presigned, $"{api.Server.Address}{Proxy}artifacts/{path}"];
    }

    private static async Task<HttpResponseMessage> ReadAsync(MlflowApi api, string address, string? range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (range is not null)
            request.Headers.Range = RangeHeaderValue.Parse(range);
        return await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static ServerOptions InBucket(ServerOptions options, S3TestPlace place) => options with
    {
        Blobs = BlobPlace.Parse($"s3://{place.Bucket}/{place.Prefix}", out _),
        BlobsEndpoint = place.Endpoint,
        BlobsRegion = "us-east-1",
    };
}
