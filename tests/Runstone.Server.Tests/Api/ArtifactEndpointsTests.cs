using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Runstone.Server.Tests.Api;

public sealed class ArtifactEndpointsTests
{
    [Fact]
    public async Task A_file_is_put_listed_read_replaced_and_removed()
    {
        await using var server = await RunningServer.StartAsync();
        var path = $"/runs/{await server.NewRunAsync()}/artifacts";
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var put = await server.Client.PutAsync($"/api/v1{path}/models/a%20b%25.bin", new ByteArrayContent(bytes));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(bytes)), await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(bytes, await server.Client.GetByteArrayAsync($"/api/v1{path}/models/a%20b%25.bin"));
        var root = (await server.GetAsync(path)).Json.GetProperty("entries")[0];
        Assert.Equal(("models", true, 300_000), (root.GetProperty("path").GetString(), root.GetProperty("isFolder").GetBoolean(), root.GetProperty("size").GetInt64()));
        Assert.Equal("models/a b%.bin", (await server.GetAsync($"{path}?path=models")).Json.GetProperty("entries")[0].GetProperty("path").GetString());

        await server.Client.PutAsync($"/api/v1{path}/models/a%20b%25.bin", new StringContent("new"));
        Assert.Equal("new", await server.Client.GetStringAsync($"/api/v1{path}/models/a%20b%25.bin"));
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"{path}/models")).Status);
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"{path}/models")).Status);
        Assert.Empty((await server.GetAsync(path)).Json.GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task All_files_are_listed_in_pages()
    {
        await using var server = await RunningServer.StartAsync();
        var path = $"/runs/{await server.NewRunAsync()}/artifacts";
        string[] names = ["a.txt", "d/b.txt", "d/e/c.txt"];
        foreach (var name in names)
            await server.Client.PutAsync($"/api/v1{path}/{name}", new StringContent(name));
        var first = (await server.GetAsync($"{path}?recursive=true&limit=2")).Json;
        Assert.Equal("d/b.txt", first.GetProperty("nextAfter").GetString());
        var second = (await server.GetAsync($"{path}?recursive=true&limit=2&after=d%2Fb.txt")).Json;
        Assert.Equal("d/e/c.txt", Assert.Single(second.GetProperty("entries").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_folder_is_sent_as_one_zip_file_of_known_length()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        foreach (var name in new[] { "a.txt", "d/b%20ü.txt", "d/e/c.txt" })
            await server.Client.PutAsync($"/api/v1/runs/{run}/artifacts/{name}", new StringContent(name));

        using var all = await server.Client.GetAsync($"/api/v1/runs/{run}/archive");
        Assert.Equal(("application/zip", $"attachment; filename={run}.zip; filename*=UTF-8''{run}.zip"), (all.Content.Headers.ContentType!.MediaType, all.Content.Headers.GetValues("Content-Disposition").Single()));
        Assert.Equal(all.Content.Headers.ContentLength, (await all.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal([$"{run}/a.txt", $"{run}/d/b ü.txt", $"{run}/d/e/c.txt"], await NamesAsync(all));
        Assert.Equal(["d/b ü.txt", "d/e/c.txt"], await NamesAsync(await server.Client.GetAsync($"/api/v1/runs/{run}/archive?path=d")));
        Assert.Equal(["c.txt"], await NamesAsync(await server.Client.GetAsync($"/api/v1/runs/{run}/archive?path=d%2Fe%2Fc.txt")));
        Assert.Equal((404, "path"), Seen(await server.GetAsync($"/runs/{run}/archive?path=gone")));
        Assert.Equal((400, "path"), Seen(await server.GetAsync($"/runs/{run}/archive?path=..%2Fx")));
        Assert.Equal((404, "runId"), Seen(await server.GetAsync("/runs/none/archive")));

        static (int Status, string? Field) Seen(Answer answer) => (answer.Status, answer.Field);

        static async Task<string[]> NamesAsync(HttpResponseMessage response)
        {
            using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
            return [.. zip.Entries.Select(e => e.FullName)];
        }
    }

    [Theory]
    [InlineData("bytes=2-4", HttpStatusCode.PartialContent, "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", HttpStatusCode.PartialContent, "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", HttpStatusCode.PartialContent, "89", "bytes 8-9/10")]
    [InlineData("bytes=5-100", HttpStatusCode.PartialContent, "56789", "bytes 5-9/10")]
    [InlineData("bytes=10-", HttpStatusCode.RequestedRangeNotSatisfiable, "", "bytes */10")]
    [InlineData("bytes=0-1,4-5", HttpStatusCode.OK, "0123456789", null)]
    [InlineData("lines=0-1", HttpStatusCode.OK, "0123456789", null)]
    public async Task A_range_is_answered(string range, HttpStatusCode status, string body, string? contentRange)
    {
        await using var server = await RunningServer.StartAsync();
        var path = $"/api/v1/runs/{await server.NewRunAsync()}/artifacts/digits.txt";
        await server.Client.PutAsync(path, new StringContent("0123456789"));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal((status, body), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(contentRange, response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_file_that_did_not_change_is_not_sent_again()
    {
        await using var server = await RunningServer.StartAsync();
        var path = $"/api/v1/runs/{await server.NewRunAsync()}/artifacts/a.html";
        await server.Client.PutAsync(path, new StringContent("<script>alert(1)</script>"));
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal((25, "text/html"), (head.Content.Headers.ContentLength, head.Content.Headers.ContentType?.MediaType));
        Assert.Equal("sandbox", Assert.Single(head.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(head.Headers.GetValues("X-Content-Type-Options")));

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(head.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(request)).StatusCode);

        using var stale = new HttpRequestMessage(HttpMethod.Get, path);
        stale.Headers.Range = new RangeHeaderValue(0, 1);
        stale.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"other\""));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(stale)).StatusCode);

        using var download = await server.Client.GetAsync(path + "?download=true");
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./b")]
    [InlineData("%2e%2e/x")]
    [InlineData("a/%2E%2e")]
    [InlineData("..%2Fx")]
    [InlineData("a%2F..%2F..%2Fx")]
    [InlineData("a%2f.")]
    [InlineData("..%5Cx")]
    [InlineData("a\\b")]
    [InlineData("a%5Cb")]
    [InlineData("a%00b")]
    [InlineData("a%01b")]
    [InlineData("/etc/passwd")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("C:/x")]
    [InlineData("C%3A%5Cx")]
    [InlineData("a%FFb")]
    [InlineData("a%C0%AF..b")]
    [InlineData("a%2")]
    public async Task A_path_that_is_not_plain_is_refused(string path)
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.NewRunAsync();
        foreach (var method in (string[])["PUT", "GET", "DELETE"])
        {
            var answer = await RawHttp.SendAsync(server, $"{method} /api/v1/runs/{id}/artifacts/{path} HTTP/1.1\r\nContent-Length: 1", "x");
            Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        }

        Assert.Empty((await server.GetAsync($"/runs/{id}/artifacts?recursive=true")).Json.GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task A_refused_path_is_shown()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await RawHttp.SendAsync(server, "GET /api/v1/runs/r/artifacts/a%2F..%2Fb HTTP/1.1");
        Assert.Contains("a/../b", answer, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"path\"", answer, StringComparison.Ordinal);
    }
}
