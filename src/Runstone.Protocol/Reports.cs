namespace Runstone.Protocol;

/// <summary>A page that people write about runs: Markdown.</summary>
/// <param name="Id">A whole number as text.</param>
/// <param name="ExperimentId">The experiment it belongs to; absent for one about several.</param>
/// <param name="Lifecycle">"active", "archived" or "deleted".</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="Newest">The newest version; in lists without its body.</param>
public sealed record ReportInfo(string Id, string? ExperimentId, string Lifecycle, long CreatedAt, ReportVersionInfo Newest);

/// <summary>A report as it was saved once; never changed.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Person">Who saved it.</param>
/// <param name="SavedAt">Unix milliseconds.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Body">Markdown; absent in lists.</param>
public sealed record ReportVersionInfo(int Number, string Person, long SavedAt, string Title, string? Body);

/// <summary>A page of reports.</summary>
/// <param name="Reports">The one saved last comes first.</param>
/// <param name="NextPageToken">Send it back as <c>pageToken</c> for the next page; absent on the last one.</param>
public sealed record ReportPage(IReadOnlyList<ReportInfo> Reports, string? NextPageToken);

/// <summary>Begins a report.</summary>
public sealed record CreateReportRequest
{
    /// <summary>The experiment it belongs to; absent for one about several.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>Markdown, at most 1,048,576 bytes.</summary>
    public required string Body { get; init; }
}

/// <summary>Saves the next version of a report.</summary>
public sealed record SaveReportRequest
{
    /// <summary>The number of the version that was changed; when it is not the newest one by now the request is a conflict.</summary>
    public required int On { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>Markdown, at most 1,048,576 bytes.</summary>
    public required string Body { get; init; }
}

/// <summary>Deletes or restores a report.</summary>
public sealed record UpdateReportRequest
{
    /// <summary>"active", "archived" or "deleted".</summary>
    public required string Lifecycle { get; init; }
}
