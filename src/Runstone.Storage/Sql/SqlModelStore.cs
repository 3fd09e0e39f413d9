using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>
/// Registered models. Each write is a transaction of its own, because people and releases make them, not training loops; it
/// begins by locking the model, so that writes to one model follow each other.
/// </summary>
internal sealed class SqlModelStore(SqlDatabase database) : IModelStore
{
    public Task<RegisteredModel?> GetAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => new ModelReader(session, cancellationToken).FindAsync(name), cancellationToken);

    public Task<RegisteredModel> CreateAsync(NewModel model, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => new ModelWriter(session, now, cancellationToken).CreateAsync(model), cancellationToken);

    public Task<RegisteredModel> UpdateAsync(string name, ModelPatch patch, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => new ModelWriter(session, now, cancellationToken).UpdateAsync(name, patch), cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        database.TransactAsync(session => new ModelWriter(session, 0, cancellationToken).DeleteAsync(name), cancellationToken);

    public Task<SearchPage<RegisteredModel>> SearchAsync(ModelQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => new ModelReader(session, cancellationToken).SearchAsync(query), cancellationToken);

    public Task<ModelVersion?> GetVersionAsync(string name, int number, CancellationToken cancellationToken) =>
        database.ReadAsync(session => new ModelReader(session, cancellationToken).FindVersionAsync(name, number), cancellationToken);

    public Task<ModelVersion> CreateVersionAsync(string name, NewModelVersion version, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => new ModelWriter(session, now, cancellationToken).CreateVersionAsync(name, version), cancellationToken);

    public Task<ModelVersion> UpdateVersionAsync(
        string name, int number, ModelVersionPatch patch, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => new ModelWriter(session, now, cancellationToken).UpdateVersionAsync(name, number, patch), cancellationToken);

    public Task DeleteVersionAsync(string name, int number, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => new ModelWriter(session, now, cancellationToken).DeleteVersionAsync(name, number), cancellationToken);

    public Task<SearchPage<ModelVersion>> SearchVersionsAsync(ModelVersionQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => new ModelReader(session, cancellationToken).SearchVersionsAsync(query), cancellationToken);
}
