using Runstone.Core.Query;

namespace Runstone.Core.Experiments;

/// <summary>
/// Keeps experiments. Key: the id; the name is a second unique key over all experiments, whatever their lifecycle. Every write is
/// atomic and durable when its task completes. The experiment 0, "Default", exists in every store from the first start.
/// Absence is null; failures are thrown as <see cref="Errors.RunstoneException"/> with the errors of <c>ExperimentErrors.cs</c>.
/// </summary>
public interface IExperimentStore
{
    /// <summary>The experiment, deleted or not; null when the id was never assigned.</summary>
    Task<Experiment?> GetAsync(long id, CancellationToken cancellationToken);

    /// <summary>The experiment of exactly this name (ordinal comparison), deleted or not; null when there is none.</summary>
    Task<Experiment?> GetByNameAsync(string name, CancellationToken cancellationToken);

    /// <summary>Creates an experiment stamped with <paramref name="now"/> (Unix ms). Throws <see cref="ExperimentNameTaken"/>.</summary>
    Task<Experiment> CreateAsync(NewExperiment experiment, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the patch in one transaction and returns the result. Throws <see cref="ExperimentNotFound"/>,
    /// <see cref="ExperimentNameTaken"/>, <see cref="ExperimentNotActive"/> (rename of a deleted one) and
    /// <see cref="ExperimentTagNotFound"/> (removal of a tag that is not there).
    /// </summary>
    Task<Experiment> UpdateAsync(long id, ExperimentPatch patch, long now, CancellationToken cancellationToken);

    /// <summary>
    /// One page of the experiments that match. Ties of the given order are broken by id, descending when an order was given,
    /// else the order is creation time descending, id ascending. Fields: <see cref="ExperimentFields"/> and tags.
    /// </summary>
    Task<SearchPage<Experiment>> SearchAsync(ExperimentQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Run counts, last activity and values of the pinned metric of the given experiments, in the order given; unknown ids are left out. The round trips are as
    /// many for one experiment as for a thousand.
    /// </summary>
    Task<IReadOnlyList<ExperimentSummary>> SummariseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);
}
