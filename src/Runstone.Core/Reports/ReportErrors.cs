using Runstone.Core.Errors;

namespace Runstone.Core.Reports;

/// <summary>No report has this id.</summary>
public sealed record ReportNotFound(string Id)
    : Error(ErrorCode.NotFound, $"There is no report with id {Id}.", "reportId");

/// <summary>The report has no such version.</summary>
public sealed record ReportVersionNotFound(long Id, int Number)
    : Error(ErrorCode.NotFound, $"Report {Id} has no version {Number}.", "number");

/// <summary>Somebody saved the report since it was read.</summary>
public sealed record ReportChanged(int Newest)
    : Error(ErrorCode.Conflict, $"The report was saved by somebody else meanwhile; version {Newest} is the newest. Open it and bring your change in there.", "on");

/// <summary>The report is deleted.</summary>
public sealed record ReportNotActive(long Id)
    : Error(ErrorCode.Conflict, $"Report {Id} is deleted. Restore it first.", "reportId");
