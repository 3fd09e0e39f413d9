using System.Globalization;
using System.Runtime.CompilerServices;
using Runstone.Core.Ingest;

namespace Runstone.Core.Metrics;

/// <summary>How long the points of runs are kept. Nothing goes by itself while both are null.</summary>
public sealed record RetentionOptions
{
    /// <summary>Points go when their run was not written to for this long; null keeps them whatever their age.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Bytes that the metrics of the store may take; above it those of the oldest runs go. Null: any number.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether anything may go.</summary>
    public bool IsOn => Age is not null || Bytes is not null;
}

/// <summary>A run whose points go, or went.</summary>
/// <param name="RunId">The run.</param>
/// <param name="UpdatedAt">When it was last written to, Unix milliseconds.</param>
/// <param name="Points">How many points it has, or had.</param>
/// <param name="Bytes">What they take, or took.</param>
/// <param name="Reason">Why, as it is recorded.</param>
public sealed record ExpiredRun(string RunId, long UpdatedAt, long Points, long Bytes, string Reason);

/// <summary>What retention found or did.</summary>
public sealed record RetentionReport
{
    /// <summary>False when nothing was changed.</summary>
    public required bool Applied { get; init; }

    /// <summary>Points of the whole store before.</summary>
    public required long StorePoints { get; init; }

    /// <summary>Bytes that they took.</summary>
    public required long StoreBytes { get; init; }

    /// <summary>Runs whose points go, or went.</summary>
    public required long Runs { get; init; }

    public required long Points { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Bytes above the limit that stay all the same, as the rest is of runs that are kept; 0 without a limit.</summary>
    public required long ExcessBytes { get; init; }

    /// <summary>The first of the runs, at most <see cref="Retention.MaxListed"/>.</summary>
    public required IReadOnlyList<ExpiredRun> List { get; init; }
}

/// <summary>
/// Erases the points of runs that are too old, or of the oldest ones while the store's metrics take too much. What tables show of them,
/// last, first, least and greatest value and count, stays, and so does everything else of the run. Runs that are running or scheduled,
/// that a version of a registered model comes from, that have the tag <see cref="IErasureStore.KeepTag"/>, or that were written to within
/// the last hour are not touched. Each run is one transaction, so that it can be stopped anywhere. Run by one node at a time.
/// </summary>
public sealed class Retention(IErasureStore store, TimeProvider time, ChangeFeed? feed = null)
{
    /// <summary>The lock under which it runs (<see cref="Jobs.IJobLock"/>).</summary>
    public const string LockName = "retention";

    /// <summary>Runs that a report names.</summary>
    public const int MaxListed = 1000;

    private const int Page = 200;

    /// <summary>A client may still send what belongs to a run that ended a moment ago.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    /// <summary>Without <paramref name="apply"/> nothing is changed, and the report says what would go.</summary>
    public async Task<RetentionReport> RunAsync(RetentionOptions options, bool apply, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var size = await store.MeasureAsync(cancellationToken);
        var (runs, points, bytes) = (0L, 0L, 0L);
        var list = new List<ExpiredRun>();
        await foreach (var run in OldestAsync(now - Quiet, cancellationToken))
        {
            if (Reason(options, run, now, size.Bytes - bytes) is not { } reason)
                break;
            var gone = apply ? await ExpireAsync(run, reason, now, cancellationToken) : run.Size.Points;
            if (gone is not { } count)
                continue;
            (runs, points, bytes) = (runs + 1, points + count, bytes + run.Size.Bytes);
            if (list.Count < MaxListed)
                list.Add(new ExpiredRun(run.RunId, run.UpdatedAt, count, run.Size.Bytes, reason));
            progress?.Report(runs);
        }

        return new RetentionReport
        {
            Applied = apply,
            StorePoints = size.Points,
            StoreBytes = size.Bytes,
            Runs = runs,
            Points = points,
            Bytes = bytes,
            ExcessBytes = options.Bytes is { } limit ? Math.Max(0, size.Bytes - bytes - limit) : 0,
            List = list,
        };
    }

    private async IAsyncEnumerable<ExpirableRun> OldestAsync(
        DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<ExpirableRun> page = [];
        do
        {
            page = await store.ListExpirableAsync(before.ToUnixTimeMilliseconds(), page.Count == 0 ? null : page[^1], Page, cancellationToken);
            foreach (var run in page)
                yield return run;
        }
        while (page.Count == Page);
    }

    /// <summary>Runs come oldest first, so behind the first one that stays all do.</summary>
    private static string? Reason(RetentionOptions options, ExpirableRun run, DateTimeOffset now, long bytes)
    {
        if (options.Age is { } age && run.UpdatedAt < (now - age).ToUnixTimeMilliseconds())
            return string.Create(CultureInfo.InvariantCulture, $"retention: not written to for {age.TotalDays:0.##} days");
        return options.Bytes is { } limit && bytes > limit
            ? string.Create(CultureInfo.InvariantCulture, $"retention: the metrics of the store take more than {limit} bytes")
            : null;
    }

    private async Task<long?> ExpireAsync(ExpirableRun run, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.ExpireAsync(run, reason, now.ToUnixTimeMilliseconds(), cancellationToken) is not { } erased)
            return null;
        EraseTelemetry.Points.Add(erased.Points);
        EraseTelemetry.Expired.Add(1);
        EraseTelemetry.ExpiredBytes.Add(run.Size.Bytes);
        feed?.Publish(new RunChange(run.ExperimentId, run.RunId, ChangeKinds.Metrics));
        return erased.Points;
    }
}
