namespace Runstone.Core.Views;

/// <summary>
/// Keeps saved views and workspaces. Key of a view: its id; experiment, person and name together are a second unique key. Key of a
/// workspace: experiment and person. Every write is atomic and durable when its task completes. Absence is null; failures are thrown
/// as <see cref="Errors.RunstoneException"/> with the errors of <c>ViewErrors.cs</c>.
/// </summary>
public interface IViewStore
{
    /// <summary>The views of an experiment by all people, ordered by name, then id. Not pages: an experiment has at most <see cref="ViewService.MaxViews"/>.</summary>
    Task<IReadOnlyList<SavedView>> ListAsync(long experimentId, CancellationToken cancellationToken);

    /// <summary>The view; null when there is none.</summary>
    Task<SavedView?> GetAsync(long id, CancellationToken cancellationToken);

    /// <summary>
    /// Saves a view. Throws <see cref="ViewNameTaken"/>, <see cref="Experiments.ExperimentNotFound"/>, and <see cref="TooManyViews"/> when the
    /// experiment has <paramref name="most"/>.
    /// </summary>
    Task<SavedView> CreateAsync(NewView view, int most, long now, CancellationToken cancellationToken);

    /// <summary>Applies the patch. Throws <see cref="ViewNotFound"/>, <see cref="ViewNameTaken"/> and <see cref="ViewChanged"/>.</summary>
    Task<SavedView> UpdateAsync(long id, ViewPatch patch, long now, CancellationToken cancellationToken);

    /// <summary>Removes the view; false when there was none.</summary>
    Task<bool> DeleteAsync(long id, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the view the default of the experiment, in place of another one; with null the experiment has none. Throws
    /// <see cref="ViewNotFound"/> when the view is not one of the experiment.
    /// </summary>
    Task SetDefaultAsync(long experimentId, long? id, CancellationToken cancellationToken);

    /// <summary>What the person left; null when nothing.</summary>
    Task<Workspace?> GetWorkspaceAsync(long experimentId, string person, CancellationToken cancellationToken);

    /// <summary>Replaces what the person left. Throws <see cref="Experiments.ExperimentNotFound"/>.</summary>
    Task<Workspace> SetWorkspaceAsync(long experimentId, string person, string settings, long now, CancellationToken cancellationToken);
}
