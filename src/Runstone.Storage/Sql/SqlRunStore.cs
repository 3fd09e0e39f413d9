using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

internal sealed class SqlRunStore(SqlDatabase database) : IRunStore
{
    private readonly KeyNames _names = new();

    public async Task<Run?> GetAsync(string runId, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(RunSql.ById, runId), RunState.Read, cancellationToken)).FirstOrDefault()?.Run;

    public Task<RunDetails?> GetDetailsAsync(string runId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => await session.FirstAsync(SqlText.Fixed(RunSql.NumberOf, runId), row => (long?)row.Int64(0), cancellationToken) is { } number
                ? (await Columns(session).ReadAsync([number], RunProjection.Everything, cancellationToken))[0]
                : null,
            cancellationToken);

    public Task<SearchPage<RunDetails>> SearchAsync(RunQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var found = await SearchAsync(session, query, cancellationToken);
                var hasMore = found.Count > query.Limit;
                if (hasMore)
                    found.RemoveAt(query.Limit);
                return new SearchPage<RunDetails>(await Columns(session).ReadAsync(found, query.Columns, cancellationToken), hasMore);
            },
            cancellationToken);

    public async Task<long> CountAsync(RunQuery query, long ceiling, CancellationToken cancellationToken) =>
        (await database.QueryAsync(new RunSearch(database.Dialect, query).Count(ceiling), Number, cancellationToken))[0];

    public async Task<IReadOnlyList<string>> ListKeysAsync(
        IReadOnlyList<long> experimentIds, FieldKind kind, string contains, int limit, CancellationToken cancellationToken)
    {
        if (kind is not (FieldKind.Metric or FieldKind.Param or FieldKind.Tag))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Keys are those of metrics, params or tags.");
        var query = KeySearch.Build(database.Dialect, experimentIds, kind, contains, limit);
        return await database.QueryAsync(query, row => row.Text(0), cancellationToken);
    }

    public async Task<IReadOnlyList<Run>> ListChildrenAsync(string runId, CancellationToken cancellationToken) =>
        await database.QueryAsync(SqlText.Fixed(RunSql.Children, runId), row => RunState.Read(row).Run, cancellationToken);

    private RunColumns Columns(SqlSession session) => new(session, _names);

    /// <summary>The run numbers of the page and one more when there is one.</summary>
    private static async ValueTask<List<long>> SearchAsync(SqlSession session, RunQuery query, CancellationToken cancellationToken)
    {
        var search = new RunSearch(session.Dialect, query);
        var wanted = query.Limit + 1L;
        if (!search.HasIndex)
            return await session.QueryAsync(search.All(wanted, query.Offset), Number, cancellationToken);
        var found = await session.QueryAsync(search.FromIndex(wanted, query.Offset), Number, cancellationToken);
        if (found.Count == wanted)
            return found;

        // The index is used up; what has no value follows, and its offset begins where the index ended.
        var passed = found.Count > 0 || query.Offset == 0
            ? 0
            : query.Offset - await session.FirstAsync(search.CountFromIndex(), Number, cancellationToken);
        found.AddRange(await session.QueryAsync(search.Rest(wanted - found.Count, passed), Number, cancellationToken));
        return found;
    }

    private static long Number(SqlRow row) => row.Int64(0);
}
