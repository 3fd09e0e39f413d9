using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;

namespace Runstone.Storage.Sql;

/// <summary>One write on registered models, inside its transaction. <paramref name="now"/> is its stamp (Unix ms).</summary>
internal sealed class ModelWriter(SqlSession session, long now, CancellationToken cancellationToken)
{
    private readonly ModelReader _reader = new(session, cancellationToken);

    /// <summary>Two writers may both find a name free; the unique index then refuses one, which begins again and finds it taken.</summary>
    public async ValueTask<RegisteredModel> CreateAsync(NewModel model)
    {
        if (await FoundAsync(ModelSql.IdOfName, model.Name) is not null)
            throw new RunstoneException(new ModelNameTaken(model.Name));
        var id = (await FoundAsync(ModelSql.InsertModel, model.Name, model.Description, now))!.Value;
        await SetTagsAsync(ModelSql.SetModelTag, id, model.Tags);
        return (await _reader.FindAsync(model.Name))!;
    }

    public async ValueTask<RegisteredModel> UpdateAsync(string name, ModelPatch patch)
    {
        var id = await LockModelAsync(name);
        if (patch.Name is { } newName)
            await RenameAsync(id, newName);
        if (patch.Description is { } description)
            await RunAsync(ModelSql.DescribeModel, description, now, id);
        await RemoveAllAsync(ModelSql.RemoveModelTag, id, patch.RemoveTags);
        await SetTagsAsync(ModelSql.SetModelTag, id, patch.SetTags);
        await RemoveAllAsync(ModelSql.RemoveAlias, id, patch.RemoveAliases);
        foreach (var (alias, number) in patch.SetAliases)
            await RunAsync(ModelSql.SetAlias, id, alias, await RequireVersionAsync(id, name, number));
        return (await _reader.FindAsync(patch.Name ?? name))!;
    }

    public async ValueTask<bool> DeleteAsync(string name) => await RunAsync(ModelSql.DeleteModel, await LockModelAsync(name));

    public async ValueTask<ModelVersion> CreateVersionAsync(string name, NewModelVersion version)
    {
        var modelId = await LockModelAsync(name);
        var number = (await FoundAsync(ModelSql.NextNumber, now, modelId))!.Value;
        var id = await FoundAsync(
            ModelSql.InsertVersion, modelId, number, version.Source, version.Location, version.RunId, version.RunLink, version.Description, now);
        await SetTagsAsync(ModelSql.SetVersionTag, id!.Value, version.Tags);
        return (await _reader.FindVersionAsync(name, (int)number))!;
    }

    public async ValueTask<ModelVersion> UpdateVersionAsync(string name, int number, ModelVersionPatch patch)
    {
        var modelId = await LockModelAsync(name);
        var id = await RequireVersionAsync(modelId, name, number);
        if (patch.Description is { } description)
            await RunAsync(ModelSql.DescribeVersion, description, now, id);
        if (patch.Stage is { } stage)
            await MoveAsync(modelId, id, stage, patch.ArchiveOthers);
        await RemoveAllAsync(ModelSql.RemoveVersionTag, id, patch.RemoveTags);
        await SetTagsAsync(ModelSql.SetVersionTag, id, patch.SetTags);
        return (await _reader.FindVersionAsync(name, number))!;
    }

    public async ValueTask<bool> DeleteVersionAsync(string name, int number)
    {
        var modelId = await LockModelAsync(name);
        await RunAsync(ModelSql.DeleteVersion, await RequireVersionAsync(modelId, name, number));
        return await RunAsync(ModelSql.StampModel, now, modelId);
    }

    private async ValueTask RenameAsync(long id, string name)
    {
        if (await FoundAsync(ModelSql.IdOfName, name) is { } other && other != id)
            throw new RunstoneException(new ModelNameTaken(name));
        await RunAsync(ModelSql.RenameModel, name, now, id);
        await RunAsync(ModelSql.StampVersions, now, id);
    }

    private async ValueTask MoveAsync(long modelId, long id, ModelStage stage, bool archiveOthers)
    {
        if (archiveOthers)
            await RunAsync(ModelSql.ArchiveOthers, now, modelId, (long)stage, id);
        await RunAsync(ModelSql.MoveVersion, (long)stage, now, id);
        await RunAsync(ModelSql.StampModel, now, modelId);
    }

    private async ValueTask SetTagsAsync(string sql, long owner, IReadOnlyList<Tag> tags)
    {
        foreach (var (key, value) in tags)
            await RunAsync(sql, owner, key, value);
    }

    private async ValueTask RemoveAllAsync(string sql, long owner, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
            await RunAsync(sql, owner, key);
    }

    private async ValueTask<long> LockModelAsync(string name) =>
        await FoundAsync(ModelSql.IdOfName + session.Dialect.ForUpdate, name) ?? throw new RunstoneException(new ModelNotFound(name));

    private async ValueTask<long> RequireVersionAsync(long modelId, string name, int number) =>
        await FoundAsync(ModelSql.IdOfNumber, modelId, (long)number) ?? throw new RunstoneException(new ModelVersionNotFound(name, number));

    /// <summary>The number in the first row; null when there is no row.</summary>
    private ValueTask<long?> FoundAsync(string sql, params object?[] values) =>
        session.FirstAsync(SqlText.Fixed(sql, values), row => (long?)row.Int64(0), cancellationToken);

    private async ValueTask<bool> RunAsync(string sql, params object?[] values)
    {
        await session.ExecuteAsync(SqlText.Fixed(sql, values), cancellationToken);
        return true;
    }
}
