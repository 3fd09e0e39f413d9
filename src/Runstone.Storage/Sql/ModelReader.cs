using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Reads models and versions with what belongs to them; a page costs a fixed number of statements.</summary>
internal sealed class ModelReader(SqlSession session, CancellationToken cancellationToken)
{
    private readonly SqlDialect _dialect = session.Dialect;

    public async ValueTask<RegisteredModel?> FindAsync(string name)
    {
        var row = await session.FirstAsync(SqlText.Fixed(ModelSql.ModelByName, name), ReadModel, cancellationToken);
        return row is null ? null : (await CompleteAsync([row]))[0];
    }

    public async ValueTask<ModelVersion?> FindVersionAsync(string name, int number)
    {
        var row = await session.FirstAsync(SqlText.Fixed(ModelSql.VersionByNumber, name, (long)number), ReadVersion, cancellationToken);
        if (row is null)
            return null;
        var aliases = await session.QueryAsync(SqlText.Fixed(ModelSql.AliasesOfVersion, row.Id), s => s.Text(0), cancellationToken);
        return (await WithTagsAsync([row]))[0] with { Aliases = aliases };
    }

    public async ValueTask<SearchPage<RegisteredModel>> SearchAsync(ModelQuery query)
    {
        var rows = await session.QueryAsync(ModelSearch.Models(_dialect, query), ReadModel, cancellationToken);
        return new SearchPage<RegisteredModel>(await CompleteAsync([.. rows.Take(query.Limit)]), rows.Count > query.Limit);
    }

    public async ValueTask<SearchPage<ModelVersion>> SearchVersionsAsync(ModelVersionQuery query)
    {
        var rows = await session.QueryAsync(ModelSearch.Versions(_dialect, query), ReadVersion, cancellationToken);
        return new SearchPage<ModelVersion>(await WithTagsAsync([.. rows.Take(query.Limit)]), rows.Count > query.Limit);
    }

    private async ValueTask<List<RegisteredModel>> CompleteAsync(IReadOnlyList<ModelRow> rows)
    {
        if (rows.Count == 0)
            return [];
        var ids = _dialect.List(rows.Select(r => r.Id));
        var tags = await TagsAsync(ModelSql.ModelTags, "x.model_id", ids);
        var aliases = (await ListedAsync(ModelSql.Aliases, "a.model_id", ids, "a.model_id, a.alias", s => (Id: s.Int64(0), Alias: new ModelAlias(s.Text(1), (int)s.Int64(2)))))
            .ToLookup(a => a.Id, a => a.Alias);
        var versions = await ListedAsync(ModelSql.LatestVersions, "m.id", ids, "m.id, v.number", ReadVersion);
        var latest = (await WithTagsAsync(versions)).Zip(versions).ToLookup(v => v.Second.ModelId, v => v.First);
        return
        [
            .. rows.Select(r => r.Model with { Tags = [.. tags[r.Id]], Aliases = [.. aliases[r.Id]], LatestVersions = [.. latest[r.Id]] }),
        ];
    }

    private async ValueTask<List<ModelVersion>> WithTagsAsync(IReadOnlyList<VersionRow> rows)
    {
        if (rows.Count == 0)
            return [];
        var tags = await TagsAsync(ModelSql.VersionTags, "x.version_id", _dialect.List(rows.Select(r => r.Id)));
        return [.. rows.Select(r => r.Version with { Tags = [.. tags[r.Id]] })];
    }

    private async ValueTask<ILookup<long, Tag>> TagsAsync(string select, string owner, object ids) =>
        (await ListedAsync(select, owner, ids, $"{owner}, x.key", s => (Id: s.Int64(0), Tag: new Tag(s.Text(1), s.Text(2))))).ToLookup(t => t.Id, t => t.Tag);

    private ValueTask<List<T>> ListedAsync<T>(string select, string column, object ids, string order, Func<SqlRow, T> read) =>
        session.QueryAsync(SqlText.Fixed($"{select} where {_dialect.InNumbers(column, "@ids")} order by {order}", ids), read, cancellationToken);

    private static ModelRow ReadModel(SqlRow row) => new(row.Int64(0), new RegisteredModel
    {
        Name = row.Text(1),
        Description = row.NullableText(2),
        CreatedAt = row.Int64(3),
        UpdatedAt = row.Int64(4),
    });

    private static VersionRow ReadVersion(SqlRow row) => new(row.Int64(0), row.Int64(11), new ModelVersion
    {
        Model = row.Text(1),
        Number = (int)row.Int64(2),
        Source = row.Text(3),
        Location = row.NullableText(4),
        RunId = row.NullableText(5),
        RunLink = row.NullableText(6),
        Description = row.NullableText(7),
        Stage = (ModelStage)row.Int64(8),
        CreatedAt = row.Int64(9),
        UpdatedAt = row.Int64(10),
    });

    private sealed record ModelRow(long Id, RegisteredModel Model);

    private sealed record VersionRow(long Id, long ModelId, ModelVersion Version);
}
