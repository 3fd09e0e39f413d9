namespace Runstone.Protocol;

/// <summary>Which runs a change of many is about.</summary>
public sealed record BulkSearch
{
    /// <summary>Experiments to look in, at least one: a change of many runs never means all of a server.</summary>
    public required IReadOnlyList<string> ExperimentIds { get; init; }

    /// <summary>A condition; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>Only the runs of a group, and of the groups around it, as <c>/runs/groups</c> gave them; at most 16.</summary>
    public IReadOnlyList<RunGroupKey>? Within { get; init; }
}

/// <summary>Archives, deletes or restores many runs.</summary>
public sealed record SetRunsLifecycleRequest
{
    /// <summary>The runs that a search finds, newest first; else <see cref="RunIds"/>.</summary>
    public BulkSearch? Search { get; init; }

    /// <summary>1 to 5,000 runs, whatever they are; else <see cref="Search"/>.</summary>
    public IReadOnlyList<string>? RunIds { get; init; }

    /// <summary>What they become: "active", "archived" or "deleted".</summary>
    public required string Lifecycle { get; init; }

    /// <summary>Runs of this call, 1 to 5,000 (default), of those that the search finds.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the call before ended: its <c>nextPageToken</c>.</summary>
    public string? PageToken { get; init; }
}

/// <summary>Sets and removes tags of many runs.</summary>
public sealed record TagRunsRequest
{
    /// <summary>The runs that a search finds, newest first; else <see cref="RunIds"/>.</summary>
    public BulkSearch? Search { get; init; }

    /// <summary>1 to 5,000 runs; else <see cref="Search"/>.</summary>
    public IReadOnlyList<string>? RunIds { get; init; }

    /// <summary>1 to 100 tags to set; a null value removes the tag from the runs that have it.</summary>
    public required IReadOnlyDictionary<string, string?> Tags { get; init; }

    /// <summary>Runs of this call, 1 to 5,000 (default), of those that the search finds.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the call before ended: its <c>nextPageToken</c>.</summary>
    public string? PageToken { get; init; }
}

/// <summary>A run that stayed as it was.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Code">As in a problem.</param>
/// <param name="Detail">What is wrong and what would be accepted.</param>
public sealed record BulkFailureInfo(string RunId, string Code, string Detail);

/// <summary>What became of the runs of one call.</summary>
/// <param name="Changed">Runs that are now as asked, those that were so before included.</param>
/// <param name="Failed">Runs that stayed as they were.</param>
/// <param name="Failures">The first 20 of these.</param>
/// <param name="NextPageToken">Send it back as <c>pageToken</c> for the runs after these; null when all are done.</param>
public sealed record BulkResponse(int Changed, int Failed, IReadOnlyList<BulkFailureInfo> Failures, string? NextPageToken);
