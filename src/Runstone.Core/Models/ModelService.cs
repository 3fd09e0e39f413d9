using Runstone.Core.Errors;
using Runstone.Core.Query;

namespace Runstone.Core.Models;

/// <summary>Use cases of registered models and their versions.</summary>
public sealed class ModelService(IModelStore store, TimeProvider time)
{
    /// <summary>Models on one page.</summary>
    public const int MaxModels = 1000;

    /// <summary>Versions on one page.</summary>
    public const int MaxVersions = 200_000;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<RegisteredModel> GetAsync(string name, CancellationToken cancellationToken) =>
        await store.GetAsync(name, cancellationToken) ?? throw new RunstoneException(new ModelNotFound(name));

    public Task<RegisteredModel> CreateAsync(NewModel model, CancellationToken cancellationToken)
    {
        ModelRules.RequireName(model.Name);
        ModelRules.RequireDescription(model.Description);
        ModelRules.RequireTags(model.Tags);
        return store.CreateAsync(model, Now, cancellationToken);
    }

    public Task<RegisteredModel> UpdateAsync(string name, ModelPatch patch, CancellationToken cancellationToken)
    {
        if (patch.Name is not null)
            ModelRules.RequireName(patch.Name);
        ModelRules.RequireDescription(patch.Description);
        ModelRules.RequireTags(patch.SetTags);
        foreach (var alias in patch.SetAliases)
            ModelRules.RequireAlias(alias.Alias);
        return store.UpdateAsync(name, patch, Now, cancellationToken);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => store.DeleteAsync(name, cancellationToken);

    public Task<SearchPage<RegisteredModel>> SearchAsync(ModelQuery query, CancellationToken cancellationToken)
    {
        RequirePage(query.Limit, MaxModels, query.Offset);
        return store.SearchAsync(query, cancellationToken);
    }

    public async Task<ModelVersion> GetVersionAsync(string name, int number, CancellationToken cancellationToken) =>
        await store.GetVersionAsync(name, number, cancellationToken)
        ?? throw new RunstoneException(new ModelVersionNotFound(name, number));

    /// <summary>The version that the alias points to. Throws <see cref="ModelNotFound"/> and <see cref="AliasNotFound"/>.</summary>
    public async Task<ModelVersion> GetVersionByAliasAsync(string name, string alias, CancellationToken cancellationToken)
    {
        var model = await GetAsync(name, cancellationToken);
        var target = model.Aliases.FirstOrDefault(a => string.Equals(a.Alias, alias, StringComparison.Ordinal))
            ?? throw new RunstoneException(new AliasNotFound(name, alias));
        return await GetVersionAsync(name, target.Version, cancellationToken);
    }

    public Task<ModelVersion> CreateVersionAsync(string name, NewModelVersion version, CancellationToken cancellationToken)
    {
        ModelRules.RequireSource(version.Source);
        StoredText.Require("location", version.Location);
        StoredText.Require("run_id", version.RunId);
        StoredText.Require("run_link", version.RunLink);
        ModelRules.RequireDescription(version.Description);
        ModelRules.RequireTags(version.Tags);
        return store.CreateVersionAsync(name, version, Now, cancellationToken);
    }

    public Task<ModelVersion> UpdateVersionAsync(string name, int number, ModelVersionPatch patch, CancellationToken cancellationToken)
    {
        ModelRules.RequireDescription(patch.Description);
        ModelRules.RequireTags(patch.SetTags);
        if (patch.ArchiveOthers && patch.Stage is not (ModelStage.Staging or ModelStage.Production))
            throw new RunstoneException(Error.Invalid("archive_others", "Other versions can be archived only by a move to staging or production."));
        return store.UpdateVersionAsync(name, number, patch, Now, cancellationToken);
    }

    public Task DeleteVersionAsync(string name, int number, CancellationToken cancellationToken) =>
        store.DeleteVersionAsync(name, number, Now, cancellationToken);

    public Task<SearchPage<ModelVersion>> SearchVersionsAsync(ModelVersionQuery query, CancellationToken cancellationToken)
    {
        RequirePage(query.Limit, MaxVersions, query.Offset);
        return store.SearchVersionsAsync(query, cancellationToken);
    }

    private static void RequirePage(int limit, int max, long offset)
    {
        if (limit < 1 || limit > max)
            throw new RunstoneException(Error.Invalid("limit", $"{limit} is not a page size: use 1 to {max}."));
        if (offset < 0)
            throw new RunstoneException(Error.Invalid("offset", $"{offset} rows cannot be passed over: use 0 or more."));
    }
}
