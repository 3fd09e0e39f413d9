using Runstone.Core.Artifacts;
using Runstone.Core.Ingest;
using Runstone.Core.Query;

namespace Runstone.Core.Models;

/// <summary>
/// Keeps logged models: their facts, params, tags and files. Key: the model's id (ordinal comparison), which the caller makes and which
/// is never used again; a file by its model and path. Their metrics are points of runs and written with those
/// (<see cref="Metrics.MetricBatch.Models"/>). A deleted model is absent where not said otherwise, keeps its rows and files, and does not
/// come back. Every write is atomic and durable when its task completes, and reads see every write acknowledged before they begin. Writes to
/// one model follow each other. Absence is null; failures are thrown as <see cref="Errors.RunstoneException"/> with the errors of
/// <c>LoggedModelErrors.cs</c>. The store bounds nothing but the page: what a model may hold is for <see cref="LoggedModelService"/>.
/// Which files models have is read by an <see cref="IArtifactStore"/> of their own, deleted models included, because what a registered
/// version was made of stays readable.
/// </summary>
public interface ILoggedModelStore
{
    /// <summary>Creates a pending model, stamped with <paramref name="now"/> (Unix ms). The experiment is for the caller to check.</summary>
    Task<LoggedModel> CreateAsync(NewLoggedModel model, long now, CancellationToken cancellationToken);

    /// <summary>The model with params, tags and its newest metrics by time, at most so many, read at one instant; null when there is none.</summary>
    Task<LoggedModel?> GetAsync(string id, int metrics, CancellationToken cancellationToken);

    /// <summary>Where clients look for the files of the model, also of a deleted one; null when there never was one.</summary>
    Task<string?> GetLocationAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Applies, in one transaction, what <paramref name="change"/> makes of the model as it stands (without its metrics), and returns the
    /// result. The change may be asked more than once and must have no other effect; what it throws leaves the model as it was. Throws
    /// <see cref="LoggedModelNotFound"/>.
    /// </summary>
    Task<LoggedModel> UpdateAsync(string id, Func<LoggedModel, LoggedModelPatch> change, long now, CancellationToken cancellationToken);

    /// <summary>Deletes the model. Throws <see cref="LoggedModelNotFound"/>.</summary>
    Task DeleteAsync(string id, long now, CancellationToken cancellationToken);

    /// <summary>One page of the models that match. The default order is the creation, newest first; so are ties broken.</summary>
    Task<SearchPage<LoggedModel>> SearchAsync(LoggedModelQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Links a file whose blob is durable, in place of the one at its path. Throws <see cref="LoggedModelNotFound"/>, and
    /// <see cref="BlobCondemned"/> when the content is being removed.
    /// </summary>
    Task LinkFileAsync(string id, ArtifactFile file, long now, CancellationToken cancellationToken);

    /// <summary>Removes the file at the path and all below it; what is not there is no error. Throws <see cref="LoggedModelNotFound"/>.</summary>
    Task RemoveFilesAsync(string id, string path, CancellationToken cancellationToken);
}
