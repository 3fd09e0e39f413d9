using Runstone.Core.Metrics;

namespace Runstone.Core.Media;

/// <summary>
/// Reads what runs logged to be looked at. Items of a key are ordered by (step, id). Written through
/// <see cref="Ingest.IIngestStore"/>: an item is added and never changed. Unknown runs and keys have no items.
/// </summary>
public interface IMediaStore
{
    /// <summary>Items of a step that an answer about steps has at most.</summary>
    const int MaxOfStep = 200;

    /// <summary>
    /// The keys of at most 100 runs, ordered by run id, key (by UTF-8 bytes) and type. Costs an index lookup a key and one index entry an item.
    /// </summary>
    Task<IReadOnlyList<MediaKey>> ListKeysAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken);

    /// <summary>
    /// The first <paramref name="limit"/> items of the query after <paramref name="after"/> (from the beginning when null). The page ends
    /// before the item whose data would bring it above <paramref name="maxBytes"/> of UTF-8, but has one item at least when there is one.
    /// </summary>
    Task<MediaPage> ListAsync(MediaQuery query, MediaPosition? after, int limit, long maxBytes, CancellationToken cancellationToken);

    /// <summary>The steps of the query, ascending, the first <paramref name="limit"/> of them.</summary>
    Task<IReadOnlyList<MediaStep>> ListStepsAsync(MediaQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The greatest step not above <paramref name="at"/> (null: the greatest) at which each run has an item under the key; null where it has
    /// none. In the order of the runs.
    /// </summary>
    Task<IReadOnlyList<Step?>> FindStepsAsync(IReadOnlyList<string> runIds, string key, Step? at, CancellationToken cancellationToken);

    /// <summary>
    /// The items of the key at each place, the first <see cref="MaxOfStep"/> of them, in their order. Throws <see cref="MediaTooLarge"/> when their data have
    /// more than <paramref name="maxBytes"/> of UTF-8 together.
    /// </summary>
    Task<IReadOnlyList<IReadOnlyList<StoredMedia>>> ReadAsync(
        IReadOnlyList<MediaPlace> places, string key, long maxBytes, CancellationToken cancellationToken);
}

/// <summary>The data of what was asked for are too long for one answer.</summary>
public sealed record MediaTooLarge(long Bytes, long Allowed) : Errors.Error(
    Errors.ErrorCode.TooLarge, $"The data of these items have {Bytes} bytes together; an answer has at most {Allowed}. Ask for fewer steps or runs, or page by page.");

/// <summary>A step of a run.</summary>
public readonly record struct MediaPlace(string RunId, Step Step);
