using System.Net.Http.Headers;
using System.Text.Json;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Seed;

/// <summary>The server that is filled, through its own API as any client would.</summary>
internal sealed class Target : IAsyncDisposable
{
    /// <summary>Requests at a time: enough that commits share waits for the disk.</summary>
    private const int Clients = 8;

    private readonly HttpClient _http;

    public Target(Uri address)
    {
        Client = new TrackingClient(address);
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public TrackingClient Client { get; }

    /// <summary>Does <paramref name="one"/> for 0 to <paramref name="count"/> - 1, several at a time, and says how far it is.</summary>
    public static Task ForEachAsync(int count, Func<int, Task> one)
    {
        var done = 0;
        return Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (number, _) =>
        {
            await one(number);
            if (Interlocked.Increment(ref done) is var now && now % 10_000 == 0)
                Console.WriteLine($"  {now} of {count}");
        });
    }

    /// <summary>Creates a run, logs to it and ends it: two requests.</summary>
    public async Task RunAsync(CreateRunRequest run, LogRequest content)
    {
        await Client.Runs.CreateAsync(run);
        await Client.Runs.LogAsync(run.Id!, content);
    }

    /// <summary>Sends points as bytes; throws when one batch was not kept.</summary>
    public async Task LogPointsAsync(MetricBatchWriter batches)
    {
        using var body = new ReadOnlyMemoryContent(batches.Written);
        body.Headers.ContentType = new MediaTypeHeaderValue(MetricBatchFormat.MediaType);
        using var response = await _http.PostAsync(new Uri("/api/v1/metrics/batches", UriKind.Relative), body);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || JsonDocument.Parse(answer).RootElement.GetProperty("batches").EnumerateArray().Any(b => b.TryGetProperty("error", out _)))
            throw new InvalidOperationException($"The server answered {(int)response.StatusCode}: {answer}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Client.DisposeAsync();
    }
}
