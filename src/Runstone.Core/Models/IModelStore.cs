using Runstone.Core.Query;

namespace Runstone.Core.Models;

/// <summary>
/// Keeps registered models and their versions. Keys: the model's name (ordinal comparison); a version by its model and number.
/// The store numbers the versions of a model 1, 2, 3 ... in the order of creation and never uses a number again while the model
/// exists; a model made under the name of a deleted one is another model and begins with 1. Every write is atomic and durable
/// when its task completes, and reads see every write acknowledged before they begin. Absence is null; failures are thrown as
/// <see cref="Errors.RunstoneException"/> with the errors of <c>ModelErrors.cs</c>. In an order, rows without a value come last
/// in both directions.
/// </summary>
public interface IModelStore
{
    /// <summary>The model with its tags, aliases and latest versions, read at one instant; null when there is none.</summary>
    Task<RegisteredModel?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Creates a model without versions, stamped with <paramref name="now"/> (Unix ms). Throws <see cref="ModelNameTaken"/>.</summary>
    Task<RegisteredModel> CreateAsync(NewModel model, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the patch in one transaction and returns the result. A new name moves all versions, tags and aliases and stamps
    /// the versions too. Throws <see cref="ModelNotFound"/>, <see cref="ModelNameTaken"/> and, for an alias,
    /// <see cref="ModelVersionNotFound"/>.
    /// </summary>
    Task<RegisteredModel> UpdateAsync(string name, ModelPatch patch, long now, CancellationToken cancellationToken);

    /// <summary>Removes the model with its versions, tags and aliases. Throws <see cref="ModelNotFound"/>.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>One page of the models that match. Ties and the default order are the name, ascending.</summary>
    Task<SearchPage<RegisteredModel>> SearchAsync(ModelQuery query, CancellationToken cancellationToken);

    /// <summary>The version with its tags and aliases; null when the model or the version is not there.</summary>
    Task<ModelVersion?> GetVersionAsync(string name, int number, CancellationToken cancellationToken);

    /// <summary>Creates the next version, in stage none, and stamps the model. Throws <see cref="ModelNotFound"/>.</summary>
    Task<ModelVersion> CreateVersionAsync(string name, NewModelVersion version, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the patch in one transaction and returns the result; a change of stage stamps the model and the versions it
    /// archives too. Throws <see cref="ModelNotFound"/> and <see cref="ModelVersionNotFound"/>.
    /// </summary>
    Task<ModelVersion> UpdateVersionAsync(string name, int number, ModelVersionPatch patch, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the version with its tags and the aliases that point to it, and stamps the model. Throws
    /// <see cref="ModelNotFound"/> and <see cref="ModelVersionNotFound"/>.
    /// </summary>
    Task DeleteVersionAsync(string name, int number, long now, CancellationToken cancellationToken);

    /// <summary>
    /// One page of the versions that match, without their aliases. The default order is the last update, newest first; ties are
    /// broken by the model's name ascending, then the number, newest first.
    /// </summary>
    Task<SearchPage<ModelVersion>> SearchVersionsAsync(ModelVersionQuery query, CancellationToken cancellationToken);
}
