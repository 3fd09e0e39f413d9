using BenchmarkDotNet.Attributes;
using Runstone.Client;

namespace Runstone.Benchmarks;

/// <summary>
/// What a log call costs the thread that trains: a copy into the mapped outbox. The server is away, so nothing is uploaded
/// meanwhile; new segments are made and zeroed as they are in a real run.
/// </summary>
[MemoryDiagnoser]
public class ClientLogBenchmark
{
    // 200 MB of outbox an invocation would fill the disk of a long job, so each iteration begins with a run of its own.
    private const int Calls = 1_000_000;

    private string _home = "";
    private TrackingClient? _client;
    private Run? _run;

    [IterationSetup]
    public void Start()
    {
        _home = Directory.CreateTempSubdirectory("runstone-bench-").FullName;
        _client = new TrackingClient("http://127.0.0.1:9", new TrackingClientOptions
        {
            HomeFolder = _home,
            DrainTimeout = TimeSpan.Zero,
            Diagnostics = _ => { },
        });
        var options = new RunOptions { CaptureEnvironment = false, SystemMetricsInterval = TimeSpan.Zero };
        _run = _client.StartRunAsync("bench", options).GetAwaiter().GetResult();
        for (var i = 0; i < 16; i++)
            _run.Log("metric/" + i, 0, 0);
    }

    [IterationCleanup]
    public void End()
    {
        _run!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _client!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>One key, one step.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public void Log()
    {
        var run = _run!;
        for (var step = 0; step < Calls; step++)
            run.Log("metric/3", 0.5, step);
    }

    /// <summary>Four values at one step; the time is that of one value.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public void LogMetrics()
    {
        var run = _run!;
        for (var step = 0; step < Calls / 4; step++)
            run.LogMetrics(step, ("metric/0", 0.5), ("metric/1", 0.25), ("metric/2", 0.125), ("metric/3", 1));
    }
}
