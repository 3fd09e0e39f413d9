using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Core.Models;

/// <summary>Use cases of logged models; a missing one is <see cref="LoggedModelNotFound"/>.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="experiments">Where they belong to.</param>
/// <param name="files">Their files.</param>
/// <param name="time">The clock.</param>
public sealed class LoggedModelService(ILoggedModelStore store, ExperimentService experiments, LoggedModelFiles files, TimeProvider time)
{
    /// <summary>Models on one page.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Points that come with a model that is read alone.</summary>
    public const int MaxMetrics = 25_000;

    /// <summary>The files of models; its ids are those of models.</summary>
    public ArtifactService Files => files.Service;

    private const int MaxTerms = 100;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A new id: <c>m-</c> and a version 7 UUID as 32 hex digits.</summary>
    public string NewId() => "m-" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>
    /// Creates the model in an experiment that exists and is not deleted. An empty name is replaced by <see cref="RunNames.Random"/>.
    /// </summary>
    public async Task<LoggedModel> CreateAsync(NewLoggedModel model, CancellationToken cancellationToken)
    {
        if (model.Name.Length == 0)
            model = model with { Name = RunNames.Random() };
        LoggedModelRules.Require(model);
        var experiment = await experiments.GetAsync(model.ExperimentId, cancellationToken);
        if (experiment.Lifecycle == Lifecycle.Deleted)
            throw new RunstoneException(new ExperimentNotActive(experiment.Id));
        return await store.CreateAsync(model, Now, cancellationToken);
    }

    public async Task<LoggedModel> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.GetAsync(id, MaxMetrics, cancellationToken) ?? throw new RunstoneException(new LoggedModelNotFound(id));

    /// <inheritdoc cref="ILoggedModelStore.GetLocationAsync"/>
    public Task<string?> GetLocationAsync(string id, CancellationToken cancellationToken) => store.GetLocationAsync(id, cancellationToken);

    /// <summary>Says how far the model is, and returns it with its metrics.</summary>
    public async Task<LoggedModel> FinishAsync(string id, LoggedModelStatus status, CancellationToken cancellationToken)
    {
        await store.UpdateAsync(id, _ => new LoggedModelPatch { Status = status }, Now, cancellationToken);
        return await GetAsync(id, cancellationToken);
    }

    /// <summary>Adds params; one that has the value already changes nothing, one with another is <see cref="LoggedModelParamChanged"/>.</summary>
    public Task AddParamsAsync(string id, IReadOnlyList<Param> parameters, CancellationToken cancellationToken)
    {
        LoggedModelRules.RequireParams(parameters);
        return ChangeAsync(id, model => new LoggedModelPatch { AddParams = NewOf(model, parameters) }, cancellationToken);
    }

    public Task SetTagsAsync(string id, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        LoggedModelRules.RequireTags(tags);
        return ChangeAsync(id, _ => new LoggedModelPatch { SetTags = tags }, cancellationToken);
    }

    /// <summary>Sets the tag to what <paramref name="value"/> makes of its value (null when there is none), however many do so at once.</summary>
    public Task EditTagAsync(string id, string key, Func<string?, string> value, CancellationToken cancellationToken) => ChangeAsync(
        id,
        model =>
        {
            var tags = new[] { new Tag(key, value(model.Tags.FirstOrDefault(t => t.Key == key)?.Value)) };
            LoggedModelRules.RequireTags(tags);
            return new LoggedModelPatch { SetTags = tags };
        },
        cancellationToken);

    /// <summary>Removes a tag that is there, or fails with <see cref="LoggedModelTagNotFound"/>.</summary>
    public Task RemoveTagAsync(string id, string key, CancellationToken cancellationToken) => ChangeAsync(
        id,
        model => model.Tags.Any(t => t.Key == key)
            ? new LoggedModelPatch { RemoveTags = [key] }
            : throw new RunstoneException(new LoggedModelTagNotFound(id, key)),
        cancellationToken);

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => store.DeleteAsync(id, Now, cancellationToken);

    public Task<SearchPage<LoggedModel>> SearchAsync(LoggedModelQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > MaxLimit)
            throw new RunstoneException(Error.Invalid("limit", $"{query.Limit} is not a page size: use 1 to {MaxLimit}."));
        if (query.Offset < 0)
            throw new RunstoneException(Error.Invalid("offset", $"{query.Offset} rows cannot be passed over: use 0 or more."));
        if (query.Datasets.Count > MaxTerms || query.OrderBy.Count > MaxTerms)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"A search names at most {MaxTerms} datasets and {MaxTerms} keys of the order."));
        return store.SearchAsync(query, cancellationToken);
    }

    private Task<LoggedModel> ChangeAsync(string id, Func<LoggedModel, LoggedModelPatch> change, CancellationToken cancellationToken) => store.UpdateAsync(
        id,
        model =>
        {
            var patch = change(model);
            LoggedModelRules.RequireRoom(model, patch);
            return patch;
        },
        Now, cancellationToken);

    private static List<Param> NewOf(LoggedModel model, IReadOnlyList<Param> parameters)
    {
        var values = model.Params.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var added = new List<Param>();
        foreach (var param in parameters)
        {
            if (values.TryAdd(param.Key, param.Value))
                added.Add(param);
            else if (!string.Equals(values[param.Key], param.Value, StringComparison.Ordinal))
                throw new RunstoneException(new LoggedModelParamChanged(model.Id, param.Key, values[param.Key], param.Value));
        }

        return added;
    }
}
