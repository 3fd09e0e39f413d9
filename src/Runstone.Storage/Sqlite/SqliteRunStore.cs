using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

internal sealed class SqliteRunStore(SqliteDatabase database, KeyNames names) : IRunStore
{
    public Task<Run?> GetAsync(string runId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, runId)?.Run, cancellationToken);

    public Task<RunDetails?> GetDetailsAsync(string runId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => Find(session, runId) is { } state
                ? new RunColumns(session, names).Read([state.Number], RunProjection.Everything)[0]
                : null,
            cancellationToken);

    public Task<SearchPage<RunDetails>> SearchAsync(RunQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var found = Search(session, query);
                var hasMore = found.Count > query.Limit;
                if (hasMore)
                    found.RemoveAt(query.Limit);
                return new SearchPage<RunDetails>(new RunColumns(session, names).Read(found, query.Columns), hasMore);
            },
            cancellationToken);

    public Task<long> CountAsync(RunQuery query, long ceiling, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Single(session, new RunSearch(SqliteDialect.Instance, query).Count(ceiling)), cancellationToken);

    public Task<IReadOnlyList<string>> ListKeysAsync(
        IReadOnlyList<long> experimentIds, FieldKind kind, string contains, int limit, CancellationToken cancellationToken)
    {
        if (kind is not (FieldKind.Metric or FieldKind.Param or FieldKind.Tag))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Keys are those of metrics, params or tags.");
        var query = KeySearch.Build(SqliteDialect.Instance, experimentIds, kind, contains, limit);
        return database.ReadAsync<IReadOnlyList<string>>(session => session.Query(query, row => row.Text(0)), cancellationToken);
    }

    public Task<IReadOnlyList<Run>> ListChildrenAsync(string runId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            session => SqliteSession.ReadAll(session.Prepare(RunSql.Children).Bind(1, runId), row => RunState.Read(row).Run), cancellationToken);

    private static RunState? Find(SqliteSession session, string runId) =>
        SqliteSession.ReadFirst(session.Prepare(RunSql.ById).Bind(1, runId), RunState.Read);

    /// <summary>The run numbers of the page and one more when there is one.</summary>
    private static List<long> Search(SqliteSession session, RunQuery query)
    {
        var search = new RunSearch(SqliteDialect.Instance, query);
        var wanted = query.Limit + 1L;
        if (!search.HasIndex)
            return Numbers(session, search.All(wanted, query.Offset));
        var found = Numbers(session, search.FromIndex(wanted, query.Offset));
        if (found.Count == wanted)
            return found;

        // The index is used up; what has no value follows, and its offset begins where the index ended.
        var passed = found.Count > 0 || query.Offset == 0 ? 0 : query.Offset - Single(session, search.CountFromIndex());
        found.AddRange(Numbers(session, search.Rest(wanted - found.Count, passed)));
        return found;
    }

    private static List<long> Numbers(SqliteSession session, SqlText query) => session.Query(query, row => row.Int64(0));

    private static long Single(SqliteSession session, SqlText query) => session.Query(query, row => row.Int64(0))[0];
}
