namespace Runstone.Core.Ingest;

/// <summary>
/// Writes runs. Given the batches of one group commit, in order, an engine applies each as a whole or not at all, independent
/// of the others, and makes all of them durable (fsync) before the task completes. It checks what only the store can know: the
/// run exists and is active, params do not change, tags to remove are there, sequence numbers. Batches are validated before.
/// Deleted runs accept nothing but a patch of the lifecycle (<see cref="Runs.RunNotActive"/>). Nodes that share a store may write
/// to the same run at the same time; the batches of all take effect one after another.
/// </summary>
public interface IIngestStore
{
    /// <summary>
    /// Applies <paramref name="batches"/> stamped with <paramref name="now"/> (Unix ms) and fills
    /// <paramref name="outcomes"/>, one each in the same order. Throws only when nothing of the whole group was kept: with
    /// <see cref="Errors.ErrorCode.StorageFull"/> or <see cref="Errors.ErrorCode.Unavailable"/>; only when the store is lost during
    /// the commit and stays away does the message say that it is not known. Calls may overlap when they have no
    /// run in common. Times of a run do not go back when the clock of a node does: its update time is the greatest one given.
    /// </summary>
    ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken);
}
