using Runstone.Core.Data;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;

namespace Runstone.Storage.Sql;

/// <summary>Writes to one repository follow each other: each begins by locking it.</summary>
internal sealed class SqlDataStore(SqlDatabase database) : IDataStore
{
    public async Task<DataRepository?> GetAsync(string name, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(DataSql.ByName, name), ReadRepository, cancellationToken)).FirstOrDefault();

    public async Task<IReadOnlyList<DataRepository>> ListAsync(DataRepositoryQuery query, CancellationToken cancellationToken) =>
        await database.QueryAsync(DataSql.List(database.Dialect, query), ReadRepository, cancellationToken);

    public async Task<DataRepository> CreateAsync(string name, string description, long now, CancellationToken cancellationToken) =>
        await database.TransactAsync(session => session.FirstAsync(SqlText.Fixed(DataSql.Insert, name, description, now), ReadRepository, cancellationToken), cancellationToken)
        ?? throw new RunstoneException(new DataNameTaken("name", name, "the name of a dataset"));

    public async Task<DataRepository> UpdateAsync(string name, DataRepositoryPatch patch, long now, CancellationToken cancellationToken)
    {
        var update = SqlText.Fixed(DataSql.Update, patch.Description, (long?)patch.Lifecycle, now, name);
        return await database.TransactAsync(session => session.FirstAsync(update, ReadRepository, cancellationToken), cancellationToken) ?? throw NotFound(name);
    }

    public Task<DataNamesOfVersions?> ListNamesAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            if (await session.FirstAsync(SqlText.Fixed(DataSql.ByName, name), ReadRepository, cancellationToken) is not { Id: var id })
                return null;
            var branches = await session.QueryAsync(SqlText.Fixed(DataSql.Branches, id), ReadBranch, cancellationToken);
            return (DataNamesOfVersions?)new DataNamesOfVersions(branches, await session.QueryAsync(SqlText.Fixed(DataSql.Tags, id), ReadTag, cancellationToken));
        },
        cancellationToken);

    public Task<DataBranch> CommitAsync(
        string name, string branch, string? expected, DataVersion version, string person, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var repository = await LockAsync(session, name, cancellationToken);
            var present = await BranchAsync(session, repository, branch, cancellationToken);
            if (present?.Version == version.Id)
                return present;
            Require(branch, expected, present);
            var number = await NumberAsync(session, repository, version.Id, cancellationToken) ?? await InsertAsync(session, repository, version, now, cancellationToken);
            return await MoveAsync(session, repository, new DataMove(branch, expected, version.Id, person, now), number, cancellationToken);
        },
        cancellationToken);

    public Task<DataBranch?> SetBranchAsync(
        string name, string branch, string? expected, string? version, string person, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var repository = await LockAsync(session, name, cancellationToken);
            var present = await BranchAsync(session, repository, branch, cancellationToken);
            if (present is not null && present.Version == version)
                return present;
            Require(branch, expected, present);
            var move = new DataMove(branch, expected, version, person, now);
            if (version is not null)
                return await MoveAsync(session, repository, move, await RequireVersionAsync(session, repository, version, cancellationToken), cancellationToken);
            if (present is null)
                return null;
            await session.ExecuteAsync(SqlText.Fixed(DataSql.DeleteBranch, repository.Id, branch), cancellationToken);
            await NoteAsync(session, repository, move, cancellationToken);
            return (DataBranch?)null;
        },
        cancellationToken);

    public Task<DataTag> SetTagAsync(string name, string tag, string version, string person, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var repository = await LockAsync(session, name, cancellationToken);
            var number = await RequireVersionAsync(session, repository, version, cancellationToken);
            if (await session.FirstAsync(SqlText.Fixed(DataSql.Tag, repository.Id, tag), ReadTag, cancellationToken) is { } present)
                return present.Version == version ? present : throw new RunstoneException(new DataNameTaken("tag", tag, $"a tag of the version {present.Version}"));
            if (await BranchAsync(session, repository, tag, cancellationToken) is not null)
                throw new RunstoneException(new DataNameTaken("tag", tag, "a branch"));
            await session.ExecuteAsync(SqlText.Fixed(DataSql.InsertTag, repository.Id, tag, number, person, now), cancellationToken);
            await session.ExecuteAsync(SqlText.Fixed(DataSql.Touch, now, repository.Id), cancellationToken);
            return new DataTag(tag, version, person, now);
        },
        cancellationToken);

    public Task<IReadOnlyList<DataVersion>> FindVersionsAsync(string name, string prefix, CancellationToken cancellationToken) =>
        database.ReadAsync(session => VersionsAsync(session, SqlText.Fixed(DataSql.ByPrefix, name, prefix), cancellationToken), cancellationToken);

    public Task<IReadOnlyList<DataVersion>> ListHistoryAsync(string name, string version, string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(session => VersionsAsync(session, SqlText.Fixed(DataSql.History, name, version, after, (long)limit), cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<DataMove>> ListMovesAsync(string name, string branch, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            SqlText.Fixed(DataSql.Moves, name, branch, (long)limit),
            row => new DataMove(row.Text(0), row.NullableText(1), row.NullableText(2), row.Text(3), row.Int64(4)), cancellationToken);

    private static async ValueTask<DataRepository> LockAsync(SqlSession session, string name, CancellationToken cancellationToken)
    {
        var locked = SqlText.Fixed(DataSql.ByName + session.Dialect.ForUpdate, name);
        var repository = await session.FirstAsync(locked, ReadRepository, cancellationToken) ?? throw NotFound(name);
        return repository.Lifecycle == Lifecycle.Active ? repository : throw new RunstoneException(new DataNotActive(name));
    }

    private static void Require(string branch, string? expected, DataBranch? present)
    {
        if (present?.Version != expected)
            throw new RunstoneException(new DataBranchMoved(branch, present?.Version, present?.Person));
    }

    private static ValueTask<DataBranch?> BranchAsync(SqlSession session, DataRepository repository, string branch, CancellationToken cancellationToken) =>
        session.FirstAsync(SqlText.Fixed(DataSql.Branch, repository.Id, branch), ReadBranch, cancellationToken);

    private static async ValueTask<long?> NumberAsync(SqlSession session, DataRepository repository, string version, CancellationToken cancellationToken) =>
        await session.FirstAsync(SqlText.Fixed(DataSql.Number, repository.Id, version), row => (long?)row.Int64(0), cancellationToken);

    private static async ValueTask<long> RequireVersionAsync(SqlSession session, DataRepository repository, string version, CancellationToken cancellationToken) =>
        await NumberAsync(session, repository, version, cancellationToken) ?? throw new RunstoneException(new DataVersionNotFound(repository.Name, version));

    private static async ValueTask<long> InsertAsync(SqlSession session, DataRepository repository, DataVersion version, long now, CancellationToken cancellationToken)
    {
        var parents = new List<long>();
        foreach (var parent in version.Parents)
            parents.Add(await RequireVersionAsync(session, repository, parent, cancellationToken));
        var insert = SqlText.Fixed(
            DataSql.InsertVersion, repository.Id, version.Id, version.Root, version.Author, version.Time, version.Message, version.RunId, version.Files, version.Bytes, now,
            version.Record.ToArray());
        var number = await session.FirstAsync(insert, row => row.Int64(0), cancellationToken);
        for (var place = 0; place < parents.Count; place++)
            await session.ExecuteAsync(SqlText.Fixed(DataSql.InsertParent, number, (long)place, parents[place]), cancellationToken);
        return number;
    }

    private static async ValueTask<DataBranch> MoveAsync(SqlSession session, DataRepository repository, DataMove move, long version, CancellationToken cancellationToken)
    {
        if (move.From is null && await session.FirstAsync(SqlText.Fixed(DataSql.Tag, repository.Id, move.Branch), ReadTag, cancellationToken) is not null)
            throw new RunstoneException(new DataNameTaken("branch", move.Branch, "a tag"));
        await session.ExecuteAsync(
            move.From is null
                ? SqlText.Fixed(DataSql.InsertBranch, repository.Id, move.Branch, version, move.Person, move.Time)
                : SqlText.Fixed(DataSql.MoveBranch, version, move.Person, move.Time, repository.Id, move.Branch),
            cancellationToken);
        await NoteAsync(session, repository, move, cancellationToken);
        return new DataBranch(move.Branch, move.To!, move.Person, move.Time);
    }

    private static async ValueTask NoteAsync(SqlSession session, DataRepository repository, DataMove move, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(SqlText.Fixed(DataSql.InsertMove, repository.Id, move.Branch, move.From, move.To, move.Person, move.Time), cancellationToken);
        await session.ExecuteAsync(SqlText.Fixed(DataSql.Touch, move.Time, repository.Id), cancellationToken);
    }

    private static async ValueTask<IReadOnlyList<DataVersion>> VersionsAsync(SqlSession session, SqlText query, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(query, row => (Number: row.Int64(0), Version: ReadVersion(row)), cancellationToken);
        if (found.Count == 0)
            return [];
        var list = session.Dialect.List(found.Select(f => f.Number));
        var parents = (await session.QueryAsync(SqlText.Fixed(DataSql.Parents(session.Dialect), list), row => (Of: row.Int64(0), Hash: row.Text(1)), cancellationToken))
            .ToLookup(p => p.Of, p => p.Hash);
        return [.. found.Select(f => f.Version with { Parents = [.. parents[f.Number]] })];
    }

    private static RunstoneException NotFound(string name) => new(new DataNotFound(name));

    private static DataRepository ReadRepository(SqlRow row) => new()
    {
        Id = row.Int64(0),
        Name = row.Text(1),
        Description = row.Text(2),
        Lifecycle = (Lifecycle)row.Int64(3),
        CreatedAt = row.Int64(4),
        UpdatedAt = row.Int64(5),
    };

    private static DataBranch ReadBranch(SqlRow row) => new(row.Text(0), row.Text(1), row.Text(2), row.Int64(3));

    private static DataTag ReadTag(SqlRow row) => new(row.Text(0), row.Text(1), row.Text(2), row.Int64(3));

    private static DataVersion ReadVersion(SqlRow row) => new(
        row.Text(1), row.Text(2), [], row.Text(3), row.Int64(4), row.Text(5), row.NullableText(6), row.Int64(7), row.Int64(8))
    {
        ReceivedAt = row.Int64(9),
        Record = row.Blob(10).ToArray(),
    };
}
