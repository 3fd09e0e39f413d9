using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Crash;

public sealed class CrashTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_server_is_killed()
    {
        await using var store = await TestStore.CreateAsync();
        var rounds = new List<AcknowledgedWrites>();
        for (var round = 0; round < Rounds; round++)
        {
            using var server = await ServerProcess.StartAsync(store);
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            if (rounds.Count > 0)
                await VerifyAsync(client, rounds[^1]);
            rounds.Add(await WriteUntilKilledAsync(server, client, $"round-{round}"));
        }

        using var last = await ServerProcess.StartAsync(store);
        using var reader = new HttpClient { BaseAddress = new Uri(last.Address) };
        foreach (var round in rounds)
            await VerifyAsync(reader, round);
    }

    private static async Task<AcknowledgedWrites> WriteUntilKilledAsync(ServerProcess server, HttpClient client, string runId)
    {
        var writes = new AcknowledgedWrites(runId);
        using var create = new StringContent($$"""{"experiment":"crash","id":"{{runId}}"}""", Encoding.UTF8, "application/json");
        Assert.Equal(201, (int)(await client.PostAsync("/api/v1/runs", create)).StatusCode);

        // The moment is a random number of acknowledgements away; the other writers' requests are under way then.
        var left = RandomNumberGenerator.GetInt32(1, 400);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Writer[] writers =
        [
            new PointWriter(client, writes, Count), new BatchWriter(client, writes, Count), new TagWriter(client, writes, Count),
            new ArtifactWriter(client, writes, Count),
        ];
        var work = Task.WhenAll(writers.Select(w => w.RunAsync()));
        await Task.WhenAny(enough.Task, work);
        await server.KillAsync();
        await work;
        Assert.True(enough.Task.IsCompleted, "The writers ended before the server was killed.");
        return writes;

        void Count()
        {
            if (Interlocked.Decrement(ref left) <= 0)
                enough.TrySetResult();
        }
    }

    private static async Task VerifyAsync(HttpClient client, AcknowledgedWrites writes)
    {
        var run = (await GetAsync(client, $"/api/v1/runs/{writes.RunId}")).GetProperty("run");
        var found = run.GetProperty("params").EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var tags = run.GetProperty("tags").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetString(), StringComparer.Ordinal);
        foreach (var (key, value) in writes.Tags)
            Assert.Equal(value, tags.GetValueOrDefault(key));
        await VerifyPointsAsync(client, writes);
        await VerifyBatchesAsync(client, writes, found, tags);
        await VerifyArtifactsAsync(client, writes);
    }

    private static async Task VerifyPointsAsync(HttpClient client, AcknowledgedWrites writes)
    {
        var points = await ReadSeriesAsync(client, writes.RunId, "single");
        foreach (var (step, bits) in writes.Points)
            Assert.Equal(bits, BitConverter.DoubleToInt64Bits(points[step]));
    }

    private static async Task VerifyBatchesAsync(
        HttpClient client, AcknowledgedWrites writes, HashSet<string> @params, Dictionary<string, string?> tags)
    {
        Assert.All(writes.Batches.Keys, number => Assert.Contains($"p{number}", @params));
        var points = await ReadSeriesAsync(client, writes.RunId, "batch");
        Assert.Equal(@params.Count * BatchWriter.PointsPerBatch, points.Count);
        foreach (var param in @params)
        {
            Assert.True(tags.ContainsKey($"t{param[1..]}"), param);
            var first = int.Parse(param.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) * BatchWriter.PointsPerBatch;
            for (var step = first; step < first + BatchWriter.PointsPerBatch; step++)
                Assert.Equal(step, points[step]);
        }

        Assert.Equal(@params.Count, tags.Keys.Count(k => k[0] == 't'));
    }

    private static async Task VerifyArtifactsAsync(HttpClient client, AcknowledgedWrites writes)
    {
        var list = await GetAsync(client, $"/api/v1/runs/{writes.RunId}/artifacts?recursive=true&limit=10000");
        var hashes = list.GetProperty("entries").EnumerateArray()
            .ToDictionary(e => e.GetProperty("path").GetString()!, e => e.GetProperty("sha256").GetString()!, StringComparer.Ordinal);
        foreach (var (path, hash) in writes.Artifacts)
            Assert.Equal(hash, hashes.GetValueOrDefault(path));

        // Also what was not acknowledged is whole when it is there at all.
        foreach (var (path, hash) in hashes)
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await client.GetByteArrayAsync($"/api/v1/runs/{writes.RunId}/artifacts/{path}"))));
    }

    private static async Task<Dictionary<long, double>> ReadSeriesAsync(HttpClient client, string runId, string key)
    {
        var history = await GetAsync(client, $"/api/v1/runs/{runId}/metrics/history?key={key}");
        var steps = history.GetProperty("step").EnumerateArray().Select(s => s.GetInt64());
        return steps.Zip(history.GetProperty("value").EnumerateArray().Select(v => v.GetDouble())).ToDictionary(p => p.First, p => p.Second);
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        JsonDocument.Parse(await client.GetByteArrayAsync(path)).RootElement;
}
