namespace Runstone.Core.Metrics;

/// <summary>A run whose log is to be sealed.</summary>
/// <param name="RunNo">The number of the run in its store.</param>
/// <param name="Points">Points of its log that are in no chunk. Rows of stores from before chunks count as one point each.</param>
/// <param name="UpdatedAt">When the run was last written to, Unix milliseconds.</param>
/// <param name="HasEnded">The run is neither running nor scheduled.</param>
public readonly record struct UnsealedRun(long RunNo, long Points, long UpdatedAt, bool HasEnded);

/// <summary>All that is not sealed.</summary>
/// <param name="Runs">Runs that have points in their log, or ended and may have small chunks.</param>
/// <param name="Points">Points in no chunk.</param>
public readonly record struct UnsealedTotals(long Runs, long Points);

/// <summary>How much a pass does.</summary>
public sealed record SealOptions
{
    /// <summary>
    /// A pass takes rows of the log until it has this many points, at least one row, so at most 262,143 more; while small chunks of
    /// an ended run are merged, about as many points of chunks. Memory grows in proportion: some 100 bytes a point. Default 262,144.
    /// </summary>
    public int MaxPoints { get; init; } = 262_144;

    /// <summary>
    /// A transaction replaces chunks and packs until they have this many points, and at most one pack more. When new points lie in more of
    /// them, a pass is several transactions, of which the last one removes the rows of the log; until then points are in
    /// both, which no read shows. What is encoded is held until it is written: some 10 bytes a point. Default 1,048,576.
    /// </summary>
    public int MaxReplaced { get; init; } = 1_048_576;

    /// <summary>
    /// Points of a full chunk, 1 to 8,192. Default 8,192, which formats and targets count on; with fewer, a series of few points has as many
    /// chunks and rollups as a long one, which is how long ones are tested. Chunks of fewer points than this are merged when they can be.
    /// </summary>
    public int ChunkPoints { get; init; } = Chunks.ChunkEncoder.MaxPoints;
}

/// <summary>What a pass did.</summary>
/// <param name="Points">Points of the log that it sealed, repeated ones included.</param>
/// <param name="Rows">Rows of the log that it removed.</param>
/// <param name="Written">Chunks and packs written.</param>
/// <param name="Replaced">Chunks and packs that these took the place of.</param>
/// <param name="More">There was more to do when the pass began: another one is to follow.</param>
public readonly record struct SealOutcome(long Points, long Rows, int Written, int Replaced, bool More)
{
    /// <summary>Transactions that the pass was, see <see cref="SealOptions.MaxReplaced"/>.</summary>
    public int Transactions { get; init; }
}

/// <summary>
/// Seals the logs of runs into chunks (docs/design/accepted/0008-sealed-chunks.md). Nothing that <see cref="IMetricStore"/> returns
/// changes by it, at any moment: a pass is one transaction that writes chunks and removes the rows they were made of, or, when it
/// replaces more chunks than <see cref="SealOptions.MaxReplaced"/>, several of which the last one removes the rows. A pass that
/// fails or is stopped leaves what was committed before, and the next one begins with the same rows. Passes over one run must not overlap, which the caller ensures by the job
/// lock <c>seal:&lt;run&gt;</c>; when they do all the same, one of them changes nothing. Writers go on meanwhile.
/// </summary>
public interface ISealStore
{
    /// <summary>
    /// At most <paramref name="limit"/> runs that have <paramref name="minPoints"/> points in their log or more, were last written to
    /// before <paramref name="idleBefore"/>, or have ended and were last written to before <paramref name="endedBefore"/> (Unix
    /// milliseconds); those that were not written to for the longest time first.
    /// </summary>
    Task<IReadOnlyList<UnsealedRun>> ListUnsealedAsync(
        long minPoints, long idleBefore, long endedBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Counts what is not sealed.</summary>
    Task<UnsealedTotals> CountUnsealedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Does one pass over a run; an unknown run is one without anything to do. Throws <see cref="Errors.RunstoneException"/> with
    /// <see cref="Errors.ErrorCode.Unavailable"/> when a row of the log or a chunk is damaged: its points are left as they are.
    /// </summary>
    Task<SealOutcome> SealAsync(long runNo, SealOptions options, CancellationToken cancellationToken);
}
