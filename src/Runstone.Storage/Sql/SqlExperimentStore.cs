using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <param name="database">The engine.</param>
/// <param name="runsMoved">Told inside the transaction, which may still fail, that it changes runs beside the ingest path.</param>
internal sealed class SqlExperimentStore(SqlDatabase database, Action? runsMoved = null) : IExperimentStore
{
    public async Task<Experiment?> GetAsync(long id, CancellationToken cancellationToken) =>
        Join(await database.QueryAsync(SqlText.Fixed(ExperimentSql.WithTagsById, id), ReadWithTag, cancellationToken));

    public async Task<Experiment?> GetByNameAsync(string name, CancellationToken cancellationToken) =>
        Join(await database.QueryAsync(SqlText.Fixed(ExperimentSql.WithTagsByName, name), ReadWithTag, cancellationToken));

    public Task<Experiment> CreateAsync(NewExperiment experiment, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => CreateAsync(session, experiment, now, cancellationToken), cancellationToken);

    public Task<Experiment> UpdateAsync(long id, ExperimentPatch patch, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => UpdateAsync(session, id, patch, now, cancellationToken), cancellationToken);

    public Task<SearchPage<Experiment>> SearchAsync(ExperimentQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var found = await session.QueryAsync(ExperimentSearch.Build(database.Dialect, query), Read, cancellationToken);
                var page = found.Count > query.Limit ? found[..query.Limit] : found;
                return new SearchPage<Experiment>(await WithTagsAsync(session, page, cancellationToken), found.Count > query.Limit);
            },
            cancellationToken);

    public Task<IReadOnlyList<ExperimentSummary>> SummariseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        database.ReadAsync(session => SummariseAsync(session, ids, cancellationToken), cancellationToken);

    private static async ValueTask<Experiment> CreateAsync(
        SqlSession session, NewExperiment experiment, long now, CancellationToken cancellationToken)
    {
        await RequireFreeAsync(session, experiment.Name, self: null, cancellationToken);
        var insert = SqlText.Fixed(ExperimentSql.Insert, experiment.Name, experiment.ArtifactLocation, now, experiment.Notes);
        var id = await session.FirstAsync(insert, row => row.Int64(0), cancellationToken);
        await SetTagsAsync(session, id, experiment.Tags, cancellationToken);
        return await FindAsync(session, id, cancellationToken);
    }

    private async ValueTask<Experiment> UpdateAsync(
        SqlSession session, long id, ExperimentPatch patch, long now, CancellationToken cancellationToken)
    {
        var old = await session.FirstAsync(SqlText.Fixed(ExperimentSql.ById + session.Dialect.ForUpdate, id), Read, cancellationToken)
            ?? throw new RunstoneException(new ExperimentNotFound(id.ToString(CultureInfo.InvariantCulture)));
        var lifecycle = patch.Lifecycle ?? old.Lifecycle;
        if (patch.Name is { } name)
        {
            if (old.Lifecycle == Lifecycle.Deleted && lifecycle == Lifecycle.Deleted)
                throw new RunstoneException(new ExperimentNotActive(id));
            await RequireFreeAsync(session, name, self: id, cancellationToken);
        }

        await SetTagsAsync(session, id, patch.SetTags, cancellationToken);
        await RemoveTagsAsync(session, id, patch.RemoveTags, cancellationToken);
        if (lifecycle != old.Lifecycle && (lifecycle == Lifecycle.Deleted || old.Lifecycle == Lifecycle.Deleted))
            await MoveRunsAsync(session, id, lifecycle, now, cancellationToken);
        var changed = patch is not { Name: null, Notes: null, PinnedMetric: null, SetTags.Count: 0, RemoveTags.Count: 0 } || lifecycle != old.Lifecycle;
        var pinned = patch.PinnedMetric is { } key ? (key.Length > 0 ? key : null) : old.PinnedMetric;
        var update = SqlText.Fixed(
            ExperimentSql.Update, patch.Name ?? old.Name, (long)lifecycle, patch.Notes ?? old.Notes, pinned, changed ? now : old.UpdatedAt, id);
        await session.ExecuteAsync(update, cancellationToken);
        return await FindAsync(session, id, cancellationToken);
    }

    /// <summary>The experiment is locked by now, so that no run comes to it; its runs are locked in the order of every writer.</summary>
    private async ValueTask MoveRunsAsync(SqlSession session, long id, Lifecycle lifecycle, long now, CancellationToken cancellationToken)
    {
        if (session.Dialect.ForUpdate is { Length: > 0 } forUpdate)
            await session.ExecuteAsync(SqlText.Fixed(ExperimentSql.Runs + forUpdate, id), cancellationToken);
        var sql = lifecycle == Lifecycle.Deleted ? ExperimentSql.DeleteRuns : ExperimentSql.RestoreRuns;
        await session.ExecuteAsync(SqlText.Fixed(sql, now, id), cancellationToken);
        runsMoved?.Invoke();
    }

    /// <summary>Two writers may both find it free; the unique index then refuses one, which begins again and finds it taken.</summary>
    private static async ValueTask RequireFreeAsync(SqlSession session, string name, long? self, CancellationToken cancellationToken)
    {
        var owner = await session.FirstAsync<long?>(SqlText.Fixed(ExperimentSql.IdByName, name), row => row.Int64(0), cancellationToken);
        if (owner is not null && owner != self)
            throw new RunstoneException(new ExperimentNameTaken(name));
    }

    private static async ValueTask SetTagsAsync(SqlSession session, long id, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in tags)
            await session.ExecuteAsync(SqlText.Fixed(ExperimentSql.UpsertTag, id, key, value), cancellationToken);
    }

    private static async ValueTask RemoveTagsAsync(SqlSession session, long id, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            if (!await session.FirstAsync(SqlText.Fixed(ExperimentSql.DeleteTag, id, key), _ => true, cancellationToken))
                throw new RunstoneException(new ExperimentTagNotFound(id, key));
        }
    }

    private static async ValueTask<IReadOnlyList<ExperimentSummary>> SummariseAsync(
        SqlSession session, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var list = session.Dialect.List(ids);
        var found = new List<Experiment>();
        var countsOf = new Dictionary<long, RunCounts>();
        var tags = new List<(long Owner, Tag Tag)>();
        await session.VisitLastAsync(
            [
                new(SqlText.Fixed($"{ExperimentSql.Columns} where {session.Dialect.InNumbers("e.id", "@ids")}", list), row => found.Add(Read(row))),
                TagsOf(session, list, tags),
                new(SqlText.Fixed(ExperimentSql.Summary(session.Dialect.InNumbers("experiment_id", "@ids")), list), row => countsOf.Add(row.Int64(0), ReadCounts(row))),
            ],
            cancellationToken);
        var experiments = WithTags(found, tags).ToDictionary(e => e.Id);
        var pinned = await PinnedAsync(session, found, cancellationToken);
        return [.. ids.Where(experiments.ContainsKey).Select(id => Summarise(experiments[id], countsOf.GetValueOrDefault(id), pinned.GetValueOrDefault(id)))];
    }

    /// <summary>A statement an experiment, which travel together.</summary>
    private static async ValueTask<Dictionary<long, List<PinnedValue>>> PinnedAsync(
        SqlSession session, List<Experiment> experiments, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, List<PinnedValue>>();
        var visits = new List<SqlVisit>();
        foreach (var experiment in experiments.Where(e => e.PinnedMetric is not null))
        {
            var values = found[experiment.Id] = [];
            visits.Add(new(SqlText.Fixed(ExperimentSql.Pinned, experiment.Id, experiment.PinnedMetric), row => values.Add(new PinnedValue(row.Text(0), row.NullableDouble(1) ?? double.NaN))));
        }

        if (visits.Count > 0)
            await session.VisitLastAsync(visits, cancellationToken);
        foreach (var values in found.Values)
            values.Reverse();
        return found;
    }

    private static ExperimentSummary Summarise(Experiment experiment, RunCounts counts, List<PinnedValue>? pinned) =>
        new(experiment, counts.Runs, counts.Running, counts.Failed, counts.Finished, Math.Max(experiment.CreatedAt, counts.LastActivity ?? long.MinValue))
        {
            Pinned = pinned ?? [],
        };

    private static RunCounts ReadCounts(SqlRow row) => new(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4), row.NullableInt64(5));

    private static async ValueTask<Experiment> FindAsync(SqlSession session, long id, CancellationToken cancellationToken) =>
        Join(await session.QueryAsync(SqlText.Fixed(ExperimentSql.WithTagsById, id), ReadWithTag, cancellationToken))!;

    private static Experiment? Join(List<(Experiment Experiment, Tag? Tag)> rows) => rows.Count == 0
        ? null
        : rows[0].Experiment with { Tags = [.. rows.Select(r => r.Tag).OfType<Tag>().OrderBy(t => t.Key, StringComparer.Ordinal)] };

    private static async ValueTask<List<Experiment>> WithTagsAsync(
        SqlSession session, IReadOnlyList<Experiment> experiments, CancellationToken cancellationToken)
    {
        if (experiments.Count == 0)
            return [];
        var tags = new List<(long Owner, Tag Tag)>();
        await session.VisitLastAsync([TagsOf(session, session.Dialect.List(experiments.Select(e => e.Id)), tags)], cancellationToken);
        return WithTags(experiments, tags);
    }

    private static SqlVisit TagsOf(SqlSession session, object ids, List<(long Owner, Tag Tag)> tags) => new(
        SqlText.Fixed($"{ExperimentSql.Tags} where {session.Dialect.InNumbers("experiment_id", "@ids")}", ids),
        row => tags.Add((row.Int64(0), new Tag(row.Text(1), row.Text(2)))));

    private static List<Experiment> WithTags(IReadOnlyList<Experiment> experiments, List<(long Owner, Tag Tag)> tags)
    {
        var byOwner = tags.ToLookup(t => t.Owner, t => t.Tag);
        return [.. experiments.Select(e => e with { Tags = [.. byOwner[e.Id].OrderBy(t => t.Key, StringComparer.Ordinal)] })];
    }

    private static (Experiment Experiment, Tag? Tag) ReadWithTag(SqlRow row) =>
        (Read(row), row.NullableText(8) is { } key ? new Tag(key, row.Text(9)) : null);

    private static Experiment Read(SqlRow row) => new()
    {
        Id = row.Int64(0),
        Name = row.Text(1),
        ArtifactLocation = row.NullableText(2),
        Lifecycle = (Lifecycle)row.Int64(3),
        CreatedAt = row.Int64(4),
        UpdatedAt = row.Int64(5),
        Notes = row.Text(6),
        PinnedMetric = row.NullableText(7),
    };

    private readonly record struct RunCounts(long Id, long Runs, long Running, long Failed, long Finished, long? LastActivity);
}
