using System.Runtime.CompilerServices;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

internal sealed class SqlMetricStore(SqlDatabase database) : IMetricStore
{
    private const int BlockLength = 8192;

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
        var points = await database.ReadAsync(session => ReadAsync(session, query, cancellationToken), cancellationToken);
        for (var at = 0; at < points.Length; at += BlockLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return points[at..Math.Min(at + BlockLength, points.Length)];
        }
    }

    public Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DrawAsync(session, queries, cancellationToken), cancellationToken);

    private static async ValueTask<ReadOnlyMemory<SeriesPoint>> ReadAsync(
        SqlSession session, SeriesQuery query, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, [query.RunId], [query.Key], cancellationToken) is not ([var run], [var key]))
            return default;
        using var series = await CollectAsync(session, run.Number, [key.Id], cancellationToken);
        var points = query.Order == SeriesOrder.Step ? series.Sorted(key.Id) : series.InArrivalOrder(key.Id);
        return query.From is null && query.To is null ? points : Within(points.Span, query);
    }

    private static SeriesPoint[] Within(ReadOnlySpan<SeriesPoint> points, SeriesQuery query)
    {
        var kept = new List<SeriesPoint>();
        foreach (ref readonly var point in points)
        {
            if (!(point.Step < query.From) && !(point.Step > query.To))
                kept.Add(point);
        }

        return [.. kept];
    }

    private static async ValueTask<IReadOnlyList<SeriesFrame>> DrawAsync(
        SqlSession session, IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken)
    {
        var frames = new SeriesFrame[queries.Count];
        Array.Fill(frames, Downsampler.Empty);
        var byRun = Enumerable.Range(0, queries.Count).ToLookup(i => queries[i].RunId, StringComparer.Ordinal);
        var (runs, found) = await FindAsync(session, byRun.Select(g => g.Key), queries.Select(q => q.Key).Distinct(StringComparer.Ordinal), cancellationToken);
        var keys = found.ToDictionary(k => k.Name, k => k.Id, StringComparer.Ordinal);
        foreach (var run in runs)
        {
            var wanted = byRun[run.Id].Where(i => keys.ContainsKey(queries[i].Key)).ToList();
            if (wanted.Count == 0)
                continue;
            using var series = await CollectAsync(session, run.Number, wanted.Select(i => keys[queries[i].Key]), cancellationToken);
            foreach (var i in wanted)
                frames[i] = FrameDrawing.Draw(series, keys[queries[i].Key], queries[i], run.Start);
        }

        return frames;
    }

    private static async ValueTask<SeriesCollector> CollectAsync(
        SqlSession session, long run, IEnumerable<long> keys, CancellationToken cancellationToken)
    {
        var series = new SeriesCollector(keys);
        try
        {
            await session.VisitAllAsync(
                [
                    new(
                        SqlText.Fixed(
                            $"select slot, payload from metric_chunk where run_no = @run_no and {session.Dialect.InNumbers("slot", "@slots")}",
                            run, session.Dialect.List(series.Slots)),
                        row => series.AddChunk(row.Int64(0), row.Blob(1))),
                    new(
                        session.Dialect.MetricLog(run),
                        row =>
                        {
                            cancellationToken.ThrowIfCancellationRequested();
                            series.EndChunks();
                            series.Add(row.Blob(0));
                        }),
                ],
                cancellationToken);
            series.EndChunks();
            return series;
        }
        catch
        {
            series.Dispose();
            throw;
        }
    }

    private static async ValueTask<(List<(string Id, long Number, long Start)> Runs, List<(long Id, string Name)> Keys)> FindAsync(
        SqlSession session, IEnumerable<string> runIds, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var dialect = session.Dialect;
        var runs = new List<(string, long, long)>();
        var keys = new List<(long, string)>();
        await session.VisitAllAsync(
            [
                new(SqlText.Fixed($"{RunSql.Numbers} where {dialect.InTexts("run_id", "@run_ids")}", dialect.List(runIds)), row => runs.Add((row.Text(0), row.Int64(1), row.Int64(2)))),
                new(SqlText.Fixed($"{RunSql.KeyNames} where {dialect.InTexts("name", "@names")}", dialect.List(names)), row => keys.Add((row.Int64(0), row.Text(1)))),
            ],
            cancellationToken);
        return (runs, keys);
    }
}
