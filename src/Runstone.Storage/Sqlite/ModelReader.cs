using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Core.Query;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>Reads models and versions with what belongs to them; a page costs a fixed number of statements.</summary>
internal static class ModelReader
{
    public static RegisteredModel? Find(SqliteSession session, string name)
    {
        var row = SqliteSession.ReadFirst(session.Prepare(ModelSql.ModelByName).Bind(1, name), ReadModel);
        return row is null ? null : Complete(session, [row])[0];
    }

    public static ModelVersion? FindVersion(SqliteSession session, string name, int number)
    {
        var row = SqliteSession.ReadFirst(session.Prepare(ModelSql.VersionByNumber).Bind(1, name).Bind(2, number), ReadVersion);
        if (row is null)
            return null;
        var aliases = SqliteSession.ReadAll(session.Prepare(ModelSql.AliasesOfVersion).Bind(1, row.Id), s => s.Text(0));
        return WithTags(session, [row])[0] with { Aliases = aliases };
    }

    public static SearchPage<RegisteredModel> Search(SqliteSession session, ModelQuery query)
    {
        var rows = session.Query(ModelSearch.Models(SqliteDialect.Instance, query), ReadModel);
        return new SearchPage<RegisteredModel>(Complete(session, [.. rows.Take(query.Limit)]), rows.Count > query.Limit);
    }

    public static SearchPage<ModelVersion> SearchVersions(SqliteSession session, ModelVersionQuery query)
    {
        var rows = session.Query(ModelSearch.Versions(SqliteDialect.Instance, query), ReadVersion);
        return new SearchPage<ModelVersion>(WithTags(session, [.. rows.Take(query.Limit)]), rows.Count > query.Limit);
    }

    private static List<RegisteredModel> Complete(SqliteSession session, IReadOnlyList<ModelRow> rows)
    {
        if (rows.Count == 0)
            return [];
        var ids = SqliteDialect.Instance.List(rows.Select(r => r.Id));
        var tags = ReadTags(session, ModelSql.ModelTags, "x.model_id", ids);
        var aliases = Listed(session, ModelSql.Aliases, "a.model_id", ids, "a.model_id, a.alias", s => (Id: s.Int64(0), Alias: new ModelAlias(s.Text(1), (int)s.Int64(2))))
            .ToLookup(a => a.Id, a => a.Alias);
        var versions = Listed(session, ModelSql.LatestVersions, "m.id", ids, "m.id, v.number", ReadVersion);
        var latest = WithTags(session, versions).Zip(versions).ToLookup(v => v.Second.ModelId, v => v.First);
        return
        [
            .. rows.Select(r => r.Model with { Tags = [.. tags[r.Id]], Aliases = [.. aliases[r.Id]], LatestVersions = [.. latest[r.Id]] }),
        ];
    }

    private static List<ModelVersion> WithTags(SqliteSession session, IReadOnlyList<VersionRow> rows)
    {
        if (rows.Count == 0)
            return [];
        var tags = ReadTags(session, ModelSql.VersionTags, "x.version_id", SqliteDialect.Instance.List(rows.Select(r => r.Id)));
        return [.. rows.Select(r => r.Version with { Tags = [.. tags[r.Id]] })];
    }

    private static ILookup<long, Tag> ReadTags(SqliteSession session, string select, string owner, object ids) =>
        Listed(session, select, owner, ids, $"{owner}, x.key", s => (Id: s.Int64(0), Tag: new Tag(s.Text(1), s.Text(2)))).ToLookup(t => t.Id, t => t.Tag);

    private static List<T> Listed<T>(SqliteSession session, string select, string column, object ids, string order, Func<SqliteStatement, T> read)
    {
        var parameters = new SqlParameters();
        var sql = $"{select} where {SqliteDialect.Instance.InNumbers(column, parameters.Add(ids))} order by {order}";
        return session.Query(new SqlText(sql, parameters), read);
    }

    private static ModelRow ReadModel(SqliteStatement row) => new(row.Int64(0), new RegisteredModel
    {
        Name = row.Text(1),
        Description = row.NullableText(2),
        CreatedAt = row.Int64(3),
        UpdatedAt = row.Int64(4),
    });

    private static VersionRow ReadVersion(SqliteStatement row) => new(row.Int64(0), row.Int64(11), new ModelVersion
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
