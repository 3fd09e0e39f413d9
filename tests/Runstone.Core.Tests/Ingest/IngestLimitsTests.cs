using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Core.Tests.Ingest;

public sealed class IngestLimitsTests
{
    private readonly MemoryIngestStore _store = new();
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(3, 1L << 30)]
    [InlineData(1000, 200_000)]
    public async Task A_request_that_finds_no_room_waits_and_is_refused_as_busy_while_others_stay(int batches, long bytes)
    {
        await using var service = NewService(new IngestOptions { QueueLength = batches, QueueBytes = bytes, QueueWait = TimeSpan.FromSeconds(2) });
        var taken = Enumerable.Range(0, 3).Select(i => service.SubmitAsync(Points($"r{i}", 1500), default).AsTask()).ToList();
        await _store.AtGate.Task;
        var late = service.SubmitAsync(Points("late", 1500), default).AsTask();
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        var refused = (await late).Error;
        Assert.Equal(ErrorCode.Busy, refused?.Code);
        Assert.Contains("again", refused!.Message, StringComparison.Ordinal);

        var patient = service.SubmitAsync(Points("patient", 1500), default).AsTask();
        _store.Gate.SetResult();
        Assert.Null((await patient).Error);
        Assert.All(await Task.WhenAll(taken), o => Assert.Null(o.Error));
        Assert.Equal(4, _store.Groups.Sum());
    }

    [Fact]
    public async Task A_batch_larger_than_the_whole_queue_is_written_alone()
    {
        await using var service = NewService(new IngestOptions { QueueBytes = 1000 });
        _store.Gate.SetResult();
        var small = service.SubmitAsync(Points("small", 1), default).AsTask();
        var large = service.SubmitAsync(Points("large", 100_000), default).AsTask();
        Assert.Null((await small).Error);
        Assert.Null((await large).Error);
    }

    [Fact]
    public async Task Batches_of_a_run_stay_in_order_whatever_the_number_of_writers()
    {
        var store = new OrderStore();
        var service = new IngestService(
            store, new ChangeFeed(), TimeProvider.System, new IngestOptions { Writers = 4, GroupSize = 8 }, NullLogger<IngestService>.Instance);
        var runs = Enumerable.Range(0, 40).Select(r => Task.Run(async () =>
        {
            var sent = new List<Task<IngestOutcome>>();
            for (var i = 0; i < 50; i++)
                sent.Add(service.SubmitAsync(new IngestBatch($"r{r}") { Sequence = new BatchSequence("s", i) }, default).AsTask());
            Assert.All(await Task.WhenAll(sent), o => Assert.Null(o.Error));
        }));
        await Task.WhenAll(runs);
        await service.DisposeAsync();
        Assert.All(store.Seen.Values, numbers => Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), numbers));
        Assert.Equal(40, store.Seen.Count);
    }

    [Fact]
    public async Task What_is_little_shares_a_group_even_when_there_are_more_writers()
    {
        await using var service = NewService(new IngestOptions { Writers = 4 });
        var first = service.SubmitAsync(Points("first", 1), default).AsTask();
        await _store.AtGate.Task;
        var others = Enumerable.Range(0, 64).Select(i => service.SubmitAsync(Points($"r{i}", 1), default).AsTask()).ToList();
        _store.Gate.SetResult();
        Assert.Null((await first).Error);
        Assert.All(await Task.WhenAll(others), o => Assert.Null(o.Error));
        Assert.Equal([1, 64], _store.Groups);
    }

    [Fact]
    public void Lanes_are_filled_one_after_another_and_a_run_stays_in_its_own()
    {
        var choice = new LaneChoice(3);
        var large = new PendingBatch(new IngestBatch("large"), LaneChoice.Enough);
        Assert.Equal([0, 0, 1], [choice.Enter("small", 10), choice.Enter("large", large.Bytes), choice.Enter("other", 2 * LaneChoice.Enough)]);
        Assert.Equal([0, 1, 2, 2], [choice.Enter("large", 1), choice.Enter("other", 1), choice.Enter("third", LaneChoice.Enough), choice.Enter("fourth", 1)]);

        // All hold enough: the one with the least.
        Assert.Equal(2, choice.Enter("fifth", 1));
        choice.Leave([large]);
        Assert.Equal([0, 0], [choice.Enter("large", 1), choice.Enter("sixth", 1)]);
    }

    [Fact]
    public async Task All_writers_are_drained_when_the_service_stops()
    {
        var service = NewService(new IngestOptions { Writers = 4 });
        var taken = Enumerable.Range(0, 100).Select(i => service.SubmitAsync(Points($"r{i}", 1), default).AsTask()).ToList();
        await _store.AtGate.Task;
        var stop = service.DisposeAsync().AsTask();
        Assert.Equal(ErrorCode.Unavailable, (await service.SubmitAsync(Points("late", 1), default)).Error?.Code);
        _store.Gate.SetResult();
        await stop;
        Assert.All(await Task.WhenAll(taken), o => Assert.Null(o.Error));
    }

    [Fact]
    public void The_estimate_grows_with_points_and_texts()
    {
        var empty = BatchMemory.Estimate(new IngestBatch("r"));
        Assert.InRange(BatchMemory.Estimate(Points("r", 1000)), 40_000, 42_000);
        Assert.InRange(BatchMemory.Estimate(new IngestBatch("r") { Params = [new Param("p", new string('x', 10_000))] }) - empty, 20_000, 21_000);
        Assert.InRange(BatchMemory.Estimate(new IngestBatch("r") { Patch = new RunPatch { Notes = new string('x', 10_000) } }) - empty, 20_000, 21_000);
    }

    private static IngestBatch Points(string run, int count) =>
        new(run) { Create = new NewRun(7), Metrics = new MetricBatch(["m"], new MetricPoint[count]) };

    private IngestService NewService(IngestOptions options) =>
        new(_store, new ChangeFeed(), _time, options, NullLogger<IngestService>.Instance);

    /// <summary>Notes the order of each run's batches; a run in two commits at once is a failure. Needs two writers.</summary>
    private sealed class OrderStore : IIngestStore
    {
        private readonly ConcurrentDictionary<string, bool> _busy = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _commits;

        public ConcurrentDictionary<string, List<long>> Seen { get; } = new(StringComparer.Ordinal);

        public async ValueTask CommitAsync(
            IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
        {
            // The first commit ends only once another writer has begun one.
            if (Interlocked.Increment(ref _commits) == 1)
                await _second.Task;
            else
                _second.TrySetResult();
            var runs = batches.Select(b => b.RunId).ToHashSet(StringComparer.Ordinal);
            foreach (var run in runs)
                Assert.True(_busy.TryAdd(run, true));
            await Task.Yield();
            for (var i = 0; i < batches.Count; i++)
            {
                Seen.GetOrAdd(batches[i].RunId, _ => []).Add(batches[i].Sequence!.Number);
                outcomes.Span[i] = new IngestOutcome(new Run { Id = batches[i].RunId, ExperimentId = 7 }, null);
            }

            foreach (var run in runs)
                Assert.True(_busy.TryRemove(run, out _));
        }
    }
}
