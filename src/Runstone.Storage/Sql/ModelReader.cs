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
        var (aliases, tags) = (new List<string>(), new List<Tag>());
        await session.VisitAllAsync(
            [
                new(SqlText.Fixed(ModelSql.AliasesOfVersion, row.Id), s => aliases.Add(s.Text(0))),
                Tags(ModelSql.VersionTags, "x.version_id", _dialect.List([row.Id]), (_, tag) => tags.Add(tag)),
            ],
            cancellationToken);
        return row.Version with { Tags = tags, Aliases = aliases };
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
        var models = rows.ToDictionary(r => r.Id, _ => new Belongings());
        var versions = new List<VersionRow>();
        var tagsOf = new Dictionary<long, List<Tag>>();
        await session.VisitAllAsync(
            [
                Tags(ModelSql.ModelTags, "x.model_id", ids, (id, tag) => models[id].Tags.Add(tag)),
                Listed(ModelSql.Aliases, "a.model_id", ids, "a.model_id, a.alias", s => models[s.Int64(0)].Aliases.Add(new ModelAlias(s.Text(1), (int)s.Int64(2)))),
                Listed(ModelSql.LatestVersions, "m.id", ids, "m.id, v.number", s => versions.Add(ReadVersion(s))),
                Listed(ModelSql.LatestVersionTags, "m.id", ids, "x.version_id, x.key", s => AddTag(tagsOf, s.Int64(0), ReadTag(s))),
            ],
            cancellationToken);
        foreach (var version in versions)
            models[version.ModelId].Versions.Add(version.Version with { Tags = tagsOf.GetValueOrDefault(version.Id) ?? [] });
        return [.. rows.Select(r => models[r.Id].GiveTo(r.Model))];
    }

    private async ValueTask<List<ModelVersion>> WithTagsAsync(IReadOnlyList<VersionRow> rows)
    {
        if (rows.Count == 0)
            return [];
        var tagsOf = new Dictionary<long, List<Tag>>();
        await session.VisitAllAsync(
            [Tags(ModelSql.VersionTags, "x.version_id", _dialect.List(rows.Select(r => r.Id)), (id, tag) => AddTag(tagsOf, id, tag))], cancellationToken);
        return [.. rows.Select(r => r.Version with { Tags = tagsOf.GetValueOrDefault(r.Id) ?? [] })];
    }

    private SqlVisit Tags(string select, string owner, object ids, Action<long, Tag> add) =>
        Listed(select, owner, ids, $"{owner}, x.key", s => add(s.Int64(0), ReadTag(s)));

    private SqlVisit Listed(string select, string column, object ids, string order, Action<SqlRow> visit) =>
        new(SqlText.Fixed($"{select} where {_dialect.InNumbers(column, "@ids")} order by {order}", ids), visit);

    private static void AddTag(Dictionary<long, List<Tag>> tagsOf, long owner, Tag tag)
    {
        if (!tagsOf.TryGetValue(owner, out var tags))
            tagsOf[owner] = tags = [];
        tags.Add(tag);
    }

    private static Tag ReadTag(SqlRow row) => new(row.Text(1), row.Text(2));

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

    /// <summary>What belongs to one model.</summary>
    private sealed class Belongings
    {
        public List<Tag> Tags { get; } = [];

        public List<ModelAlias> Aliases { get; } = [];

        public List<ModelVersion> Versions { get; } = [];

        public RegisteredModel GiveTo(RegisteredModel model) => model with { Tags = Tags, Aliases = Aliases, LatestVersions = Versions };
    }
}
