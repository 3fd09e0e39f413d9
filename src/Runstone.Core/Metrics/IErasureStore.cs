namespace Runstone.Core.Metrics;

/// <summary>Points that were removed on purpose.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric; null for all metrics of the run.</param>
/// <param name="Points">How many points reads returned before; of points that were not sealed yet, repeats may be counted too.</param>
/// <param name="Reason">Why, as the one who asked for it said it.</param>
/// <param name="Time">When, Unix milliseconds.</param>
/// <param name="KeptSummaries">Last, first, min, max and count of the series stayed, as retention leaves them.</param>
public sealed record MetricErasure(string RunId, string? Key, long Points, string Reason, long Time, bool KeptSummaries);

/// <summary>What metrics take.</summary>
/// <param name="Points">Sealed points, and those of the log as they came.</param>
/// <param name="Bytes">Bytes of chunks, summaries, rollups, digests and rows of the log; what an engine adds to them is not counted.</param>
public readonly record struct MetricSize(long Points, long Bytes);

/// <summary>A run whose points may be erased by retention.</summary>
/// <param name="RunNo">The number of the run in its store.</param>
/// <param name="RunId">The run.</param>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="UpdatedAt">When it was last written to, its end included, Unix milliseconds.</param>
/// <param name="Size">What its metrics take.</param>
public sealed record ExpirableRun(long RunNo, string RunId, long ExperimentId, long UpdatedAt, MetricSize Size);

/// <summary>
/// Removes points for good: chunks, packs (written anew without the series), rollups, rows of the log, texts of long integers. An
/// erasure takes effect in one transaction, together with the record of it that stays: whoever reads sees all points or none, one that
/// fails or is stopped has removed nothing. What is removed are the points there are at that instant; what is written later is there as
/// in a new series. Numbers of batches that were applied stay known, so that sending a batch again does not bring points back. Needs no
/// lock: a pass of <see cref="ISealStore"/> that was prepared before changes nothing. Deleted runs are erased as others.
/// </summary>
public interface IErasureStore
{
    /// <summary>The tag that keeps retention away from a run, whatever its value.</summary>
    const string KeepTag = "runstone.keep";

    /// <summary>
    /// Erases one series with its summary; null when there is none, and then nothing is recorded. A long log is sealed first, in
    /// transactions of their own. Throws <see cref="Errors.RunstoneException"/> with <see cref="Errors.ErrorCode.Unavailable"/> when a
    /// row of the log or the pack that has its points is damaged: nothing is removed then.
    /// </summary>
    Task<MetricErasure?> EraseSeriesAsync(string runId, string key, string reason, long now, CancellationToken cancellationToken);

    /// <summary>Erases all series of a run with their summaries, damaged ones too; null when there is nothing to erase.</summary>
    Task<MetricErasure?> EraseRunAsync(string runId, string reason, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Erases the points of all series of a run and keeps their summaries, unless the run was written to since it was listed, or is
    /// no longer one that <see cref="ListExpirableAsync"/> lists: null then.
    /// </summary>
    Task<MetricErasure?> ExpireAsync(ExpirableRun run, string reason, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Runs with points that are neither running nor scheduled, that no version of a registered model comes from, and that lack the tag
    /// <see cref="KeepTag"/>; those that were not written to for the longest time first, at most <paramref name="limit"/> behind
    /// <paramref name="after"/>. Only those last written to before <paramref name="before"/> (Unix milliseconds).
    /// </summary>
    Task<IReadOnlyList<ExpirableRun>> ListExpirableAsync(long before, ExpirableRun? after, int limit, CancellationToken cancellationToken);

    /// <summary>What all metrics of the store take. Looks at every chunk, not at its points.</summary>
    Task<MetricSize> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>What was erased of these runs, in the order in which it was done.</summary>
    Task<IReadOnlyList<MetricErasure>> ListAsync(IReadOnlyCollection<string> runIds, CancellationToken cancellationToken);
}
