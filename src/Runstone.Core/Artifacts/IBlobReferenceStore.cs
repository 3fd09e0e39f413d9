using Runstone.Core.Errors;

namespace Runstone.Core.Artifacts;

/// <summary>
/// Knows which blobs are in use, and condemns those that are not before they are removed. A batch that links a condemned blob
/// is refused with <see cref="BlobCondemned"/>, so that no entry can come to refer to content that is about to go, on whichever
/// node it is written.
/// </summary>
public interface IBlobReferenceStore
{
    /// <summary>The blobs that files of runs refer to, each once, ordered by hash (ordinal); reads them in blocks, not at one instant.</summary>
    IAsyncEnumerable<BlobRef> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Condemns, in one transaction, those of at most 1,000 blobs that nothing refers to, stamped with <paramref name="now"/>
    /// (Unix ms), and returns them. From then on no batch can link them until they are released.
    /// </summary>
    Task<IReadOnlyList<string>> CondemnAsync(IReadOnlyList<string> sha256, long now, CancellationToken cancellationToken);

    /// <summary>The blobs condemned and not released, which an interrupted collection leaves; at most 1,000, ordered by hash.</summary>
    Task<IReadOnlyList<string>> ListCondemnedAsync(CancellationToken cancellationToken);

    /// <summary>Allows the blobs to be linked again; unknown ones are no error.</summary>
    Task ReleaseAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken);
}

/// <summary>The batch links content that is being removed because nothing referred to it.</summary>
public sealed record BlobCondemned(string Sha256) : Error(
    ErrorCode.Unavailable, $"The content {Sha256} was unused and is being removed at this moment. Send the file again.", "artifacts");
