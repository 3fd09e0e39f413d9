using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>The artifact proxy beyond what the recordings show: parts, ranges, odd names, odd places, attacks.</summary>
public sealed class ArtifactCallTests
{
    private const string Proxy = "/api/2.0/mlflow-artifacts/";

    [Theory]
    [InlineData("plain.txt")]
    [InlineData("sub dir/ü 精.bin")]
    [InlineData("a+b%25c#d?e.png")]
    [InlineData("artifacts/artifacts/x")]
    public async Task A_file_of_any_name_comes_back(string name)
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var content = RandomNumberGenerator.GetBytes(300_000);
        var path = $"{Proxy}artifacts/0/{run}/artifacts/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
        using var put = await api.Client.PutAsync(path, new ByteArrayContent(content));
        Assert.Equal("{}", await put.Content.ReadAsStringAsync());
        using var got = await api.Client.GetAsync(path);
        Assert.Equal(content, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(content.Length, got.Content.Headers.ContentLength);
        Assert.Equal("attachment", got.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(content, await api.Client.GetByteArrayAsync($"/get-artifact?run_uuid={run}&path={Uri.EscapeDataString(name)}"));
        await api.SendAsync("DELETE", path);
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST", $"No such artifact: '0/{run}/artifacts/{name}'"), await api.FailAsync("GET", path));
        using var again = await api.SendAsync("DELETE", path);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory]
    [InlineData("bytes=2-4", 206, "cde", "bytes 2-4/10")]
    [InlineData("bytes=7-", 206, "hij", "bytes 7-9/10")]
    [InlineData("bytes=-2", 206, "ij", "bytes 8-9/10")]
    [InlineData("bytes=5-99", 206, "fghij", "bytes 5-9/10")]
    [InlineData("bytes=10-12", 416, "", "bytes */10")]
    [InlineData("bytes=0-1,3-4", 200, "abcdefghij", null)]
    [Trait("Store", "sqlite")]
    public async Task A_range_is_served(string range, int status, string content, string? contentRange)
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        await PutAsync(api, $"0/{run}/artifacts/x.bin", "abcdefghij");
        var presigned = await api.GetAsync($"{Proxy}presigned/0/{run}/artifacts/x.bin");
        using var request = new HttpRequestMessage(HttpMethod.Get, (string)presigned["url"]!);
        request.Headers.Range = RangeHeaderValue.Parse(range);
        using var answer = await api.Client.SendAsync(request);
        Assert.Equal((status, content), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(contentRange, answer.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task Parts_become_one_file()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var (folder, parts) = ($"0/{run}/artifacts/models", new[] { RandomNumberGenerator.GetBytes(200_000), RandomNumberGenerator.GetBytes(100_000) });
        var created = await api.PostAsync($"{Proxy}mpu/create/{folder}", """{"path": "/home/ada/big.bin", "num_parts": 2}""");
        var tags = new JsonArray();
        foreach (var credential in created["credentials"]!.AsArray().Reverse())
        {
            var number = (int)credential!["part_number"]!;
            using var put = await api.Client.PutAsync((string)credential["url"]!, new ByteArrayContent(parts[number - 1]));
            tags.Insert(0, new JsonObject { ["part_number"] = number, ["etag"] = put.Headers.ETag!.Tag, ["url"] = "" });
        }

        var body = new JsonObject { ["path"] = "big.bin", ["upload_id"] = (string)created["upload_id"]!, ["parts"] = tags };
        await api.PostAsync($"{Proxy}mpu/complete/{folder}", body.ToJsonString());
        byte[] whole = [.. parts[0], .. parts[1]];
        Assert.Equal(whole, await api.Client.GetByteArrayAsync($"{Proxy}artifacts/{folder}/big.bin"));
        Assert.Equal(404, (await api.FailAsync("POST", $"{Proxy}mpu/complete/{folder}", body.ToJsonString())).Status);
    }

    [Fact]
    public async Task An_aborted_upload_is_gone()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var created = await api.PostAsync($"{Proxy}mpu/create/0/{run}/artifacts", """{"path": "a.bin", "num_parts": 1}""");
        var url = (string)created["credentials"]![0]!["url"]!;
        await api.PostAsync($"{Proxy}mpu/abort/0/{run}/artifacts", $$"""{"path": "a.bin", "upload_id": "{{created["upload_id"]}}"}""");
        using var put = await api.Client.PutAsync(url, new ByteArrayContent([1]));
        Assert.Equal(HttpStatusCode.NotFound, put.StatusCode);
        Assert.Equal("num_parts", (await api.FailAsync("POST", $"{Proxy}mpu/create/0/{run}/artifacts", """{"path": "a.bin", "num_parts": 0}""")).Message.Split('\'')[1]);
    }

    [Fact]
    public async Task An_experiment_may_live_elsewhere_in_the_proxy()
    {
        await using var api = await MlflowApi.StartAsync();
        var id = await api.CreateExperimentAsync("placed", """, "artifact_location": "mlflow-artifacts:/teams/artifacts/census" """);
        var run = await api.CreateRunAsync(id);
        var uri = (string)(await api.GetAsync($"runs/get?run_id={run}"))["run"]!["info"]!["artifact_uri"]!;
        Assert.Equal($"mlflow-artifacts:/teams/artifacts/census/{run}/artifacts", uri);
        await PutAsync(api, $"teams/artifacts/census/{run}/artifacts/d/x.txt", "x");
        var list = await api.GetAsync($"{Proxy}artifacts?path={Uri.EscapeDataString($"teams/artifacts/census/{run}/artifacts")}");
        Assert.Equal("""{"files":[{"path":"d","is_dir":true}]}""", list.ToJsonString());
        var full = await api.GetAsync($"artifacts/list?run_id={run}&path=d");
        Assert.Equal($$"""{"root_uri":"{{uri}}","files":[{"path":"d/x.txt","is_dir":false,"file_size":1}]}""", full.ToJsonString());
        Assert.Equal(404, (await api.FailAsync("GET", $"{Proxy}artifacts/{id}/{run}/artifacts/d/x.txt")).Status);
    }

    [Fact]
    public async Task A_file_needs_a_run_that_is_active()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var missing = await api.FailAsync("PUT", $"{Proxy}artifacts/0/{new string('0', 32)}/artifacts/x.txt", "x", "text/plain");
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST"), (missing.Status, missing.Code));
        Assert.Contains("belongs to no run", missing.Message, StringComparison.Ordinal);
        Assert.Equal(404, (await api.FailAsync("PUT", $"{Proxy}artifacts/0/models/m-1/artifacts/MLmodel", "x", "text/plain")).Status);
        Assert.Equal(501, (await api.FailAsync("PUT", $"{Proxy}artifacts/0/traces/tr-1/artifacts/traces.json", "x", "text/plain")).Status);
        await api.PostAsync("runs/delete", $$"""{"run_id": "{{run}}"}""");
        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE", $"The run {run} must be in the 'active' state. Current state is deleted."),
            await api.FailAsync("PUT", $"{Proxy}artifacts/0/{run}/artifacts/x.txt", "x", "text/plain"));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("%2e%2e/%2e%2e/x")]
    [InlineData("%252e%252e/x")]
    [InlineData("..%2f..%2fx")]
    [InlineData("..%5c..%5cx")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("a//b")]
    public async Task A_path_that_leaves_its_folder_is_refused(string path)
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        foreach (var method in new[] { "PUT", "GET", "DELETE" })
        {
            var (status, body) = await SendRawAsync(api, method, $"{Proxy}artifacts/0/{run}/artifacts/{path}");
            Assert.Equal((method, 400, "INVALID_PARAMETER_VALUE"), (method, status, (string)JsonNode.Parse(body)!["error_code"]!));
        }

        var listed = await api.FailAsync("GET", $"artifacts/list?run_id={run}&path={path}");
        Assert.StartsWith("Invalid path", listed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_with_a_NUL_never_reaches_the_server()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        Assert.Equal(400, (await SendRawAsync(api, "PUT", $"{Proxy}artifacts/0/{run}/artifacts/a%00b")).Status);
        Assert.StartsWith("Invalid path", (await api.FailAsync("GET", $"artifacts/list?run_id={run}&path=a%00b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_uploads_small_files()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        using var small = await api.SendAsync("POST", $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=n/a.txt", "hi", "text/plain");
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal("hi", await api.Client.GetStringAsync($"/get-artifact?run_uuid={run}&path=n%2Fa.txt"));
        using var large = await api.Client.PostAsync($"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=b", new ByteArrayContent(new byte[(10 << 20) + 1]));
        Assert.Equal("Artifact size is too large. Max size is 10MB.", (string)JsonNode.Parse(await large.Content.ReadAsStringAsync())!["message"]!);
    }

    private static async Task PutAsync(MlflowApi api, string path, string content)
    {
        using var answer = await api.Client.PutAsync(Proxy + "artifacts/" + path, new StringContent(content));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Sends the path as it is; HttpClient would tidy it.</summary>
    private static async Task<(int Status, string Body)> SendRawAsync(MlflowApi api, string method, string path)
    {
        var address = new Uri(api.Server.Address);
        using var socket = new TcpClient(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        var (start, end) = (answer.IndexOf('{', StringComparison.Ordinal), answer.LastIndexOf('}'));
        return (int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), start < 0 ? answer : answer[start..(end + 1)]);
    }
}
