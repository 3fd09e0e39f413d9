namespace Runstone.Core.Artifacts;

/// <summary>
/// Lets clients move content past the server, by addresses that are signed for one object, one method and a short time. Only an
/// object store has it; where there is none, clients send through the server. An upload is a name of its own until it is
/// complete: the content is then read back and hashed, and takes the name of its hash, so that no client can put content under
/// a name it does not have. Any node continues what another began.
/// </summary>
public interface IDirectTransfer
{
    /// <summary>Bytes of a part at least, the last one excepted.</summary>
    long MinPartSize { get; }

    /// <summary>Bytes of a part at most.</summary>
    long MaxPartSize { get; }

    /// <summary>Parts of an upload at most.</summary>
    int MaxParts { get; }

    /// <summary>An address to GET the blob from, which offers it as a file of the given name; null when there is no such blob.</summary>
    Task<SignedRequest?> SignReadAsync(string sha256, string fileName, CancellationToken cancellationToken);

    /// <summary>Begins an upload and returns its id, which cannot be guessed.</summary>
    Task<string> BeginAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Addresses to PUT <paramref name="count"/> parts to, from number <paramref name="first"/> on; the ETag of each answer is the
    /// tag of the part. Null when the upload is unknown.
    /// </summary>
    Task<IReadOnlyList<SignedRequest>?> SignPartsAsync(string uploadId, int first, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Joins the parts, all of which are listed by ascending number, reads the content back to hash it and keeps it as a blob; forgets the upload. Null when
    /// the upload is unknown; throws <see cref="Errors.RunstoneException"/> with <see cref="Errors.ErrorCode.Invalid"/> when a
    /// part is missing, left out, out of order, too small or its tag differs, and then the upload stays as it was.
    /// </summary>
    Task<BlobRef?> CompleteAsync(string uploadId, IReadOnlyList<UploadPart> parts, CancellationToken cancellationToken);

    /// <summary>Forgets the upload and its parts; true when it was there.</summary>
    Task<bool> AbortAsync(string uploadId, CancellationToken cancellationToken);
}

/// <summary>A request that its bearer may send to the object store until it expires.</summary>
/// <param name="Method">GET or PUT.</param>
/// <param name="Address">The signed address.</param>
/// <param name="Headers">Headers that the request must carry, besides what HTTP asks for.</param>
/// <param name="ExpiresAt">Unix milliseconds.</param>
public sealed record SignedRequest(string Method, Uri Address, IReadOnlyDictionary<string, string> Headers, long ExpiresAt);
