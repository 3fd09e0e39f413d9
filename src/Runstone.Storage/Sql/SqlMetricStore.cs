using System.Runtime.CompilerServices;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

internal sealed class SqlMetricStore(SqlDatabase database) : IMetricStore
{
    // A run may have more keys than are remembered by name, so the names come with the rows.
    private const string Latest =
        $"select {RunSql.LatestColumns}, k.name from runs r join metric_latest x on x.run_no = r.run_no join key_name k on k.id = x.key_id where r.run_id = @run_id";

    public async Task<IReadOnlyList<MetricSummary>> ListAsync(string runId, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            SqlText.Fixed(Latest, runId), row => RunColumns.Summary(row, 0, row.Text(8)), cancellationToken);
        rows.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return rows;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> ReadAsync(
        SeriesQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var read = new SeriesRead(database, query);
        await foreach (var block in read.BlocksAsync(cancellationToken))
            yield return block;
    }

    public Task<IReadOnlyList<MetricText>> ReadTextsAsync(
        string runId, string key, ReadOnlyMemory<SeriesPoint> points, CancellationToken cancellationToken) =>
        PointTexts.ReadAsync(database, runId, key, points.Span, cancellationToken);

    public Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                using var read = new FrameRead(session, queries);
                return await read.DrawAsync(cancellationToken);
            },
            cancellationToken);

    public Task<GroupFrames> AggregateAsync(GroupQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                if (query is not { Axis: FrameAxis.Metric, XKey: { } xKey })
                    return await new GroupRead(session, query).DrawAsync(cancellationToken);
                using var read = new JoinedGroupRead(session, query, xKey);
                return await read.DrawAsync(cancellationToken);
            },
            cancellationToken);
}
