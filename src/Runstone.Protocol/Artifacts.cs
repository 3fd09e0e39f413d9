namespace Runstone.Protocol;

/// <summary>An entry of a folder of a run.</summary>
/// <param name="Path">Full path in the run, <c>/</c>-separated.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Size">Bytes; of a folder all files below it.</param>
/// <param name="Sha256">64 hex digits; null for a folder.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record ArtifactInfo(string Path, bool IsFolder, long Size, string? Sha256, long UpdatedAt);

/// <summary>The entries of one folder, ordered by path; or all files below it when asked to recurse.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="NextAfter">With recursion: pass it as <c>after</c> for more; null at the end.</param>
public sealed record ArtifactList(IReadOnlyList<ArtifactInfo> Entries, string? NextAfter = null);

/// <summary>What an upload kept.</summary>
/// <param name="Path">Path in the run.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hex digits, computed by the server.</param>
public sealed record UploadedArtifact(string Path, long Size, string Sha256);

/// <summary>Begins an upload past the server.</summary>
public sealed record BeginUploadRequest
{
    /// <summary>Path in the run.</summary>
    public required string Path { get; init; }
}

/// <summary>An upload past the server: parts of it are sent to signed addresses of the object store.</summary>
/// <param name="UploadId">Names the upload in all that follows; opaque.</param>
/// <param name="MinPartSize">Bytes of a part at least, the last one excepted.</param>
/// <param name="MaxPartSize">Bytes of a part at most.</param>
/// <param name="MaxParts">Parts at most.</param>
public sealed record DirectUpload(string UploadId, long MinPartSize, long MaxPartSize, int MaxParts);

/// <summary>Asks for addresses of parts.</summary>
public sealed record SignPartsRequest
{
    /// <summary>Number of the first part, 1 or more.</summary>
    public required int First { get; init; }

    /// <summary>How many parts, 1..1000.</summary>
    public required int Count { get; init; }
}

/// <summary>Addresses of parts, in the order of their numbers.</summary>
/// <param name="Parts">One a part.</param>
public sealed record SignedParts(IReadOnlyList<SignedPart> Parts);

/// <summary>The request that sends one part to the object store.</summary>
/// <param name="Number">The part.</param>
/// <param name="Method">The HTTP method, PUT.</param>
/// <param name="Url">The signed address. Who has it can send this part until it expires.</param>
/// <param name="Headers">Headers that the request must carry.</param>
/// <param name="ExpiresAt">Unix milliseconds.</param>
public sealed record SignedPart(int Number, string Method, string Url, IReadOnlyDictionary<string, string> Headers, long ExpiresAt);

/// <summary>Makes the file of the parts that were sent.</summary>
public sealed record CompleteUploadRequest
{
    /// <summary>Path in the run.</summary>
    public required string Path { get; init; }

    /// <summary>Every part that was sent, by ascending number.</summary>
    public required IReadOnlyList<UploadedPart> Parts { get; init; }
}

/// <summary>A part that was sent.</summary>
public sealed record UploadedPart
{
    /// <summary>1 or more.</summary>
    public required int Number { get; init; }

    /// <summary>The <c>ETag</c> with which the object store answered; null is not checked.</summary>
    public string? Tag { get; init; }
}
