using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Faults;

/// <summary>What becomes of uploads when the object store goes away and comes back.</summary>
[Trait("Store", "postgres")]
public sealed class ObjectStoreFaultTests : IDisposable
{
    private const int Uploaders = 4;
    private const int Uploads = 5;
    private static readonly int[] Sizes = [1_000, 300_000, 20_000_000];

    // Longer than the test needs, for a person who wants to see a longer one: RUNSTONE_TEST_OUTAGE, in seconds.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("RUNSTONE_TEST_OUTAGE") ?? "0", CultureInfo.InvariantCulture));

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(3) };
    private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<long> _times = new();
    private readonly ConcurrentBag<string> _refusals = [];
    private readonly SemaphoreSlim _done = new(0);
    private readonly SemaphoreSlim _refused = new(0);

    public void Dispose()
    {
        _http.Dispose();
        _done.Dispose();
        _refused.Dispose();
    }

    [Fact]
    public async Task No_file_refers_to_missing_content_when_the_object_store_was_away()
    {
        var store = TestServers.ObjectStore();
        await using var cluster = await PostgresCluster.StartAsync();
        await using var link = new FaultyLink(store.Endpoint.Host, store.Endpoint.Port);
        await using var nodes = await FaultNodes.StartAsync(
            1, "--database", cluster.Connection, "--blobs", $"s3://{store.Bucket}/{store.Prefix}", "--blobs-endpoint", $"http://127.0.0.1:{link.Port}");
        var run = $"{nodes.Addresses[0]}/api/v1/runs/away";
        using var create = new StringContent("""{"experiment":"faults","id":"away"}""", Encoding.UTF8, "application/json");
        (await _http.PostAsync(new Uri($"{nodes.Addresses[0]}/api/v1/runs"), create)).EnsureSuccessStatusCode();

        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(Enumerable.Range(0, Uploaders).Select(u => UploadAsync(run, u, stop.Token)));
        await TakeAsync(_done, Uploaders * Uploads, work);
        link.Set(LinkState.Away);
        var away = Stopwatch.GetTimestamp();
        await Task.WhenAll(TakeAsync(_refused, Uploaders * 3, work), Task.Delay(Outage));
        var outage = Stopwatch.GetElapsedTime(away);
        link.Set(LinkState.Open);
        var back = Stopwatch.GetTimestamp();
        await TakeAsync(_done, Uploaders * Uploads, work);
        await stop.CancelAsync();
        await work;

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"object store away for {outage.TotalSeconds:0.0} s: {_acknowledged.Count} files acknowledged, {_refusals.Count} uploads refused "
            + $"({string.Join("; ", _refusals.Distinct(StringComparer.Ordinal))}), first file {Stopwatch.GetElapsedTime(back, _times.Where(t => t > back).Min()).TotalMilliseconds:0} ms after its return");
        await VerifyAsync(run);
    }

    private static async Task TakeAsync(SemaphoreSlim semaphore, int count, Task work)
    {
        for (var i = 0; i < count; i++)
            await await Task.WhenAny(semaphore.WaitAsync(), work);
    }

    private async Task UploadAsync(string run, int uploader, CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var bytes = RandomNumberGenerator.GetBytes(Sizes[number % Sizes.Length]);
            var path = $"u{uploader}/{number}.bin";
            while (!await TryAsync($"{run}/artifacts/{path}", bytes) && !stop.IsCancellationRequested)
                _refused.Release();
            if (stop.IsCancellationRequested)
                return;
            _acknowledged[path] = Convert.ToHexStringLower(SHA256.HashData(bytes));
            _times.Enqueue(Stopwatch.GetTimestamp());
            _done.Release();
        }
    }

    /// <summary>True when it was taken; a refusal must be one that says so.</summary>
    private async Task<bool> TryAsync(string address, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        using var response = await _http.PutAsync(new Uri(address), content);
        if (response.IsSuccessStatusCode)
            return true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        _refusals.Add(problem.RootElement.GetProperty("detail").GetString()!);
        return false;
    }

    private async Task VerifyAsync(string run)
    {
        using var list = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri($"{run}/artifacts?recursive=true&limit=10000")));
        var entries = list.RootElement.GetProperty("entries").EnumerateArray()
            .ToDictionary(e => e.GetProperty("path").GetString()!, e => e.GetProperty("sha256").GetString()!, StringComparer.Ordinal);
        foreach (var (path, hash) in _acknowledged)
            Assert.Equal(hash, entries.GetValueOrDefault(path));
        foreach (var (path, hash) in entries)
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await _http.GetByteArrayAsync(new Uri($"{run}/artifacts/{path}")))));
    }
}
