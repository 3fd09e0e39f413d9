using Runstone.Core.Experiments;

namespace Runstone.Core.Data;

/// <summary>A dataset whose versions are kept here, byte by byte: a name with branches and tags that point to versions.</summary>
public sealed record DataRepository
{
    /// <summary>Assigned by the store, ascending, never reused.</summary>
    public required long Id { get; init; }

    /// <summary>Unique, compared ordinally, whatever the lifecycle; as <see cref="DataNames.RequireRepository"/> says.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    public Lifecycle Lifecycle { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix milliseconds of the last change of the description, the lifecycle, a branch or a tag.</summary>
    public required long UpdatedAt { get; init; }
}

/// <summary>A name that moves from version to version as people commit.</summary>
/// <param name="Name">Unique among the branches and tags of the repository.</param>
/// <param name="Version">Where it points.</param>
/// <param name="Person">Who moved it last.</param>
/// <param name="MovedAt">Unix milliseconds.</param>
public sealed record DataBranch(string Name, string Version, string Person, long MovedAt);

/// <summary>A name of one version for good.</summary>
/// <param name="Name">Unique among the branches and tags of the repository.</param>
/// <param name="Version">Where it points.</param>
/// <param name="Person">Who set it.</param>
/// <param name="SetAt">Unix milliseconds.</param>
public sealed record DataTag(string Name, string Version, string Person, long SetAt);

/// <summary>All names of versions, each list ordered by name (ordinal).</summary>
public sealed record DataNamesOfVersions(IReadOnlyList<DataBranch> Branches, IReadOnlyList<DataTag> Tags);

/// <summary>A version: a state of all files, and how it came about. It never changes.</summary>
/// <param name="Id">SHA-256 of its record, 64 lower-case hexadecimal digits.</param>
/// <param name="Root">Page at the top of its tree; what it has is identified by this, whoever made it and when.</param>
/// <param name="Parents">The versions it was made from: none for a first one, two for a merge.</param>
/// <param name="Author">Who made it, 1 to 256 bytes of UTF-8.</param>
/// <param name="Time">When it was made, by the maker's clock, Unix milliseconds.</param>
/// <param name="Message">What was done, at most 64 KiB of UTF-8.</param>
/// <param name="RunId">The run that wrote it; null when a person did.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">The sum of their sizes.</param>
public sealed record DataVersion(
    string Id, string Root, IReadOnlyList<string> Parents, string Author, long Time, string Message, string? RunId, long Files, long Bytes)
{
    /// <summary>The record, whose SHA-256 is the id.</summary>
    public required ReadOnlyMemory<byte> Record { get; init; }

    /// <summary>When the store took it, Unix milliseconds; set by the store.</summary>
    public long ReceivedAt { get; init; }
}

/// <summary>One movement of a branch, kept for good.</summary>
/// <param name="Branch">Its name.</param>
/// <param name="From">Where it pointed; null when it was made.</param>
/// <param name="To">Where it points since; null when it was removed.</param>
/// <param name="Person">Who moved it.</param>
/// <param name="Time">Unix milliseconds.</param>
public sealed record DataMove(string Branch, string? From, string? To, string Person, long Time);

/// <summary>Which repositories are listed, by name (ordinal).</summary>
public sealed record DataRepositoryQuery
{
    /// <summary>Only those whose name contains this, without regard to case; empty for all.</summary>
    public string Contains { get; init; } = "";

    public LifecycleView Lifecycle { get; init; }

    /// <summary>At most so many.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Only those behind this name; "" from the first on.</summary>
    public string After { get; init; } = "";
}

/// <summary>A change of a repository; absent members stay as they are.</summary>
public sealed record DataRepositoryPatch(string? Description = null, Lifecycle? Lifecycle = null);
