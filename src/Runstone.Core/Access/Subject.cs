using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Runs;

namespace Runstone.Core.Access;

/// <summary>What people star and comment on.</summary>
public enum SubjectKind
{
    Run = 0,
    Experiment = 1,
}

/// <summary>One thing that people star and comment on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id, as the API writes it.</param>
public readonly record struct Subject(SubjectKind Kind, string Id);

/// <summary>Finds out whether subjects are there; deleted ones are.</summary>
public sealed class SubjectFinder(IRunStore runs, IExperimentStore experiments)
{
    /// <summary>Throws <see cref="RunNotFound"/> or <see cref="ExperimentNotFound"/> when the subject is not there; else the experiment it belongs to.</summary>
    public async Task<long> RequireAsync(Subject subject, CancellationToken cancellationToken)
    {
        if (subject.Kind == SubjectKind.Run)
            return (await runs.GetAsync(subject.Id, cancellationToken))?.ExperimentId ?? throw new RunstoneException(new RunNotFound(subject.Id));
        var experiment = long.TryParse(subject.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? await experiments.GetAsync(id, cancellationToken) : null;
        return experiment?.Id ?? throw new RunstoneException(new ExperimentNotFound(subject.Id));
    }
}
