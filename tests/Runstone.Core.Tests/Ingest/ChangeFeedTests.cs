using Runstone.Core.Ingest;

namespace Runstone.Core.Tests.Ingest;

public sealed class ChangeFeedTests
{
    private readonly ChangeFeed _feed = new();

    [Fact]
    public async Task Changes_of_a_run_are_merged_until_taken()
    {
        using var subscription = _feed.Subscribe(new ChangeFilter());
        _feed.Publish(new RunChange(1, "a", ChangeKinds.Params));
        _feed.Publish(new RunChange(1, "b", ChangeKinds.Tags));
        _feed.Publish(new RunChange(1, "a", ChangeKinds.Metrics));
        var changes = await subscription.NextAsync(default);
        Assert.Equal([new RunChange(1, "a", ChangeKinds.Params | ChangeKinds.Metrics), new(1, "b", ChangeKinds.Tags)], changes.OrderBy(c => c.RunId, StringComparer.Ordinal));
        var next = subscription.NextAsync(default);
        Assert.False(next.IsCompleted);
        _feed.Publish(new RunChange(1, "c", ChangeKinds.Created));
        Assert.Equal("c", Assert.Single(await next).RunId);
    }

    [Fact]
    public async Task A_filter_lets_through_what_it_names()
    {
        using var subscription = _feed.Subscribe(new ChangeFilter(new HashSet<long> { 1 }, new HashSet<string>(StringComparer.Ordinal) { "a" }));
        _feed.Publish(new RunChange(1, "b", ChangeKinds.Tags));
        _feed.Publish(new RunChange(2, "a", ChangeKinds.Tags));
        _feed.Publish(new RunChange(1, "a", ChangeKinds.Params));
        Assert.Equal(ChangeKinds.Params, Assert.Single(await subscription.NextAsync(default)).Kinds);
    }

    [Fact]
    public async Task Too_many_runs_become_an_empty_list_once()
    {
        using var subscription = _feed.Subscribe(new ChangeFilter());
        for (var i = 0; i <= ChangeSubscription.MaxPending; i++)
            _feed.Publish(new RunChange(1, $"r{i}", ChangeKinds.Tags));
        Assert.Empty(await subscription.NextAsync(default));
        _feed.Publish(new RunChange(1, "a", ChangeKinds.Tags));
        Assert.Single(await subscription.NextAsync(default));
    }

    [Fact]
    public async Task Who_left_is_not_told_and_who_gives_up_misses_nothing()
    {
        var gone = _feed.Subscribe(new ChangeFilter());
        using var stays = _feed.Subscribe(new ChangeFilter());
        gone.Dispose();
        Assert.Equal(1, _feed.Subscribers);
        using var impatient = new CancellationTokenSource();
        var waiting = stays.NextAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _feed.Publish(new RunChange(1, "a", ChangeKinds.Tags));
        Assert.Single(await stays.NextAsync(default));
    }
}
