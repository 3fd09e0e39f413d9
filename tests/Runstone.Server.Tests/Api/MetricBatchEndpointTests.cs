using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using Runstone.Protocol;
using Runstone.Server.Api;
using Runstone.Server.Hosting;
using ZstdSharp;

namespace Runstone.Server.Tests.Api;

public sealed class MetricBatchEndpointTests
{
    [Fact]
    public async Task Points_come_back_as_they_were_and_sending_them_again_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var (first, second) = (await server.NewRunAsync(), await server.NewRunAsync());
        var writer = new MetricBatchWriter();
        writer.Add(new MetricBatchColumns
        {
            RunId = first,
            Source = "me",
            Sequence = 0,
            Keys = ["a", "ключ"],
            Key = [0, 1, 0, 0],
            Steps = [0, 7, long.MaxValue, -1],
            Micros = [250_000, 0, 0, 750_000],
            Times = [-5, 6, 7, 8],
            Values = [double.NegativeInfinity, 3, double.Epsilon, double.NaN],
        });
        writer.Add(new MetricBatchColumns { RunId = second, Source = "me", Sequence = 4, Keys = ["b"], Values = [1, 2, 3] });

        foreach (var replayed in (bool[])[false, true])
        {
            var answer = await SendAsync(server, writer.Written);
            Assert.Equal(200, answer.Status);
            Assert.Equal(
                [(4, replayed), (3, replayed)],
                answer.Json.GetProperty("batches").EnumerateArray().Select(b => (b.GetProperty("points").GetInt32(), b.GetProperty("replayed").GetBoolean())));
        }

        var a = (await server.GetAsync($"/runs/{first}/metrics/history?key=a")).Json;
        Assert.Equal("""{"step":[-0.25,0.25,9223372036854775807],"time":[8,-5,7],"value":["NaN","-Infinity",5E-324]}""", a.GetRawText());
        Assert.Equal("""[3]""", (await server.GetAsync($"/runs/{first}/metrics/history?key=%D0%BA%D0%BB%D1%8E%D1%87")).Json.GetProperty("value").GetRawText());
        Assert.Equal("""[0,1,2]""", (await server.GetAsync($"/runs/{second}/metrics/history?key=b")).Json.GetProperty("step").GetRawText());
        Assert.Equal(0, server.Get<RequestMemory>().Taken);
    }

    [Fact]
    public async Task Batches_are_kept_or_refused_each_for_itself()
    {
        await using var server = await RunningServer.StartAsync();
        var (good, ended) = (await server.NewRunAsync(), await server.NewRunAsync());
        await server.PatchAsync($"/runs/{ended}", """{"status":"finished"}""");
        var writer = new MetricBatchWriter();
        foreach (var (run, key) in ((string, string)[])[("nobody", "a"), (good, "a"), (ended, "a"), (good, "b"), (good, new string('x', 1025)), (good, "c"), ("no/id", "a")])
            writer.Add(new MetricBatchColumns { RunId = run, Source = "me", Sequence = writer.Written.Length, Keys = [key], Steps = [1], Values = [1] });

        var results = (await SendAsync(server, writer.Written)).Json.GetProperty("batches").EnumerateArray().Select(Describe).ToList();

        Assert.Equal(
            "not_found 404 runId; 1; conflict 409 runId; 1; too_large 413 metrics.key; too_large 413 metrics.key; invalid 400 runId", string.Join("; ", results));
        Assert.Equal("a,b", string.Join(',', (await server.GetAsync($"/runs/{good}/metrics")).Json.EnumerateObject().Select(m => m.Name)));
    }

    [Fact]
    public async Task A_body_that_is_damaged_is_refused_with_the_place_and_what_stood_before_is_kept()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        var writer = new MetricBatchWriter();
        writer.Add(new MetricBatchColumns { RunId = run, Source = "me", Sequence = 1, Keys = ["a"], Values = [1] });
        var one = writer.Written.Length;
        writer.Add(new MetricBatchColumns { RunId = run, Source = "me", Sequence = 2, Keys = ["a"], Values = [1] });
        var bytes = writer.Written.ToArray();
        bytes[^1] ^= 1;

        var answer = await SendAsync(server, bytes);

        Assert.Equal((400, "invalid", "batches[1]"), (answer.Status, answer.Code, answer.Field));
        Assert.Contains($"byte {one} ", answer.Detail, StringComparison.Ordinal);
        Assert.Contains("checksum", answer.Detail, StringComparison.Ordinal);
        Assert.EndsWith("Of the 1 before it some may be kept; send them again to hear which.", answer.Detail, StringComparison.Ordinal);
        Assert.Equal(1, (await server.GetAsync($"/runs/{run}/metrics")).Json.GetProperty("a").GetProperty("count").GetInt32());
        Assert.Equal("batches[1]", (await SendAsync(server, bytes.AsMemory(0, bytes.Length - 3))).Field);
        Assert.Equal("batches[0]", (await SendAsync(server, bytes.AsMemory(0, 3))).Field);
        var nothing = await SendAsync(server, ReadOnlyMemory<byte>.Empty);
        Assert.Equal(("batches[0]", true), (nothing.Field, nothing.Detail.EndsWith("Nothing was kept.", StringComparison.Ordinal)));
        Assert.Equal("batches[0]", (await SendAsync(server, new byte[] { 255, 255, 255, 255, 0, 0, 0, 0 })).Field);
        Assert.Equal("batches[0]", (await SendAsync(server, new byte[] { 4, 0, 0, 0, 0, 0, 0, 0 })).Field);
        Assert.Equal(0, server.Get<RequestMemory>().Taken);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_body_may_be_compressed(string coding)
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        var writer = new MetricBatchWriter();
        writer.Add(new MetricBatchColumns { RunId = run, Source = "me", Sequence = 1, Keys = ["a"], Values = new double[1000] });
        var packed = Compress(coding, writer.Written.Span);

        Assert.Equal(400, (await SendAsync(server, writer.Written[..100], coding)).Status);
        var answer = await SendAsync(server, packed, coding);

        Assert.True(packed.Length < 500);
        Assert.Equal("1000", Assert.Single(answer.Json.GetProperty("batches").EnumerateArray().Select(Describe)));
    }

    [Fact]
    public async Task Other_bodies_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var json = await server.PostAsync("/metrics/batches", "{}");
        Assert.Equal((415, "Content-Type"), (json.Status, json.Field));
        var coded = await SendAsync(server, new byte[8], "compress");
        Assert.Equal((415, "Content-Encoding"), (coded.Status, coded.Field));
        var writer = new MetricBatchWriter();
        for (var i = 0; i <= MetricBatchFormat.MaxBatches; i++)
            writer.Add(new MetricBatchColumns { RunId = "nobody", Source = "me", Sequence = i, Keys = ["a"], Values = [1] });
        var many = await SendAsync(server, writer.Written);
        Assert.Equal((413, "too_large", "batches[1024]"), (many.Status, many.Code, many.Field));
        var bomb = await SendAsync(server, Compress("zstd", new byte[1 << 20]), "zstd");
        Assert.Equal((400, "batches[0]"), (bomb.Status, bomb.Field));
    }

    [Fact]
    public void Decoding_a_batch_takes_next_to_no_memory()
    {
        var writer = new MetricBatchWriter();
        var keys = Enumerable.Range(0, 1000).Select(i => $"layer{i}/loss").ToArray();
        writer.Add(new MetricBatchColumns
        {
            RunId = "run",
            Source = "me",
            Sequence = 1,
            Keys = keys,
            Key = [.. Enumerable.Range(0, 10_000).Select(i => i % 1000)],
            Steps = [.. Enumerable.Range(0, 10_000).Select(i => (long)i / 1000)],
            Times = new long[10_000],
            Values = new double[10_000],
        });
        var content = writer.Written.Span[MetricBatchFormat.FrameHeaderBytes..];
        var decoder = new MetricBatchDecoder();
        for (var i = 0; i < 3; i++)
            MetricBatchDecoder.Return(decoder.Decode(content, 0).Points);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var (batch, points) = decoder.Decode(content, 0);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((10_000, 1000), (batch.Metrics.Points.Length, batch.Metrics.Keys.Count));
        // The array of keys, the records, and the texts whose slot another key has.
        Assert.InRange(allocated, 0, 20_000);
        MetricBatchDecoder.Return(points);
    }

    private static string Describe(JsonElement result)
    {
        if (!result.TryGetProperty("error", out var error))
            return result.GetProperty("points").ToString();
        var field = error.TryGetProperty("field", out var name) ? $" {name}" : "";
        return $"{error.GetProperty("code")} {error.GetProperty("status")}{field}";
    }

    private static byte[] Compress(string coding, ReadOnlySpan<byte> bytes)
    {
        var target = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(target, CompressionLevel.Fastest),
            "br" => new BrotliStream(target, CompressionLevel.Fastest),
            _ => new CompressionStream(target),
        })
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }

    private static async Task<Answer> SendAsync(RunningServer server, ReadOnlyMemory<byte> body, string? coding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/metrics/batches") { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MetricBatchFormat.MediaType);
        if (coding is not null)
            request.Content.Headers.ContentEncoding.Add(coding);
        using var response = await server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, JsonDocument.Parse(text).RootElement, response.Headers);
    }
}
