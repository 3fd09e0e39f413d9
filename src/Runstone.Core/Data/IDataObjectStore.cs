namespace Runstone.Core.Data;

/// <summary>Where an object lies.</summary>
/// <param name="Sha256">SHA-256 of its plain bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Kind">What it is, as its pack says: 0 to 255.</param>
/// <param name="Flags">How it is stored, as its pack says: 0 to 255.</param>
/// <param name="Length">Plain bytes.</param>
/// <param name="Pack">The blob it is in.</param>
/// <param name="Start">Where in the blob its stored bytes begin.</param>
/// <param name="Stored">Stored bytes.</param>
public sealed record DataObject(string Sha256, int Kind, int Flags, long Length, string Pack, long Start, long Stored);

/// <summary>A file whose bytes were read from their chunks and hashed here.</summary>
/// <param name="Sha256">SHA-256 of all bytes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Recipe">The object that tells its chunks; equal to <paramref name="Sha256"/> when the file is one chunk.</param>
/// <param name="CheckedAt">When it was hashed, Unix milliseconds.</param>
public sealed record DataFile(string Sha256, long Size, string Recipe, long CheckedAt);

/// <summary>
/// Knows which objects (chunks of files, pages of trees and recipes) lie in which pack, and which files are whole. Key: the hash. Objects belong to
/// no repository: what two versions share is kept once. Packs are blobs (<see cref="Artifacts.IBlobStore"/>) that
/// <see cref="Artifacts.IBlobReferenceStore"/> counts as used. Writes are atomic and durable when their task completes.
/// </summary>
public interface IDataObjectStore
{
    /// <summary>Those of at most 10,000 hashes that are not there, in the order given.</summary>
    Task<IReadOnlyList<string>> FindMissingAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken);

    /// <summary>Where they lie, of at most 10,000 hashes, in the order given; unknown ones are left out.</summary>
    Task<IReadOnlyList<DataObject>> FindAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a pack, whose blob is durable, with its objects, at most 20,000; objects that lie elsewhere already stay there. A pack that is known changes nothing. Throws
    /// <see cref="Artifacts.BlobCondemned"/> when the blob is being removed as unused: it must be sent again.
    /// </summary>
    Task AddPackAsync(Artifacts.BlobRef pack, IReadOnlyList<DataObject> objects, long now, CancellationToken cancellationToken);

    /// <summary>Those of at most 10,000 files that were hashed, in the order given; others are left out.</summary>
    Task<IReadOnlyList<DataFile>> FindFilesAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken);

    /// <summary>Notes files that were hashed, at most 10,000; those that are known stay as they are.</summary>
    Task AddFilesAsync(IReadOnlyList<DataFile> files, CancellationToken cancellationToken);
}
