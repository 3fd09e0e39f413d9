using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Query;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

internal sealed class SqliteExperimentStore(SqliteDatabase database, WriterCache cache) : IExperimentStore
{
    public Task<Experiment?> GetAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<Experiment?> GetByNameAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => SqliteSession.ReadFirst(session.Prepare(ExperimentSql.ByName).Bind(1, name), Read) is { } found ? WithTags(session, found) : null,
            cancellationToken);

    public Task<Experiment> CreateAsync(NewExperiment experiment, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => Create(session, experiment, now), cancellationToken);

    public Task<Experiment> UpdateAsync(long id, ExperimentPatch patch, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => Update(session, id, patch, now), cancellationToken);

    public Task<SearchPage<Experiment>> SearchAsync(ExperimentQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var found = session.Query(ExperimentSearch.Build(SqliteDialect.Instance, query), Read);
                var page = found.Take(query.Limit).Select(e => WithTags(session, e)).ToList();
                return new SearchPage<Experiment>(page, found.Count > query.Limit);
            },
            cancellationToken);

    public Task<IReadOnlyList<ExperimentSummary>> SummariseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ExperimentSummary>>(
            session => ids.Select(id => Find(session, id)).OfType<Experiment>().Select(e => Summarise(session, e)).ToList(), cancellationToken);

    private static Experiment Create(SqliteSession session, NewExperiment experiment, long now)
    {
        RequireFree(session, experiment.Name, self: null);
        var statement = session.Prepare(ExperimentSql.Insert).Bind(1, experiment.Name).Bind(2, experiment.ArtifactLocation).Bind(3, now);
        var id = SqliteSession.ReadAll(statement, row => row.Int64(0))[0];
        SetTags(session, id, experiment.Tags);
        return Find(session, id)!;
    }

    private Experiment Update(SqliteSession session, long id, ExperimentPatch patch, long now)
    {
        var old = Find(session, id) ?? throw new RunstoneException(new ExperimentNotFound(id.ToString(CultureInfo.InvariantCulture)));
        var lifecycle = patch.Lifecycle ?? old.Lifecycle;
        if (patch.Name is { } name)
        {
            if (old.Lifecycle == Lifecycle.Deleted && lifecycle == Lifecycle.Deleted)
                throw new RunstoneException(new ExperimentNotActive(id));
            RequireFree(session, name, self: id);
        }

        SetTags(session, id, patch.SetTags);
        RemoveTags(session, id, patch.RemoveTags);
        if (lifecycle != old.Lifecycle)
            MoveRuns(session, id, lifecycle, now);
        var changed = patch.Name is not null || lifecycle != old.Lifecycle || patch.SetTags.Count > 0 || patch.RemoveTags.Count > 0;
        session.Prepare(ExperimentSql.Update)
            .Bind(1, patch.Name ?? old.Name).Bind(2, (long)lifecycle).Bind(3, changed ? now : old.UpdatedAt).Bind(4, id).Execute();
        return Find(session, id)!;
    }

    private void MoveRuns(SqliteSession session, long id, Lifecycle lifecycle, long now)
    {
        var sql = lifecycle == Lifecycle.Deleted ? ExperimentSql.DeleteRuns : ExperimentSql.RestoreRuns;
        session.Prepare(sql).Bind(1, now).Bind(2, id).Execute();

        // The ingest path remembers runs as they were; it reads them again, whether this commits or not.
        cache.ForgetRuns();
    }

    private static void RequireFree(SqliteSession session, string name, long? self)
    {
        var owner = SqliteSession.ReadFirst<long?>(session.Prepare(ExperimentSql.IdByName).Bind(1, name), row => row.Int64(0));
        if (owner is not null && owner != self)
            throw new RunstoneException(new ExperimentNameTaken(name));
    }

    private static void SetTags(SqliteSession session, long id, IReadOnlyList<Tag> tags)
    {
        foreach (var (key, value) in tags)
            session.Prepare(ExperimentSql.UpsertTag).Bind(1, id).Bind(2, key).Bind(3, value).Execute();
    }

    private static void RemoveTags(SqliteSession session, long id, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            var removed = SqliteSession.ReadAll(session.Prepare(ExperimentSql.DeleteTag).Bind(1, id).Bind(2, key), _ => true);
            if (removed.Count == 0)
                throw new RunstoneException(new ExperimentTagNotFound(id, key));
        }
    }

    private static ExperimentSummary Summarise(SqliteSession session, Experiment experiment) =>
        SqliteSession.ReadFirst(
            session.Prepare(ExperimentSql.Summary).Bind(1, experiment.Id),
            row => new ExperimentSummary(
                experiment, row.Int64(0), row.Int64(1), row.Int64(2), Math.Max(experiment.CreatedAt, row.NullableInt64(3) ?? long.MinValue)))!;

    private static Experiment? Find(SqliteSession session, long id) =>
        SqliteSession.ReadFirst(session.Prepare(ExperimentSql.ById).Bind(1, id), Read) is { } found ? WithTags(session, found) : null;

    private static Experiment WithTags(SqliteSession session, Experiment experiment)
    {
        var tags = SqliteSession.ReadAll(session.Prepare(ExperimentSql.Tags).Bind(1, experiment.Id), row => new Tag(row.Text(0), row.Text(1)));
        tags.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return experiment with { Tags = tags };
    }

    private static Experiment Read(SqliteStatement row) => new()
    {
        Id = row.Int64(0),
        Name = row.Text(1),
        ArtifactLocation = row.NullableText(2),
        Lifecycle = (Lifecycle)row.Int64(3),
        CreatedAt = row.Int64(4),
        UpdatedAt = row.Int64(5),
    };
}
