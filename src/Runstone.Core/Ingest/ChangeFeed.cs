namespace Runstone.Core.Ingest;

/// <summary>What changed in a run.</summary>
[Flags]
public enum ChangeKinds
{
    None = 0,
    Created = 1,

    /// <summary>Name, status, times, notes, lifecycle, parent, environment.</summary>
    Facts = 2,
    Params = 4,
    Tags = 8,
    Metrics = 16,
    Artifacts = 32,
    Inputs = 64,
    Comments = 128,
    Console = 256,
    Media = 512,
}

/// <summary>A run changed, or an experiment itself. Carries ids only: whoever cares reads the store.</summary>
/// <param name="ExperimentId">The experiment, or that of the run.</param>
/// <param name="RunId">Empty when the experiment itself changed.</param>
/// <param name="Kinds">What of it.</param>
public readonly record struct RunChange(long ExperimentId, string RunId, ChangeKinds Kinds)
{
    /// <summary>A change of an experiment itself: its facts, tags and notes, or what was said about it.</summary>
    public static RunChange OfExperiment(long experimentId, ChangeKinds kinds) => new(experimentId, "", kinds);
}

/// <summary>Which changes a subscriber wants; null members mean any.</summary>
public sealed record ChangeFilter(IReadOnlySet<long>? ExperimentIds = null, IReadOnlySet<string>? RunIds = null)
{
    internal bool Matches(in RunChange change) =>
        (ExperimentIds is null || ExperimentIds.Contains(change.ExperimentId)) && (RunIds is null || RunIds.Contains(change.RunId));
}

/// <summary>
/// Tells subscribers in this process which runs changed. Publishing never waits: a subscriber that is slow finds its changes
/// merged by run, and when more than <see cref="ChangeSubscription.MaxPending"/> runs are waiting, one change that says so.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Lock _lock = new();
    private ChangeSubscription[] _subscriptions = [];

    /// <summary>How many subscriptions are open.</summary>
    public int Subscribers => Volatile.Read(ref _subscriptions).Length;

    /// <summary>Tells everybody of a change that this process made.</summary>
    public void Publish(in RunChange change)
    {
        foreach (var subscription in Volatile.Read(ref _subscriptions))
            subscription.Add(change);
    }

    /// <summary>
    /// Tells of changes that other nodes made everybody but those who send changes to other nodes; an empty list says that
    /// anything may have changed.
    /// </summary>
    public void PublishRemote(IReadOnlyCollection<RunChange> changes)
    {
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            if (subscription.LocalOnly)
                continue;
            if (changes.Count == 0)
                subscription.AddEverything();
            foreach (var change in changes)
                subscription.Add(change);
        }
    }

    /// <summary>
    /// Begins to collect changes; dispose the subscription to end it. <paramref name="localOnly"/> leaves out what other nodes did.
    /// </summary>
    public ChangeSubscription Subscribe(ChangeFilter filter, bool localOnly = false)
    {
        var subscription = new ChangeSubscription(this, filter, localOnly);
        lock (_lock)
            _subscriptions = [.. _subscriptions, subscription];
        return subscription;
    }

    internal void Remove(ChangeSubscription subscription)
    {
        lock (_lock)
            _subscriptions = [.. _subscriptions.Where(s => !ReferenceEquals(s, subscription))];
    }
}

/// <summary>The changes of one subscriber, merged by run until it takes them.</summary>
public sealed class ChangeSubscription : IDisposable
{
    /// <summary>Distinct runs kept for a slow subscriber.</summary>
    public const int MaxPending = 10_000;

    private readonly ChangeFeed _feed;
    private readonly ChangeFilter _filter;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private Dictionary<(long Experiment, string Run), RunChange> _pending = [];
    private bool _overflow;

    internal ChangeSubscription(ChangeFeed feed, ChangeFilter filter, bool localOnly) => (_feed, _filter, LocalOnly) = (feed, filter, localOnly);

    internal bool LocalOnly { get; }

    /// <summary>
    /// Waits until something changed and returns all changes since the last call, one a run. An empty list means that too many
    /// runs changed to list them: the subscriber reads everything it shows again.
    /// </summary>
    public async ValueTask<IReadOnlyCollection<RunChange>> NextAsync(CancellationToken cancellationToken)
    {
        await _signal.WaitAsync(cancellationToken);
        return Take() ?? [];
    }

    /// <summary>What waits now, as <see cref="NextAsync"/> returns it; null when nothing does.</summary>
    internal IReadOnlyCollection<RunChange>? Take()
    {
        lock (_lock)
        {
            if (_pending.Count == 0 && !_overflow)
                return null;
            var (taken, overflow) = (_pending, _overflow);
            _pending = [];
            _overflow = false;
            return overflow ? [] : taken.Values;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _feed.Remove(this);
        _signal.Dispose();
    }

    internal void Add(in RunChange change)
    {
        if (!_filter.Matches(change))
            return;
        lock (_lock)
        {
            var wasEmpty = _pending.Count == 0 && !_overflow;
            if (_pending.TryGetValue((change.ExperimentId, change.RunId), out var earlier))
                _pending[(change.ExperimentId, change.RunId)] = change with { Kinds = earlier.Kinds | change.Kinds };
            else if (_pending.Count < MaxPending)
                _pending.Add((change.ExperimentId, change.RunId), change);
            else
                _overflow = true;
            if (!wasEmpty)
                return;
        }

        Signal();
    }

    internal void AddEverything()
    {
        lock (_lock)
        {
            var wasEmpty = _pending.Count == 0 && !_overflow;
            _overflow = true;
            if (!wasEmpty)
                return;
        }

        Signal();
    }

    private void Signal()
    {
        try
        {
            _signal.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // A signal is already waiting, or the subscriber has just left.
        }
    }
}
