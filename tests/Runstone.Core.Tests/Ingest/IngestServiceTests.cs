using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Core.Tests.Ingest;

public sealed class IngestServiceTests
{
    private readonly MemoryIngestStore _store = new();
    private readonly ChangeFeed _feed = new();

    [Fact]
    public async Task Batches_that_wait_share_a_commit_and_get_their_own_outcomes()
    {
        await using var service = NewService();
        var first = service.WriteAsync(Create("a"), default).AsTask();
        await _store.AtGate.Task;
        var others = Enumerable.Range(0, 10).Select(i => service.SubmitAsync(Create(i < 9 ? $"r{i}" : "a"), default).AsTask()).ToList();
        _store.Gate.SetResult();
        Assert.Equal("a", (await first).Id);
        var outcomes = await Task.WhenAll(others);
        Assert.All(outcomes[..9], o => Assert.Null(o.Error));
        Assert.IsType<RunAlreadyExists>(outcomes[9].Error);
        Assert.Equal([1, 10], _store.Groups);
    }

    [Fact]
    public async Task Groups_are_bounded()
    {
        await using var service = NewService(new IngestOptions { GroupSize = 4, QueueLength = 100 });
        var first = service.WriteAsync(Create("a"), default).AsTask();
        await _store.AtGate.Task;
        var others = Enumerable.Range(0, 10).Select(i => service.WriteAsync(Create($"r{i}"), default).AsTask()).ToList();
        _store.Gate.SetResult();
        await Task.WhenAll([first, .. others]);
        Assert.Equal([1, 4, 4, 2], _store.Groups);
    }

    [Fact]
    public async Task A_failed_commit_is_told_to_everybody_in_it_and_the_next_one_works()
    {
        await using var service = NewService();
        _store.Gate.SetResult();
        _store.Fault = new RunstoneException(new Error(ErrorCode.StorageFull, "full"));
        Assert.Equal(ErrorCode.StorageFull, (await service.SubmitAsync(Create("a"), default)).Error?.Code);
        _store.Fault = new InvalidOperationException("broken");
        Assert.Equal(ErrorCode.Unavailable, (await service.SubmitAsync(Create("a"), default)).Error?.Code);
        Assert.Equal("a", (await service.WriteAsync(Create("a"), default)).Id);
    }

    [Fact]
    public async Task What_was_taken_is_written_when_the_service_stops_and_later_batches_are_refused()
    {
        var service = NewService();
        var taken = service.WriteAsync(Create("a"), default).AsTask();
        await _store.AtGate.Task;
        var stop = service.DisposeAsync().AsTask();
        Assert.Equal(ErrorCode.Unavailable, (await service.SubmitAsync(Create("b"), default)).Error?.Code);
        Assert.False(stop.IsCompleted);
        _store.Gate.SetResult();
        Assert.Equal("a", (await taken).Id);
        await stop;
    }

    [Fact]
    public async Task An_invalid_batch_never_reaches_the_store()
    {
        await using var service = NewService();
        Assert.Equal("run_id", (await service.SubmitAsync(Create("../a"), default)).Error?.Field);
        Assert.Empty(_store.Groups);
    }

    [Fact]
    public async Task Writes_are_announced_but_not_refusals_and_replays()
    {
        await using var service = NewService();
        _store.Gate.SetResult();
        using var subscription = _feed.Subscribe(new ChangeFilter());
        await service.SubmitAsync(new IngestBatch("none") { Patch = new RunPatch() }, default);
        await service.WriteAsync(Create("a"), default);
        await service.WriteAsync(new IngestBatch("a") { Sequence = new BatchSequence("s", 0), Params = [new Param("p", "1")] }, default);
        await service.WriteAsync(new IngestBatch("a") { Metrics = new MetricBatch(["m"], new[] { new MetricPoint(0, Step.Unset, 0, 1) }) }, default);
        var change = Assert.Single(await subscription.NextAsync(default));
        Assert.Equal(new RunChange(7, "a", ChangeKinds.Created | ChangeKinds.Metrics), change);
    }

    private IngestService NewService(IngestOptions? options = null) =>
        new(_store, _feed, TimeProvider.System, options ?? new IngestOptions(), NullLogger<IngestService>.Instance);

    private static IngestBatch Create(string id) => new(id) { Create = new NewRun(7) };
}
