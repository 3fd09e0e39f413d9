using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Core.Metrics;

/// <summary>Use cases of erasure: points are removed for good, and it stays known that they were.</summary>
public sealed class ErasureService(IErasureStore store, IRunStore runs, ChangeFeed feed, TimeProvider time)
{
    /// <summary>Characters of a reason.</summary>
    public const int MaxReason = 1000;

    /// <summary>
    /// Erases a series, or with a null <paramref name="key"/> all of them, with their summaries, and tells who watches the run; null when
    /// there was nothing. A missing run is <see cref="RunNotFound"/>, a deleted one is erased as others.
    /// </summary>
    public async Task<MetricErasure?> EraseAsync(string runId, string? key, string reason, CancellationToken cancellationToken)
    {
        if (reason.Trim().Length is 0 or > MaxReason)
            throw new RunstoneException(Error.Invalid("reason", $"Say why, in 1 to {MaxReason} characters: the reason stays when the points are gone."));
        StoredText.Require("reason", reason);
        var run = await runs.GetAsync(runId, cancellationToken) ?? throw new RunstoneException(new RunNotFound(runId));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var erased = key is null
            ? await store.EraseRunAsync(runId, reason, now, cancellationToken)
            : await store.EraseSeriesAsync(runId, key, reason, now, cancellationToken);
        if (erased is null)
            return null;
        EraseTelemetry.Points.Add(erased.Points);
        feed.Publish(new RunChange(run.ExperimentId, run.Id, ChangeKinds.Metrics));
        return erased;
    }

    /// <summary>What was erased of a run, in the order in which it was done.</summary>
    public Task<IReadOnlyList<MetricErasure>> ListAsync(string runId, CancellationToken cancellationToken) => store.ListAsync([runId], cancellationToken);

    /// <summary>What was erased of series: of the whole run, or of the series itself.</summary>
    public async Task<IReadOnlyList<MetricErasure>> ListAsync(IReadOnlyCollection<(string RunId, string Key)> series, CancellationToken cancellationToken)
    {
        var all = await store.ListAsync([.. series.Select(s => s.RunId).Distinct(StringComparer.Ordinal)], cancellationToken);
        if (all.Count == 0)
            return all;
        var asked = series.ToHashSet();
        return [.. all.Where(e => e.Key is null || asked.Contains((e.RunId, e.Key)))];
    }
}
