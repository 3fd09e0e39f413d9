using Runstone.Core.Errors;

namespace Runstone.Core.Artifacts;

/// <summary>
/// Knows which blobs are in use, and condemns those that are not before they are removed. A batch that links a condemned blob
/// is refused with <see cref="BlobCondemned"/>, so that no entry can come to refer to content that is about to go, on whichever
/// node it is written. The mark stays when the content is gone, because a writer may have sent the same content just before and
/// may link it only now: such a writer looks whether the content is there, and lifts the mark itself (<see cref="BlobLinks"/>).
/// </summary>
public interface IBlobReferenceStore
{
    /// <summary>The blobs that files of runs and of logged models refer to, each once, ordered by hash (ordinal); reads them in blocks, not at one instant.</summary>
    IAsyncEnumerable<BlobRef> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Condemns, in one transaction, those of at most 1,000 blobs that nothing refers to, stamped with <paramref name="now"/>
    /// (Unix ms), and returns them. From then on no batch can link them until they are released. One that is marked already is
    /// marked anew, as not yet removed, with a greater stamp.
    /// </summary>
    Task<IReadOnlyList<string>> CondemnAsync(IReadOnlyList<string> sha256, long now, CancellationToken cancellationToken);

    /// <summary>Notes that the content of condemned blobs is gone, at <paramref name="now"/> (Unix ms); at most 1,000.</summary>
    Task MarkRemovedAsync(IReadOnlyList<string> sha256, long now, CancellationToken cancellationToken);

    /// <summary>The marks that were not lifted, at most 1,000 with hashes above <paramref name="after"/> ("" for the first), ordered by hash.</summary>
    Task<IReadOnlyList<CondemnedBlob>> ListCondemnedAsync(string after, CancellationToken cancellationToken);

    /// <summary>The mark of the blob; null when it has none.</summary>
    Task<CondemnedBlob?> FindCondemnedAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Lifts the marks that are still exactly as given, so that the blobs can be linked again; at most 1,000.</summary>
    Task ReleaseAsync(IReadOnlyList<CondemnedBlob> marks, CancellationToken cancellationToken);
}

/// <summary>The mark of a blob that nothing referred to.</summary>
/// <param name="Sha256">The blob.</param>
/// <param name="CondemnedAt">Unix milliseconds; greater with each time.</param>
/// <param name="RemovedAt">When its content was gone, Unix milliseconds; null while it may be being removed.</param>
public sealed record CondemnedBlob(string Sha256, long CondemnedAt, long? RemovedAt);

/// <summary>The batch links content that is being removed because nothing referred to it.</summary>
public sealed record BlobCondemned(string Sha256) : Error(
    ErrorCode.Unavailable, $"The content {Sha256} was unused and is being removed at this moment. Send the file again.", "artifacts");
