namespace Runstone.Core.Artifacts;

/// <summary>
/// Reads which files a run has. Key: (run id, path), paths compared ordinally. Written through
/// <see cref="Ingest.IIngestStore"/>, after the blob is durable, so that no entry ever lacks its content. The files of logged models
/// are read in the same way, by ids of models (<see cref="Models.ILoggedModelStore"/>).
/// </summary>
public interface IArtifactStore
{
    /// <summary>The file; null when the run or the path is unknown or names a folder.</summary>
    Task<Artifact?> GetAsync(string runId, string path, CancellationToken cancellationToken);

    /// <summary>
    /// What lies directly in the folder ("" is the root), ordered by path (ordinal); empty when there is no such folder.
    /// </summary>
    Task<IReadOnlyList<ArtifactEntry>> ListAsync(string runId, string folder, CancellationToken cancellationToken);

    /// <summary>
    /// All files at and below the path (a file itself, or a folder at any depth; "" is everything), ordered by path, at most
    /// <paramref name="limit"/> and only those after <paramref name="after"/> (ordinal, exclusive).
    /// </summary>
    Task<IReadOnlyList<Artifact>> ListAllAsync(string runId, string path, string after, int limit, CancellationToken cancellationToken);
}

/// <summary>
/// Keeps content by SHA-256. Writing the same content twice keeps one copy. A blob is durable when the task completes and is
/// never changed; a write that fails or is cancelled leaves nothing. Implementations stream: memory use does not grow with size.
/// </summary>
public interface IBlobStore
{
    /// <summary>
    /// Reads <paramref name="content"/> to its end, hashing on the way. The caller keeps the stream. When it is known what the
    /// content is (<paramref name="expected"/>, else null), an engine may write it straight to its place; content that turns out
    /// to be another is refused with <see cref="Errors.ErrorCode.Invalid"/> and leaves nothing. Writing again what is there
    /// renews <see cref="StoredBlob.WrittenAt"/>.
    /// </summary>
    Task<BlobRef> WriteAsync(Stream content, BlobRef? expected, CancellationToken cancellationToken);

    /// <summary>
    /// The content from <paramref name="offset"/>, <paramref name="length"/> bytes or to the end when null. Null when there is
    /// no such blob. The caller disposes the stream.
    /// </summary>
    Task<Stream?> OpenReadAsync(string sha256, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>
    /// All blobs, ordered by hash (ordinal), as they are met: what is written or removed meanwhile may be listed or not.
    /// </summary>
    IAsyncEnumerable<StoredBlob> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes a blob; true when it was there. The caller makes sure that nothing refers to it.</summary>
    Task<bool> DeleteAsync(string sha256, CancellationToken cancellationToken);
}

/// <summary>A blob as it lies in its store.</summary>
/// <param name="Sha256">Its name, 64 lower-case hexadecimal digits.</param>
/// <param name="Size">Bytes.</param>
/// <param name="WrittenAt">Unix milliseconds by the clock of the store; the last time this content was written.</param>
public sealed record StoredBlob(string Sha256, long Size, long WrittenAt);

/// <summary>
/// Keeps the parts of uploads that are not complete, for every node of the store. An upload that is neither completed nor
/// aborted within a day may be removed. Part numbers start at 1; a part sent again replaces the earlier one.
/// </summary>
public interface IUploadStore
{
    /// <summary>Begins an upload and returns its id, which cannot be guessed.</summary>
    Task<string> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Keeps one part; returns its tag (the SHA-256 of the part, hex). Null when the upload is unknown.</summary>
    Task<string?> WritePartAsync(string uploadId, int part, Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Joins the parts in the order given into one blob and forgets the upload. Null when the upload is unknown; throws
    /// <see cref="Errors.RunstoneException"/> with <see cref="Errors.ErrorCode.Invalid"/> when a part is missing or its tag differs.
    /// </summary>
    Task<BlobRef?> CompleteAsync(string uploadId, IReadOnlyList<UploadPart> parts, CancellationToken cancellationToken);

    /// <summary>Forgets the upload and its parts; true when it was there.</summary>
    Task<bool> AbortAsync(string uploadId, CancellationToken cancellationToken);

    /// <summary>Forgets uploads begun before <paramref name="before"/> (Unix ms, by the clock of the store); how many they were.</summary>
    Task<int> RemoveAbandonedAsync(long before, CancellationToken cancellationToken);
}

/// <summary>The failures of blob stores.</summary>
public static class BlobErrors
{
    /// <summary>The content is not what it was said to be.</summary>
    public static Errors.Error Differs(BlobRef expected, BlobRef actual) => Errors.Error.Invalid(
        "sha256", $"The content has {actual.Size} bytes with SHA-256 {actual.Sha256}, not {expected.Size} bytes with {expected.Sha256}. Nothing was kept; send it again.");
}

/// <summary>A part as the client lists it on completion; a null tag is not checked.</summary>
public sealed record UploadPart(int Number, string? Tag);
