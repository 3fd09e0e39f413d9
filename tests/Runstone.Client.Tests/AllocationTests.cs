namespace Runstone.Client.Tests;

/// <summary>What a call costs the training thread in memory: nothing.</summary>
public sealed class AllocationTests
{
    private const int Calls = 300_000;

    [Fact]
    public async Task Logging_allocates_nothing_in_steady_state()
    {
        await using var bench = new Bench(Nowhere.Address, new TrackingClientOptions { DrainTimeout = TimeSpan.Zero });
        await using var run = await bench.StartAsync();
        // The first round defines keys, compiles and makes the first segments.
        LogAll(run, 100_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        LogAll(run, Calls);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // A new segment of 4 MiB, every 87,000 records, takes a handful of small objects; a call that allocated would show as millions.
        Assert.InRange(allocated, 0, Calls / 10);
        Assert.Equal(0, run.DroppedCount);
    }

    [Fact]
    public async Task Within_a_segment_not_one_byte_is_allocated()
    {
        await using var bench = new Bench(Nowhere.Address, new TrackingClientOptions { DrainTimeout = TimeSpan.Zero, SegmentBytes = 64 * 1024 * 1024 });
        await using var run = await bench.StartAsync();
        LogAll(run, 20_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        LogAll(run, 100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void LogAll(Run run, int calls)
    {
        for (var step = 0; step < calls; step += 5)
        {
            run.Log("train/loss", 1.0 / (step + 1), step);
            run.Log("train/accuracy", step);
            run.Log("tokens", long.MaxValue - step, step);
            run.LogMetrics(step, ("val/loss", 0.5), ("val/accuracy", 0.25));
        }
    }
}

/// <summary>An address where nobody listens.</summary>
internal static class Nowhere
{
    public const string Address = "http://127.0.0.1:9";
}
