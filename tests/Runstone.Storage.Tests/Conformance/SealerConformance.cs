using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>The sealer of nodes on a store of either engine.</summary>
public abstract class SealerConformance : StoreConformance
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Now));

    [Fact]
    public async Task Long_logs_are_sealed_at_once_short_ones_when_they_rest_or_end()
    {
        await WriteAsync(Create("long") with { Metrics = Many(0, 100) });
        await WriteAsync(Create("rests") with { Metrics = Many(0, 20) });
        await WriteAsync(Create("ends") with { Metrics = Many(0, 20), Patch = new RunPatch { Status = RunStatus.Finished } });
        var sealer = Sealer(Store, new SealerOptions { Points = 50 });

        Assert.True(await sealer.LookAsync(Token));
        Assert.Equal(new UnsealedTotals(2, 40), await Store.Seals.CountUnsealedAsync(Token));
        Assert.False(await sealer.LookAsync(Token));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await sealer.LookAsync(Token));
        Assert.Equal(new UnsealedTotals(1, 20), await Store.Seals.CountUnsealedAsync(Token));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await sealer.LookAsync(Token));
        Assert.Equal(new UnsealedTotals(0, 0), await Store.Seals.CountUnsealedAsync(Token));
    }

    [Fact]
    public async Task Nodes_share_the_work_and_nothing_is_lost_or_repeated()
    {
        var runs = Enumerable.Range(0, 6).Select(i => $"r{i}").ToArray();
        foreach (var run in runs)
            await WriteAsync(Create(run));
        var first = Sealer(Store, new SealerOptions { Points = 1, Workers = 2, Pass = new SealOptions { MaxPoints = 100 } });
        var other = Store.Another is { } open ? await open() : Store;
        var second = Sealer(other, new SealerOptions { Points = 1, Workers = 2, Pass = new SealOptions { MaxPoints = 70 } });
        for (var i = 0; i < 12; i++)
        {
            foreach (var run in runs)
                await WriteAsync(new IngestBatch(run) { Metrics = Many(i * 90, 100) });
            await Task.WhenAll(Task.Run(() => first.LookAsync(Token)), Task.Run(() => second.LookAsync(Token)));
        }

        if (other != Store)
            await other.Close();
        await first.LookAsync(Token);
        Assert.Equal(new UnsealedTotals(0, 0), await Store.Seals.CountUnsealedAsync(Token));
        foreach (var run in runs)
        {
            var points = await SeriesAsync(run, "a", SeriesOrder.Arrival);
            Assert.Equal(Enumerable.Range(0, 11 * 90 + 100).Select(i => (double)i), points.Select(p => p.Value));
        }
    }

    [Fact]
    public async Task A_run_that_fails_is_left_alone_for_a_while_and_the_lag_tells()
    {
        await WriteAsync(Create("r1") with { Metrics = Many(0, 10) });
        var store = new Failing(Store.Seals);
        var sealer = Sealer(Store with { Seals = store }, new SealerOptions { Points = 1 });

        Assert.False(await sealer.LookAsync(Token));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(1), sealer.Lag);
        Assert.False(await sealer.LookAsync(Token));
        Assert.Equal(1, store.Calls);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(await sealer.LookAsync(Token));
        Assert.Equal(2, store.Calls);
        store.Fails = false;
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.True(await sealer.LookAsync(Token));
        Assert.Equal(TimeSpan.Zero, sealer.Lag);
    }

    private static MetricBatch Many(int from, int count) =>
        new(["a"], Enumerable.Range(from, count).Select(i => new MetricPoint(0, new Step(i), i, i)).ToArray());

    private MetricSealer Sealer(StoreUnderTest store, SealerOptions options) =>
        new(store.Seals, store.Jobs, new SealSignal(options), options, _time, NullLogger<MetricSealer>.Instance);

    private sealed class Failing(ISealStore store) : ISealStore
    {
        public bool Fails { get; set; } = true;

        public int Calls { get; private set; }

        public Task<IReadOnlyList<UnsealedRun>> ListUnsealedAsync(long minPoints, long idleBefore, long endedBefore, int limit, CancellationToken cancellationToken) =>
            store.ListUnsealedAsync(minPoints, idleBefore, endedBefore, limit, cancellationToken);

        public Task<UnsealedTotals> CountUnsealedAsync(CancellationToken cancellationToken) => store.CountUnsealedAsync(cancellationToken);

        public Task<SealOutcome> SealAsync(long runNo, SealOptions options, CancellationToken cancellationToken)
        {
            Calls++;
            return Fails ? throw new RunstoneException(new Error(ErrorCode.Unavailable, "damaged")) : store.SealAsync(runNo, options, cancellationToken);
        }
    }
}
