using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Views;

namespace Runstone.Storage.Sql;

/// <summary>Writes to the views of one experiment follow each other: each begins by locking the experiment.</summary>
internal sealed class SqlViewStore(SqlDatabase database) : IViewStore
{
    public async Task<IReadOnlyList<SavedView>> ListAsync(long experimentId, CancellationToken cancellationToken) =>
        await database.QueryAsync(SqlText.Fixed(ViewSql.OfExperiment, experimentId), Read, cancellationToken);

    public async Task<SavedView?> GetAsync(long id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(ViewSql.ById, id), Read, cancellationToken)).FirstOrDefault();

    public Task<SavedView> CreateAsync(NewView view, int most, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => CreateAsync(session, view, most, now, cancellationToken), cancellationToken);

    public Task<SavedView> UpdateAsync(long id, ViewPatch patch, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(session => UpdateAsync(session, id, patch, now, cancellationToken), cancellationToken);

    public Task<bool> DeleteAsync(long id, CancellationToken cancellationToken) =>
        database.TransactAsync(session => session.FirstAsync(SqlText.Fixed(ViewSql.Delete, id), _ => true, cancellationToken), cancellationToken);

    public Task SetDefaultAsync(long experimentId, long? id, CancellationToken cancellationToken) =>
        database.TransactAsync(session => SetDefaultAsync(session, experimentId, id, cancellationToken), cancellationToken);

    public async Task<Workspace?> GetWorkspaceAsync(long experimentId, string person, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(ViewSql.Workspace, experimentId, person), ReadWorkspace, cancellationToken)).FirstOrDefault();

    public Task<Workspace> SetWorkspaceAsync(long experimentId, string person, string settings, long now, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async session =>
            {
                await LockAsync(session, experimentId, cancellationToken);
                var replaced = SqlText.Fixed(ViewSql.SetWorkspace, experimentId, person, settings, now);
                return (await session.FirstAsync(replaced, ReadWorkspace, cancellationToken))!;
            },
            cancellationToken);

    private static async ValueTask<SavedView> CreateAsync(SqlSession session, NewView view, int most, long now, CancellationToken cancellationToken)
    {
        await LockAsync(session, view.ExperimentId, cancellationToken);
        await RequireFreeAsync(session, view.ExperimentId, view.Person, view.Name, self: null, cancellationToken);
        if (await session.FirstAsync(SqlText.Fixed(ViewSql.Count, view.ExperimentId), row => row.Int64(0), cancellationToken) >= most)
            throw new RunstoneException(new TooManyViews(most));
        var insert = SqlText.Fixed(ViewSql.Insert, view.ExperimentId, view.Person, view.Name, view.Settings, now);
        return (await session.FirstAsync(insert, Read, cancellationToken))!;
    }

    private static async ValueTask<SavedView> UpdateAsync(SqlSession session, long id, ViewPatch patch, long now, CancellationToken cancellationToken)
    {
        var old = await session.FirstAsync(SqlText.Fixed(ViewSql.ById + session.Dialect.ForUpdate, id), Read, cancellationToken) ?? throw NotFound(id);
        if (patch.Revision is { } revision && revision != old.Revision)
            throw new RunstoneException(new ViewChanged(old.Revision));
        if (patch.Name is { } name)
            await RequireFreeAsync(session, old.ExperimentId, old.Person, name, self: id, cancellationToken);
        var update = SqlText.Fixed(ViewSql.Update, patch.Name ?? old.Name, patch.Settings ?? old.Settings, now, id);
        return (await session.FirstAsync(update, Read, cancellationToken))!;
    }

    private static async ValueTask<bool> SetDefaultAsync(SqlSession session, long experimentId, long? id, CancellationToken cancellationToken)
    {
        await LockAsync(session, experimentId, cancellationToken);
        await session.ExecuteAsync(SqlText.Fixed(ViewSql.ClearDefault, experimentId), cancellationToken);
        if (id is { } view && !await session.FirstAsync(SqlText.Fixed(ViewSql.SetDefault, view, experimentId), _ => true, cancellationToken))
            throw NotFound(view);
        return true;
    }

    private static async ValueTask LockAsync(SqlSession session, long experimentId, CancellationToken cancellationToken)
    {
        if (!await session.FirstAsync(SqlText.Fixed(ViewSql.Experiment + session.Dialect.ForUpdate, experimentId), _ => true, cancellationToken))
            throw new RunstoneException(new ExperimentNotFound(experimentId.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Two writers may both find it free; the unique index then refuses one, which begins again and finds it taken.</summary>
    private static async ValueTask RequireFreeAsync(
        SqlSession session, long experimentId, string person, string name, long? self, CancellationToken cancellationToken)
    {
        var query = SqlText.Fixed(ViewSql.IdByName, experimentId, person, name);
        if (await session.FirstAsync<long?>(query, row => row.Int64(0), cancellationToken) is { } owner && owner != self)
            throw new RunstoneException(new ViewNameTaken(name));
    }

    private static RunstoneException NotFound(long id) => new(new ViewNotFound(id.ToString(CultureInfo.InvariantCulture)));

    private static SavedView Read(SqlRow row) => new()
    {
        Id = row.Int64(0),
        ExperimentId = row.Int64(1),
        Person = row.Text(2),
        Name = row.Text(3),
        Settings = row.Text(4),
        IsDefault = row.Int64(5) != 0,
        Revision = row.Int64(6),
        CreatedAt = row.Int64(7),
        UpdatedAt = row.Int64(8),
    };

    private static Workspace ReadWorkspace(SqlRow row) => new(row.Text(0), row.Int64(1), row.Int64(2));
}
