using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Core.Query;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>Registered models. Each write is a transaction of its own: people and releases make them, not training loops.</summary>
internal sealed class SqliteModelStore(SqliteDatabase database) : IModelStore
{
    public Task<RegisteredModel?> GetAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ModelReader.Find(session, name), cancellationToken);

    public Task<RegisteredModel> CreateAsync(NewModel model, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => Create(session, model, now), cancellationToken);

    public Task<RegisteredModel> UpdateAsync(string name, ModelPatch patch, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => Update(session, name, patch, now), cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        database.TransactAsync(session => Run(session.Prepare(ModelSql.DeleteModel).Bind(1, RequireModel(session, name))), cancellationToken);

    public Task<SearchPage<RegisteredModel>> SearchAsync(ModelQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ModelReader.Search(session, query), cancellationToken);

    public Task<ModelVersion?> GetVersionAsync(string name, int number, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ModelReader.FindVersion(session, name, number), cancellationToken);

    public Task<ModelVersion> CreateVersionAsync(string name, NewModelVersion version, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => CreateVersion(session, name, version, now), cancellationToken);

    public Task<ModelVersion> UpdateVersionAsync(
        string name, int number, ModelVersionPatch patch, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => UpdateVersion(session, name, number, patch, now), cancellationToken);

    public Task DeleteVersionAsync(string name, int number, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => DeleteVersion(session, name, number, now), cancellationToken);

    public Task<SearchPage<ModelVersion>> SearchVersionsAsync(ModelVersionQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ModelReader.SearchVersions(session, query), cancellationToken);

    private static RegisteredModel Create(SqliteSession session, NewModel model, long now)
    {
        if (FindModel(session, model.Name) is not null)
            throw new RunstoneException(new ModelNameTaken(model.Name));
        var id = Returned(session.Prepare(ModelSql.InsertModel).Bind(1, model.Name).Bind(2, model.Description).Bind(3, now));
        SetTags(session, ModelSql.SetModelTag, id, model.Tags);
        return ModelReader.Find(session, model.Name)!;
    }

    private static RegisteredModel Update(SqliteSession session, string name, ModelPatch patch, long now)
    {
        var id = RequireModel(session, name);
        if (patch.Name is { } newName)
            Rename(session, id, newName, now);
        if (patch.Description is { } description)
            session.Prepare(ModelSql.DescribeModel).Bind(1, description).Bind(2, now).Bind(3, id).Execute();
        RemoveAll(session, ModelSql.RemoveModelTag, id, patch.RemoveTags);
        SetTags(session, ModelSql.SetModelTag, id, patch.SetTags);
        RemoveAll(session, ModelSql.RemoveAlias, id, patch.RemoveAliases);
        foreach (var (alias, number) in patch.SetAliases)
            session.Prepare(ModelSql.SetAlias).Bind(1, id).Bind(2, alias).Bind(3, RequireVersion(session, id, name, number)).Execute();
        return ModelReader.Find(session, patch.Name ?? name)!;
    }

    private static void Rename(SqliteSession session, long id, string name, long now)
    {
        if (FindModel(session, name) is { } other && other != id)
            throw new RunstoneException(new ModelNameTaken(name));
        session.Prepare(ModelSql.RenameModel).Bind(1, name).Bind(2, now).Bind(3, id).Execute();
        session.Prepare(ModelSql.StampVersions).Bind(1, now).Bind(2, id).Execute();
    }

    private static ModelVersion CreateVersion(SqliteSession session, string name, NewModelVersion version, long now)
    {
        var modelId = RequireModel(session, name);
        var number = Returned(session.Prepare(ModelSql.NextNumber).Bind(1, now).Bind(2, modelId));
        var id = Returned(session.Prepare(ModelSql.InsertVersion)
            .Bind(1, modelId).Bind(2, number).Bind(3, version.Source).Bind(4, version.Location).Bind(5, version.RunId)
            .Bind(6, version.RunLink).Bind(7, version.Description).Bind(8, now));
        SetTags(session, ModelSql.SetVersionTag, id, version.Tags);
        return ModelReader.FindVersion(session, name, (int)number)!;
    }

    private static ModelVersion UpdateVersion(SqliteSession session, string name, int number, ModelVersionPatch patch, long now)
    {
        var modelId = RequireModel(session, name);
        var id = RequireVersion(session, modelId, name, number);
        if (patch.Description is { } description)
            session.Prepare(ModelSql.DescribeVersion).Bind(1, description).Bind(2, now).Bind(3, id).Execute();
        if (patch.Stage is { } stage)
            Move(session, modelId, id, stage, patch.ArchiveOthers, now);
        RemoveAll(session, ModelSql.RemoveVersionTag, id, patch.RemoveTags);
        SetTags(session, ModelSql.SetVersionTag, id, patch.SetTags);
        return ModelReader.FindVersion(session, name, number)!;
    }

    private static void Move(SqliteSession session, long modelId, long id, ModelStage stage, bool archiveOthers, long now)
    {
        if (archiveOthers)
            session.Prepare(ModelSql.ArchiveOthers).Bind(1, now).Bind(2, modelId).Bind(3, (long)stage).Bind(4, id).Execute();
        session.Prepare(ModelSql.MoveVersion).Bind(1, (long)stage).Bind(2, now).Bind(3, id).Execute();
        session.Prepare(ModelSql.StampModel).Bind(1, now).Bind(2, modelId).Execute();
    }

    private static bool DeleteVersion(SqliteSession session, string name, int number, long now)
    {
        var modelId = RequireModel(session, name);
        session.Prepare(ModelSql.DeleteVersion).Bind(1, RequireVersion(session, modelId, name, number)).Execute();
        return Run(session.Prepare(ModelSql.StampModel).Bind(1, now).Bind(2, modelId));
    }

    private static void SetTags(SqliteSession session, string sql, long owner, IReadOnlyList<Tag> tags)
    {
        foreach (var (key, value) in tags)
            session.Prepare(sql).Bind(1, owner).Bind(2, key).Bind(3, value).Execute();
    }

    private static void RemoveAll(SqliteSession session, string sql, long owner, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
            session.Prepare(sql).Bind(1, owner).Bind(2, key).Execute();
    }

    private static long RequireModel(SqliteSession session, string name) =>
        FindModel(session, name) ?? throw new RunstoneException(new ModelNotFound(name));

    private static long RequireVersion(SqliteSession session, long modelId, string name, int number) =>
        Found(session.Prepare(ModelSql.IdOfNumber).Bind(1, modelId).Bind(2, number))
        ?? throw new RunstoneException(new ModelVersionNotFound(name, number));

    private static long? FindModel(SqliteSession session, string name) => Found(session.Prepare(ModelSql.IdOfName).Bind(1, name));

    private static long? Found(SqliteStatement statement) => SqliteSession.ReadFirst(statement, s => (long?)s.Int64(0));

    private static long Returned(SqliteStatement statement) => SqliteSession.ReadFirst(statement, s => s.Int64(0));

    private static bool Run(SqliteStatement statement)
    {
        statement.Execute();
        return true;
    }
}
