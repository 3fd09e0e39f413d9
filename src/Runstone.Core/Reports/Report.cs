using Runstone.Core.Experiments;

namespace Runstone.Core.Reports;

/// <summary>A page that people write about runs: Markdown. What was saved once stays, version by version.</summary>
public sealed record Report
{
    /// <summary>Assigned by the store, ascending, never reused.</summary>
    public required long Id { get; init; }

    /// <summary>The experiment it belongs to; null for one about several.</summary>
    public long? ExperimentId { get; init; }

    public Lifecycle Lifecycle { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>The newest version, without its body where the call says so.</summary>
    public required ReportVersion Newest { get; init; }
}

/// <summary>A report as it was saved once; never changed.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Person">Who saved it.</param>
/// <param name="SavedAt">Unix milliseconds.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Body">Markdown; null where it was not asked for.</param>
public sealed record ReportVersion(int Number, string Person, long SavedAt, string Title, string? Body);

/// <summary>What is saved of a report.</summary>
public sealed record ReportText(string Title, string Body);

/// <summary>Which reports are listed: those saved last come first.</summary>
public sealed record ReportQuery
{
    /// <summary>Of this experiment only; null for all.</summary>
    public long? ExperimentId { get; init; }

    public LifecycleView Lifecycle { get; init; }

    /// <summary>At most so many.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Those after this place in the order; null from the first on.</summary>
    public ReportPosition? After { get; init; }
}

/// <summary>The place of a report in a list.</summary>
public sealed record ReportPosition(long SavedAt, long Id);
