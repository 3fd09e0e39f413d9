using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Logged models. Each write is a transaction of its own, which begins by locking the model.</summary>
internal sealed class SqlLoggedModelStore(SqlDatabase database) : ILoggedModelStore
{
    public Task<LoggedModel> CreateAsync(NewLoggedModel model, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var insert = SqlText.Fixed(
                LoggedModelSql.Insert, model.Id, model.ExperimentId, model.Name, model.Type, model.RunId, model.Location, now);
            var number = await session.FirstAsync(insert, row => row.Int64(0), cancellationToken);
            foreach (var (key, value) in model.Params)
                await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.SetParam, number, key, value), cancellationToken);
            foreach (var (key, value) in model.Tags)
                await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.SetTag, number, key, value), cancellationToken);
            return (await new LoggedModelReader(session, cancellationToken).FindAsync(model.Id, 0))!;
        },
        cancellationToken);

    public Task<LoggedModel?> GetAsync(string id, int metrics, CancellationToken cancellationToken) =>
        database.ReadAsync(session => new LoggedModelReader(session, cancellationToken).FindAsync(id, metrics), cancellationToken);

    public async Task<string?> GetLocationAsync(string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(LoggedModelSql.Location, id), row => row.Text(0), cancellationToken)).FirstOrDefault();

    public Task<LoggedModel> UpdateAsync(
        string id, Func<LoggedModel, LoggedModelPatch> change, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var number = await LockAsync(session, id, cancellationToken);
            var reader = new LoggedModelReader(session, cancellationToken);
            await ApplyAsync(session, number, change((await reader.FindAsync(id, 0))!), now, cancellationToken);
            return (await reader.FindAsync(id, 0))!;
        },
        cancellationToken);

    public Task DeleteAsync(string id, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.Delete, now, await LockAsync(session, id, cancellationToken)), cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<SearchPage<LoggedModel>> SearchAsync(LoggedModelQuery query, CancellationToken cancellationToken) => query.ExperimentIds.Count == 0
        ? Task.FromResult(new SearchPage<LoggedModel>([], false))
        : database.ReadAsync(session => new LoggedModelReader(session, cancellationToken).SearchAsync(query), cancellationToken);

    public Task LinkFileAsync(string id, ArtifactFile file, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            if (session.Dialect.ShareLinks is { } hold)
                await session.ExecuteAsync(SqlText.Fixed(hold), cancellationToken);
            var number = await LockAsync(session, id, cancellationToken);
            if (await session.FirstAsync(SqlText.Fixed(IngestSql.Condemned, file.Blob.Sha256), row => true, cancellationToken))
                throw new RunstoneException(new BlobCondemned(file.Blob.Sha256));
            var link = SqlText.Fixed(LoggedModelSql.SetFile, number, file.Path, file.Blob.Sha256, file.Blob.Size, now);
            await session.ExecuteAsync(link, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task RemoveFilesAsync(string id, string path, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var number = await LockAsync(session, id, cancellationToken);
            await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.RemoveFiles, number, path, path + "/", path + "0"), cancellationToken);
            return true;
        },
        cancellationToken);

    private static async ValueTask ApplyAsync(
        SqlSession session, long number, LoggedModelPatch patch, long now, CancellationToken cancellationToken)
    {
        if (patch.Status is { } status)
            await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.SetStatus, (long)status, now, number), cancellationToken);
        foreach (var (key, value) in patch.AddParams)
            await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.SetParam, number, key, value), cancellationToken);
        foreach (var key in patch.RemoveTags)
            await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.RemoveTag, number, key), cancellationToken);
        foreach (var (key, value) in patch.SetTags)
            await session.ExecuteAsync(SqlText.Fixed(LoggedModelSql.SetTag, number, key, value), cancellationToken);
    }

    private static async ValueTask<long> LockAsync(SqlSession session, string id, CancellationToken cancellationToken) =>
        await session.FirstAsync(SqlText.Fixed(LoggedModelSql.Number + session.Dialect.ForUpdate, id), row => (long?)row.Int64(0), cancellationToken)
        ?? throw new RunstoneException(new LoggedModelNotFound(id));
}
