using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Runstone.Core.Ingest;

namespace Runstone.Core.Tests.Ingest;

public sealed class ChangeRelayTests
{
    private readonly MemoryBus _bus = new();
    private readonly FakeTimeProvider _time = new();
    private readonly LineLogger _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_service_writes_is_told_to_the_pages_of_the_other_and_not_sent_back()
    {
        var (first, second) = (new ChangeFeed(), new ChangeFeed());
        var (here, there) = (_bus.Join(), _bus.Join());
        await using var one = Relay(first, here);
        await using var two = Relay(second, there);
        using var page = second.Subscribe(new ChangeFilter());
        using var own = first.Subscribe(new ChangeFilter());
        var store = new MemoryIngestStore();
        store.Gate.SetResult();
        await using var service = new IngestService(store, first, _time, new IngestOptions(), NullLogger<IngestService>.Instance);
        await service.WriteAsync(new IngestBatch("a") { Create = new NewRun(7) }, Cancellation);
        Assert.Equal(new RunChange(7, "a", ChangeKinds.Created), Assert.Single(await page.NextAsync(Cancellation)));
        Assert.Single(await own.NextAsync(Cancellation));

        second.Publish(new RunChange(7, "b", ChangeKinds.Tags));
        Assert.Equal("b", Assert.Single(await there.Sent.Reader.ReadAsync(Cancellation)).RunId);
        Assert.Equal("b", Assert.Single(await own.NextAsync(Cancellation)).RunId);
    }

    [Fact]
    public async Task Changes_within_the_pause_go_out_as_one_message_merged_by_run()
    {
        var feed = new ChangeFeed();
        var node = _bus.Join();
        await using var relay = Relay(feed, node);
        feed.Publish(new RunChange(1, "first", ChangeKinds.Tags));
        Assert.Equal("first", Assert.Single(await node.Sent.Reader.ReadAsync(Cancellation)).RunId);
        for (var i = 0; i < 1000; i++)
            feed.Publish(new RunChange(1, $"r{i % 2}", i < 500 ? ChangeKinds.Tags : ChangeKinds.Metrics));
        var next = await AdvanceAsync(() => node.Sent.Reader.ReadAsync(Cancellation).AsTask());
        Assert.Equal(["r0", "r1"], next.Select(c => c.RunId).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(next, c => Assert.Equal(ChangeKinds.Tags | ChangeKinds.Metrics, c.Kinds));
        Assert.False(node.Sent.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Too_many_runs_become_an_empty_message_and_reach_every_page_whatever_it_asks_for()
    {
        var (first, second) = (new ChangeFeed(), new ChangeFeed());
        await using var one = Relay(first, _bus.Join());
        var node = _bus.Join();
        await using var two = Relay(second, node);
        using var page = second.Subscribe(new ChangeFilter(RunIds: new HashSet<string>(["other"], StringComparer.Ordinal)));
        first.Publish(new RunChange(1, "other", ChangeKinds.Tags));
        Assert.Single(await page.NextAsync(Cancellation));
        for (var i = 0; i <= ChangeSubscription.MaxPending; i++)
            first.Publish(new RunChange(1, $"r{i}", ChangeKinds.Tags));
        Assert.Empty(await AdvanceAsync(() => page.NextAsync(Cancellation).AsTask()));
        Assert.False(node.Sent.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_bus_that_fails_is_logged_once_and_when_it_is_back_the_others_look_at_everything()
    {
        var (first, second) = (new ChangeFeed(), new ChangeFeed());
        var node = _bus.Join();
        await using var one = Relay(first, node);
        await using var two = Relay(second, _bus.Join());
        using var page = second.Subscribe(new ChangeFilter());
        first.Publish(new RunChange(1, "ready", ChangeKinds.Tags));
        Assert.Single(await page.NextAsync(Cancellation));
        await node.Sent.Reader.ReadAsync(Cancellation);
        _bus.Fault = new IOException("gone");
        for (var i = 0; i < 5; i++)
        {
            first.Publish(new RunChange(1, $"r{i}", ChangeKinds.Tags));
            await AdvanceAsync(() => node.Sent.Reader.ReadAsync(Cancellation).AsTask());
        }

        Assert.Single(_log.Warnings);
        _bus.Fault = null;
        Assert.Empty(await AdvanceAsync(() => page.NextAsync(Cancellation).AsTask()));
    }

    [Fact]
    public async Task A_lost_connection_makes_pages_look_at_everything()
    {
        var feed = new ChangeFeed();
        await using var relay = Relay(feed, _bus.Join());
        using var page = feed.Subscribe(new ChangeFilter());
        _bus.Interrupt();
        Assert.Empty(await page.NextAsync(Cancellation));
    }

    [Fact]
    public async Task A_bus_that_cannot_listen_is_tried_again()
    {
        _bus.Fault = new IOException("gone");
        var feed = new ChangeFeed();
        await using var relay = Relay(feed, _bus.Join());
        using var page = feed.Subscribe(new ChangeFilter());
        Assert.Empty(await AdvanceAsync(() => page.NextAsync(Cancellation).AsTask()));
        _bus.Fault = null;
        using var other = feed.Subscribe(new ChangeFilter());
        _bus.Interrupt();
        Assert.Empty(await AdvanceAsync(() => other.NextAsync(Cancellation).AsTask()));
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task What_was_written_last_is_sent_when_the_node_stops()
    {
        var feed = new ChangeFeed();
        var node = _bus.Join();
        var relay = Relay(feed, node);
        feed.Publish(new RunChange(1, "a", ChangeKinds.Tags));
        await node.Sent.Reader.ReadAsync(Cancellation);
        feed.Publish(new RunChange(1, "b", ChangeKinds.Tags));
        await relay.DisposeAsync();
        Assert.Equal("b", Assert.Single(await node.Sent.Reader.ReadAsync(Cancellation)).RunId);
        Assert.Equal(0, feed.Subscribers);
    }

    private ChangeRelay Relay(ChangeFeed feed, IChangeBus bus) => new(feed, bus, _time, _log);

    /// <summary>Lets time pass until the task is done.</summary>
    private async Task<T> AdvanceAsync<T>(Func<Task<T>> begin)
    {
        var task = begin();
        while (!task.IsCompleted)
        {
            _time.Advance(ChangeRelay.Pause);
            await Task.Yield();
        }

        return await task;
    }

    private sealed class LineLogger : ILogger<ChangeRelay>
    {
        public ConcurrentQueue<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                Warnings.Enqueue(formatter(state, exception));
        }
    }
}
