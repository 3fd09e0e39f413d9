using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Reports;
using Runstone.Core.Runs;

namespace Runstone.Core.Access;

/// <summary>What people star and comment on.</summary>
public enum SubjectKind
{
    Run = 0,
    Experiment = 1,
    Report = 2,
}

/// <summary>One thing that people star and comment on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id, as the API writes it.</param>
public readonly record struct Subject(SubjectKind Kind, string Id);

/// <summary>Finds out whether subjects are there; deleted ones are.</summary>
public sealed class SubjectFinder(IRunStore runs, IExperimentStore experiments, IReportStore reports)
{
    /// <summary>
    /// Throws <see cref="RunNotFound"/>, <see cref="ExperimentNotFound"/> or <see cref="ReportNotFound"/> when the subject is not there; else the experiment it
    /// belongs to, null for a report of none.
    /// </summary>
    public async Task<long?> RequireAsync(Subject subject, CancellationToken cancellationToken)
    {
        if (subject.Kind == SubjectKind.Run)
            return (await runs.GetAsync(subject.Id, cancellationToken))?.ExperimentId ?? throw new RunstoneException(new RunNotFound(subject.Id));
        long? number = long.TryParse(subject.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        if (subject.Kind == SubjectKind.Report)
        {
            var report = number is { } of ? await reports.GetAsync(of, cancellationToken) : null;
            return (report ?? throw new RunstoneException(new ReportNotFound(subject.Id))).ExperimentId;
        }

        var experiment = number is { } at ? await experiments.GetAsync(at, cancellationToken) : null;
        return experiment?.Id ?? throw new RunstoneException(new ExperimentNotFound(subject.Id));
    }
}
