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

    public Task<FoundRuns> SearchAsync(RunQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var found = await RunWalk.FindAsync(session, query, cancellationToken);
                return new FoundRuns(await Columns(session).ReadAsync(found.Numbers, query.Columns, cancellationToken), found.Next);
            },
            cancellationToken);

    public Task<RunTable> ReadTableAsync(RunQuery query, IReadOnlyList<Field> columns, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var found = await RunWalk.FindAsync(session, query, cancellationToken);
                return await RunTableRead.ReadAsync(session, query.ExperimentIds, found, columns, cancellationToken);
            },
            cancellationToken);

    public Task<ColumnSurvey> DescribeColumnsAsync(RunQuery query, int maxValues, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var (numbers, next) = await RunWalk.FindAsync(session, query, cancellationToken);
                return await ColumnFactsRead.ReadAsync(session, _names, numbers, isAll: next is null, maxValues, cancellationToken);
            },
            cancellationToken);

    public Task<FieldValues> ListValuesAsync(
        long experimentId, Field field, string contains, int limit, int maxLooks, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var search = new ValueSearch(session.Dialect, experimentId, field, maxLooks);
                var looks = await session.FirstAsync(search.Looks(), row => row.Int64(0), cancellationToken);
                var values = await session.QueryAsync(search.Values(contains, limit + 1), row => new FieldValue(row.Text(0), row.Int64(1)), cancellationToken);
                return new FieldValues([.. values.Take(limit)], looks <= maxLooks && values.Count <= limit);
            },
            cancellationToken);

    public async Task<long> CountAsync(RunQuery query, long ceiling, CancellationToken cancellationToken) =>
        (await database.QueryAsync(new RunSearch(database.Dialect, query, RunPart.All, rowByRow: false).CountUpTo(ceiling), row => row.Int64(0), cancellationToken))[0];

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
}
