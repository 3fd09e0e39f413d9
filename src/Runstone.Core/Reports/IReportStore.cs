using Runstone.Core.Experiments;

namespace Runstone.Core.Reports;

/// <summary>
/// Keeps reports and all their versions. Key: the id; of a version id and number. Every write is atomic and durable when its task
/// completes. Absence is null; failures are thrown as <see cref="Errors.RunstoneException"/> with the errors of <c>ReportErrors.cs</c>.
/// </summary>
public interface IReportStore
{
    /// <summary>Reports by the time they were saved last, the newest first, then by id, descending; without bodies.</summary>
    Task<IReadOnlyList<Report>> ListAsync(ReportQuery query, CancellationToken cancellationToken);

    /// <summary>The report with its newest version, deleted or not; null when there is none.</summary>
    Task<Report?> GetAsync(long id, CancellationToken cancellationToken);

    /// <summary>One version; null when there is none.</summary>
    Task<ReportVersion?> GetVersionAsync(long id, int number, CancellationToken cancellationToken);

    /// <summary>The versions below a number (null: all), the newest first, at most <paramref name="limit"/>, without bodies.</summary>
    Task<IReadOnlyList<ReportVersion>> ListVersionsAsync(long id, int? below, int limit, CancellationToken cancellationToken);

    /// <summary>Begins a report with version 1. Throws <see cref="ExperimentNotFound"/>.</summary>
    Task<Report> CreateAsync(long? experimentId, string person, ReportText text, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Saves the next version on top of <paramref name="number"/>. Throws <see cref="ReportNotFound"/>, <see cref="ReportChanged"/> when another
    /// version is the newest, and <see cref="ReportNotActive"/>.
    /// </summary>
    Task<Report> SaveAsync(long id, int number, string person, ReportText text, long now, CancellationToken cancellationToken);

    /// <summary>Deletes, archives or restores the report. Throws <see cref="ReportNotFound"/>.</summary>
    Task<Report> SetLifecycleAsync(long id, Lifecycle lifecycle, CancellationToken cancellationToken);
}
