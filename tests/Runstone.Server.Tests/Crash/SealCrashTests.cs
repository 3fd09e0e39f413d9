using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Crash;

/// <summary>
/// The sealer is killed with the whole server while it turns logs into chunks. Steps are drawn anywhere in a range that is full of
/// points already, so that each pass writes every chunk of the series again.
/// </summary>
public sealed class SealCrashTests
{
    private const int Rounds = 50;
    private const int BatchPoints = 120;
    private const int Steps = 100_000_000;

    private static readonly TimeSpan BatchPause = TimeSpan.FromMilliseconds(5);
    private static readonly string[] Keys = ["few", "many"];

    [Fact]
    public async Task What_is_read_does_not_change_when_sealing_is_killed()
    {
        await using var store = await TestStore.CreateAsync();
        var known = Keys.ToDictionary(k => k, _ => new Dictionary<long, long>(), StringComparer.Ordinal);
        (string Key, long Step, long Bits)[] doubtful = [];
        var (chunks, made) = (0L, false);
        for (var round = 0; round <= Rounds; round++)
        {
            using var server = await ServerProcess.StartAsync(store, "--seal-points", "100");
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            if (!made)
            {
                using var create = new StringContent("""{"experiment":"crash","id":"r1"}""", Encoding.UTF8, "application/json");
                Assert.Equal(201, (int)(await client.PostAsync("/api/v1/runs", create)).StatusCode);
                made = true;
            }

            await VerifyAsync(client, known, doubtful);
            if (round < Rounds)
            {
                (doubtful, var points) = await WriteUntilKilledAsync(server, client, known);
                chunks += points;
            }
        }

        Assert.True(chunks >= Rounds * BatchPoints, $"{chunks} points were sealed before the kills");
    }

    /// <summary>Returns the batch that was under way, of which all or nothing is there, and the points that its first pass sealed.</summary>
    private static async Task<((string, long, long)[] Doubtful, long Sealed)> WriteUntilKilledAsync(
        ServerProcess server, HttpClient client, Dictionary<string, Dictionary<long, long>> known)
    {
        Task? kill = null;
        long points = 0;
        while (true)
        {
            var batch = Batch(known);
            try
            {
                using var content = new StringContent(Json(batch), Encoding.UTF8, "application/json");
                using var response = await client.PostAsync("/api/v1/runs/r1/log", content);
                Assert.Equal(200, (int)response.StatusCode);
                await response.Content.ReadAsByteArrayAsync();
                foreach (var (key, step, bits) in batch)
                    known[key][step] = bits;
                while (points == 0)
                    points = await SealedAsync(client);
                kill ??= KillAsync(server);
                await Task.Delay(BatchPause);
            }
            catch (Exception e) when (kill is not null && e is (HttpRequestException or IOException or TaskCanceledException))
            {
                await kill!;
                return (batch, points);
            }
        }
    }

    /// <summary>At any moment of the pause between two passes and of the passes around it.</summary>
    private static async Task KillAsync(ServerProcess server)
    {
        await Task.Delay(RandomNumberGenerator.GetInt32(400));
        await server.KillAsync();
    }

    private static async Task VerifyAsync(
        HttpClient client, Dictionary<string, Dictionary<long, long>> known, (string Key, long Step, long Bits)[] doubtful)
    {
        var read = new Dictionary<string, Dictionary<long, long>>(StringComparer.Ordinal);
        foreach (var key in Keys)
            read[key] = await ReadAsync(client, key);
        if (doubtful.Length > 0 && read[doubtful[0].Key].ContainsKey(doubtful[0].Step))
        {
            foreach (var (key, step, bits) in doubtful)
                known[key][step] = bits;
        }

        foreach (var key in Keys)
        {
            Assert.Equal(known[key].Count, read[key].Count);
            foreach (var (step, bits) in known[key])
                Assert.Equal(bits, read[key][step]);
        }
    }

    /// <summary>New points at steps that are free: most of one series, a few of the other.</summary>
    private static (string Key, long Step, long Bits)[] Batch(Dictionary<string, Dictionary<long, long>> known)
    {
        var batch = new Dictionary<(string, long), long>();
        while (batch.Count < BatchPoints)
        {
            var key = batch.Count % 100 == 7 ? "few" : "many";
            var step = RandomNumberGenerator.GetInt32(Steps);
            if (!known[key].ContainsKey(step))
                batch.TryAdd((key, step), BitConverter.DoubleToInt64Bits(RandomNumberGenerator.GetInt32(int.MaxValue) / 7.0));
        }

        return [.. batch.Select(b => (b.Key.Item1, b.Key.Item2, b.Value))];
    }

    private static string Json((string Key, long Step, long Bits)[] batch)
    {
        var keys = string.Join(',', batch.Select(p => Array.IndexOf(Keys, p.Key)));
        var steps = string.Join(',', batch.Select(p => p.Step));
        var values = string.Join(',', batch.Select(p => BitConverter.Int64BitsToDouble(p.Bits).ToString("R", CultureInfo.InvariantCulture)));
        return $$$"""{"metrics":{"keys":["few","many"],"key":[{{{keys}}}],"step":[{{{steps}}}],"value":[{{{values}}}]}}""";
    }

    private static async Task<Dictionary<long, long>> ReadAsync(HttpClient client, string key)
    {
        using var response = await client.GetAsync($"/api/v1/runs/r1/metrics/history?key={key}");
        Assert.Equal(200, (int)response.StatusCode);
        var history = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
        var values = history.GetProperty("value").EnumerateArray().Select(v => BitConverter.DoubleToInt64Bits(v.GetDouble()));
        return history.GetProperty("step").EnumerateArray().Select(s => s.GetInt64()).Zip(values).ToDictionary(p => p.First, p => p.Second);
    }

    private static async Task<long> SealedAsync(HttpClient client)
    {
        const string Name = "runstone_seal_points_total{";
        var text = await client.GetStringAsync("/metrics");
        return text.Split('\n').Where(l => l.StartsWith(Name, StringComparison.Ordinal))
            .Sum(l => (long)double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));
    }
}
