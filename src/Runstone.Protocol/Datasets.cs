namespace Runstone.Protocol;

/// <summary>A dataset whose versions are kept, byte by byte.</summary>
/// <param name="Name">Unique; letters, digits, spaces, <c>. _ -</c>, 1 to 200 characters.</param>
/// <param name="Description">What people say of it.</param>
/// <param name="Lifecycle">"active", "archived" or "deleted".</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds of the last change, of a branch or tag too.</param>
public sealed record VersionedDataset(string Name, string Description, string Lifecycle, long CreatedAt, long UpdatedAt);

/// <summary>A page of datasets, by name.</summary>
/// <param name="Datasets">The datasets.</param>
/// <param name="NextPageToken">Send it back as <c>pageToken</c> for the next page; absent on the last one.</param>
public sealed record DatasetPage(IReadOnlyList<VersionedDataset> Datasets, string? NextPageToken);

/// <summary>Makes a dataset without versions.</summary>
public sealed record CreateDatasetRequest
{
    /// <summary>As <see cref="VersionedDataset.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>At most 10,000 characters; empty when absent.</summary>
    public string? Description { get; init; }
}

/// <summary>Changes a dataset; what is absent stays.</summary>
public sealed record UpdateDatasetRequest
{
    /// <summary>At most 10,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>"active", "archived" or "deleted".</summary>
    public string? Lifecycle { get; init; }
}

/// <summary>The names of versions of a dataset, by name.</summary>
/// <param name="Branches">Names that move as people commit.</param>
/// <param name="Tags">Names of one version for good.</param>
public sealed record DatasetNames(IReadOnlyList<DatasetBranch> Branches, IReadOnlyList<DatasetTag> Tags);

/// <summary>A branch.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Version">The id of the version it points to.</param>
/// <param name="Person">Who moved it last.</param>
/// <param name="MovedAt">Unix milliseconds.</param>
public sealed record DatasetBranch(string Name, string Version, string Person, long MovedAt);

/// <summary>A tag.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Version">The id of the version it points to.</param>
/// <param name="Person">Who set it.</param>
/// <param name="SetAt">Unix milliseconds.</param>
public sealed record DatasetTag(string Name, string Version, string Person, long SetAt);

/// <summary>Makes or moves a branch.</summary>
public sealed record SetBranchRequest
{
    /// <summary>A version: its id, at least 8 digits of it, a branch or a tag.</summary>
    public required string Version { get; init; }

    /// <summary>The id it points to now; absent makes a new branch. Another one by now is a conflict.</summary>
    public string? Expected { get; init; }
}

/// <summary>Sets a tag, for good.</summary>
public sealed record SetTagRequest
{
    /// <summary>A version: its id, at least 8 digits of it, a branch or a tag.</summary>
    public required string Version { get; init; }
}

/// <summary>A version of a dataset; it never changes.</summary>
/// <param name="Id">SHA-256 of its record.</param>
/// <param name="Root">Page at the top of its tree: the same for the same files, whoever made the version and when.</param>
/// <param name="Parents">The versions it was made from.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Time">When, by the maker's clock, Unix milliseconds.</param>
/// <param name="Message">What was done.</param>
/// <param name="RunId">The run that wrote it; absent when none did.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">The sum of their sizes.</param>
/// <param name="ReceivedAt">When the server took it, Unix milliseconds.</param>
public sealed record DatasetVersion(
    string Id, string Root, IReadOnlyList<string> Parents, string Author, long Time, string Message, string? RunId, long Files, long Bytes, long ReceivedAt);

/// <summary>A page of versions, children before their parents.</summary>
/// <param name="Versions">The versions.</param>
/// <param name="NextPageToken">Send it back as <c>pageToken</c> for the next page; absent on the last one.</param>
public sealed record DatasetHistory(IReadOnlyList<DatasetVersion> Versions, string? NextPageToken);

/// <summary>Commits a version whose objects and files are there.</summary>
public sealed record CommitRequest
{
    /// <summary>The branch to move.</summary>
    public required string Branch { get; init; }

    /// <summary>The id it points to now; absent makes a new branch. Another one by now is a conflict.</summary>
    public string? Expected { get; init; }

    /// <summary>The bytes of the version (docs/formats/data-versions.md), base64.</summary>
    public required string Record { get; init; }
}

/// <summary>Asks which objects, or files, are not there.</summary>
public sealed record MissingRequest
{
    /// <summary>At most 10,000 ids.</summary>
    public required IReadOnlyList<string> Sha256 { get; init; }
}

/// <summary>Those that are not there.</summary>
/// <param name="Sha256">In the order of the request.</param>
public sealed record MissingObjects(IReadOnlyList<string> Sha256);

/// <summary>A pack that was taken.</summary>
/// <param name="Sha256">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Objects">How many objects it has.</param>
public sealed record ReceivedPack(string Sha256, long Bytes, int Objects);

/// <summary>Files to hash and note as whole.</summary>
public sealed record RegisterFilesRequest
{
    /// <summary>At most 1,000.</summary>
    public required IReadOnlyList<RegisteredFile> Files { get; init; }
}

/// <summary>A file whose chunks are there.</summary>
/// <param name="Sha256">SHA-256 of all its bytes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Recipe">The top page of its recipe; its own SHA-256 when it is one chunk, or empty.</param>
public sealed record RegisteredFile(string Sha256, long Size, string Recipe);

/// <summary>Some names directly in a folder of a version.</summary>
/// <param name="Items">Files and folders.</param>
/// <param name="Next">Send it back as <c>from</c> for those that follow; absent at the end.</param>
public sealed record DatasetFolder(IReadOnlyList<DatasetFolderItem> Items, string? Next);

/// <summary>A file or a folder.</summary>
/// <param name="Name">Without the folder it is in.</param>
/// <param name="File">The file; absent for a folder.</param>
/// <param name="Files">Files at any depth; 1 for a file.</param>
/// <param name="Bytes">Bytes of those files.</param>
public sealed record DatasetFolderItem(string Name, DatasetFile? File, long Files, long Bytes);

/// <summary>A file of a version.</summary>
/// <param name="Path">From the root of the dataset.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of all bytes; absent for a reference whose hash nobody knows.</param>
/// <param name="Address">Where the bytes are, for a reference; absent when they are here.</param>
public sealed record DatasetFile(string Path, long Size, string? Sha256, string? Address);

/// <summary>What became of files between two versions, in the order of their paths.</summary>
/// <param name="Differences">The differences.</param>
/// <param name="Next">Send it back as <c>after</c> for those that follow; absent at the end.</param>
public sealed record DatasetDifferences(IReadOnlyList<DatasetDifference> Differences, string? Next);

/// <summary>What became of one file.</summary>
/// <param name="Kind">"added", "removed" or "changed".</param>
/// <param name="Before">As it was; absent when added.</param>
/// <param name="After">As it is; absent when removed.</param>
public sealed record DatasetDifference(string Kind, DatasetFile? Before, DatasetFile? After);
