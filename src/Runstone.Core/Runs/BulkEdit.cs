using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>The same change of many runs.</summary>
public sealed record BulkEdit
{
    /// <summary>What they become; null leaves that as it is.</summary>
    public Lifecycle? Lifecycle { get; init; }

    /// <summary>Set or replaced.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Removed from the runs that have them.</summary>
    public IReadOnlyList<string> RemoveTags { get; init; } = [];
}

/// <summary>Why a run stayed as it was.</summary>
public sealed record BulkFailure(string RunId, Error Error);

/// <summary>What became of the runs of one call.</summary>
/// <param name="Changed">Runs that are now as asked, those that were so before included.</param>
/// <param name="Failures">The others.</param>
/// <param name="Next">Where the next call goes on; null after the last run.</param>
public sealed record BulkOutcome(int Changed, IReadOnlyList<BulkFailure> Failures, RunPosition? Next);
