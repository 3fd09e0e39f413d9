namespace Runstone.Protocol.Data;

/// <summary>What a tree says of one path.</summary>
public enum TreeEntryKind : byte
{
    /// <summary>A file whose bytes are kept.</summary>
    File = 0,

    /// <summary>A file whose bytes are elsewhere.</summary>
    Reference = 1,
}

/// <summary>A file of a tree. Equal entries say the same of the same path.</summary>
public sealed record TreeEntry
{
    /// <summary>Bytes of UTF-8 that an address may have.</summary>
    public const int MaxAddressBytes = 4096;

    /// <summary>Where it is in the tree (<see cref="DataPath"/>).</summary>
    public required string Path { get; init; }

    /// <summary>Whether its bytes are kept or elsewhere.</summary>
    public TreeEntryKind Kind { get; init; }

    /// <summary>Bytes of the file, 0 to <see cref="DataFormat.MaxFileBytes"/>.</summary>
    public required long Size { get; init; }

    /// <summary>The SHA-256 of all bytes of the file; null only for a reference whose hash is not known.</summary>
    public DataObjectId? Sha256 { get; init; }

    /// <summary>Of a reference where its bytes are, 1 to 4,096 bytes of UTF-8 without control characters (<c>s3://bucket/key</c>, <c>https://...</c>); null for a file.</summary>
    public string? Address { get; init; }

    /// <summary>A file whose bytes are kept.</summary>
    public static TreeEntry File(string path, long size, DataObjectId sha256) => new() { Path = path, Size = size, Sha256 = sha256 };

    /// <summary>A file whose bytes are at an address.</summary>
    public static TreeEntry Reference(string path, long size, DataObjectId? sha256, string address) =>
        new() { Path = path, Kind = TreeEntryKind.Reference, Size = size, Sha256 = sha256, Address = address };

    /// <summary>What is wrong with the entry as the end of a sentence that begins with its path; null when nothing is.</summary>
    internal string? Problem()
    {
        if (DataPath.Problem(Path) is { } problem)
            return problem;
        if (Size is < 0 or > DataFormat.MaxFileBytes)
            return $"has {Size} bytes, where 0 to {DataFormat.MaxFileBytes} are possible";
        return Kind switch
        {
            TreeEntryKind.File => Sha256 is null ? "is a file without a SHA-256" : Address is null ? null : "is a file with an address",
            TreeEntryKind.Reference => ProblemOf(Address),
            _ => $"is of the unknown kind {(byte)Kind}",
        };
    }

    internal static string? ProblemOf(string? address)
    {
        if (string.IsNullOrEmpty(address))
            return "is a reference without an address";
        if (address.Any(char.IsControl))
            return "has an address with a control character";
        try
        {
            return DataFormat.Utf8.GetByteCount(address) > MaxAddressBytes ? $"has an address of more than {MaxAddressBytes} bytes" : null;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return "has an address that is not well-formed Unicode";
        }
    }
}

/// <summary>A page below another one.</summary>
/// <param name="LastPath">The path of the last file below it.</param>
/// <param name="Page">The page.</param>
/// <param name="Files">Files below it, 1 or more.</param>
/// <param name="Bytes">Bytes of those files.</param>
public sealed record TreeChild(string LastPath, DataObjectId Page, long Files, long Bytes);

/// <summary>A tree: its root page, whose id is the identity of the content, and how much is in it.</summary>
/// <param name="Page">The page at the top.</param>
/// <param name="Files">Files in the tree, references too.</param>
/// <param name="Bytes">Bytes of those files.</param>
public readonly record struct TreeRoot(DataObjectId Page, long Files, long Bytes);
