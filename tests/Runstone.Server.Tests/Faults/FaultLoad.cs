using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Faults;

/// <summary>
/// Clients that each log to a run of their own, batch after batch, as the documentation asks of a client: a batch is numbered,
/// and sent again, to the next node, until some node acknowledges it. Points carry no step, so that a batch that was applied
/// twice shows in the number of points.
/// </summary>
internal sealed class FaultLoad : IDisposable
{
    public const int PointsPerBatch = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private IReadOnlyList<string> _nodes;
    private readonly string _ballast;
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), MaxConnectionsPerServer = 1000 }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _acknowledged;
    private readonly Task _work;
    private readonly ConcurrentQueue<(long At, int Client)> _times = new();
    private readonly Lock _lock = new();
    private (long[] Goal, TaskCompletionSource Reached)? _wait;
    private (int Goal, TaskCompletionSource Reached)? _refused;
    private int _refusals;

    /// <param name="nodes">Addresses of the nodes.</param>
    /// <param name="name">Begins the ids of the runs.</param>
    /// <param name="clients">How many.</param>
    /// <param name="ballast">Tags of 250,000 characters that each batch carries, to make it heavy.</param>
    public FaultLoad(IReadOnlyList<string> nodes, string name, int clients, int ballast = 0)
    {
        (_nodes, Name, _acknowledged) = (nodes, name, new long[clients]);
        var tags = Enumerable.Range(0, ballast).Select(i => $"\"ballast{i}\":\"{new string('x', 250_000)}\"");
        _ballast = ballast == 0 ? "" : $",\"tags\":{{{string.Join(',', tags)}}}";
        _work = Task.WhenAll(Enumerable.Range(0, clients).Select(RunAsync));
    }

    public string Name { get; }

    /// <summary>From now on clients go to these nodes.</summary>
    public void Turn(IReadOnlyList<string> nodes) => Volatile.Write(ref _nodes, nodes);

    public ConcurrentDictionary<HttpStatusCode, int> Statuses { get; } = new();

    public long Acknowledged => _acknowledged.Sum();

    /// <summary>Answers and broken connections that made a client try again.</summary>
    public int Refusals => _refusals;

    /// <summary>Refusals for the time being that did not say when to come again.</summary>
    public int WithoutRetryAfter;

    /// <summary>Completes when every client has so many more acknowledgements than now.</summary>
    public Task WaitAsync(int more)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wait = ([.. _acknowledged.Select(a => a + more)], reached);
            return Task.WhenAny(reached.Task, _work).Unwrap();
        }
    }

    /// <summary>Completes when so many more tries have failed than now.</summary>
    public Task WaitForRefusalsAsync(int more)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _refused = (_refusals + more, reached);
        return Task.WhenAny(reached.Task, _work).Unwrap();
    }

    /// <summary>How long after the moment (<see cref="Stopwatch.GetTimestamp"/>) the first and the last client had an acknowledgement again.</summary>
    public (TimeSpan First, TimeSpan All) ResumedAfter(long moment)
    {
        var firsts = _times.Where(t => t.At > moment).GroupBy(t => t.Client).Select(g => g.Min(t => t.At)).ToList();
        return (Stopwatch.GetElapsedTime(moment, firsts.Min()), Stopwatch.GetElapsedTime(moment, firsts.Max()));
    }

    /// <summary>Lets every client finish its batch.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
    }

    /// <summary>Batches that were acknowledged and are not there; fails when one is there twice or in part.</summary>
    public async Task<long> CountLostAsync(string address)
    {
        long lost = 0;
        for (var client = 0; client < _acknowledged.Length; client++)
        {
            using var run = JsonDocument.Parse(await _http.GetByteArrayAsync($"{address}/api/v1/runs/{RunId(client)}"));
            var kept = run.RootElement.GetProperty("run").GetProperty("params").EnumerateObject().Count();
            var points = run.RootElement.GetProperty("run").GetProperty("metrics").GetProperty("m").GetProperty("count").GetInt64();
            Assert.Equal((long)kept * PointsPerBatch, points);
            Assert.InRange(kept, 0, _acknowledged[client]);
            lost += _acknowledged[client] - kept;
        }

        return lost;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _http.Dispose();
    }

    private string Node(int number)
    {
        var nodes = Volatile.Read(ref _nodes);
        return nodes[number % nodes.Count];
    }

    private string RunId(int client) => $"{Name}-{client}";

    private async Task RunAsync(int client)
    {
        var node = client;
        await UntilAcknowledgedAsync("/api/v1/runs", $$"""{"experiment":"faults","id":"{{RunId(client)}}"}""");
        var values = string.Join(',', Enumerable.Range(0, PointsPerBatch));
        var zeros = string.Join(',', Enumerable.Repeat(0, PointsPerBatch));
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            await UntilAcknowledgedAsync(
                $"/api/v1/runs/{RunId(client)}/log",
                $$$"""{"source":"c{{{client}}}","sequence":{{{number}}},"params":{"p{{{number}}}":"v"}{{{_ballast}}},"metrics":{"keys":["m"],"key":[{{{zeros}}}],"value":[{{{values}}}]}}""");
            Count(client);
        }

        async Task UntilAcknowledgedAsync(string path, string json)
        {
            while (!await TryAsync(Node(node) + path, json))
            {
                node++;
                Refuse();
                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>True when the server took it, now or before.</summary>
    private async Task<bool> TryAsync(string address, string json)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.PostAsync(new Uri(address), content, patience.Token);
            Statuses.AddOrUpdate(response.StatusCode, 1, (_, n) => n + 1);
            var isTransient = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
            if (isTransient && response.Headers.RetryAfter is null)
                Interlocked.Increment(ref WithoutRetryAfter);
            var known = response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Conflict;
            Assert.True(isTransient || known, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(patience.Token)}");
            return known;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Refuse()
    {
        lock (_lock)
        {
            if (++_refusals >= _refused?.Goal)
                _refused?.Reached.TrySetResult();
        }
    }

    private void Count(int client)
    {
        _times.Enqueue((Stopwatch.GetTimestamp(), client));
        lock (_lock)
        {
            _acknowledged[client]++;
            if (_wait is { } wait && _acknowledged.Zip(wait.Goal).All(p => p.First >= p.Second))
                wait.Reached.TrySetResult();
        }
    }
}
