using System.Runtime.CompilerServices;
using Runstone.Core.Metrics;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

internal sealed class SqliteMetricStore(SqliteDatabase database) : IMetricStore
{
    private const int BlockLength = 8192;

    // A run may have more keys than are remembered by name, so the names come with the rows.
    private const string Latest = $"select {RunSql.LatestColumns}, k.name from metric_latest join key_name k on k.id = key_id where run_no = @run_no";
    private const string Log = "select payload from metric_log where position >= @from and position < @to order by position";

    public Task<IReadOnlyList<MetricSummary>> ListAsync(string runId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<MetricSummary>>(session => List(session, runId), cancellationToken);

    public async IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> ReadAsync(
        SeriesQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var points = await database.ReadAsync(session => Read(session, query, cancellationToken), cancellationToken);
        for (var at = 0; at < points.Length; at += BlockLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return points[at..Math.Min(at + BlockLength, points.Length)];
        }
    }

    public Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SeriesFrame>>(session => Draw(session, queries, cancellationToken), cancellationToken);

    private static List<MetricSummary> List(SqliteSession session, string runId)
    {
        if (FindRun(session, runId) is not { } run)
            return [];
        var rows = SqliteSession.ReadAll(
            session.Prepare(Latest).Bind(1, run.Number), row => RunColumns.Summary(row, 0, row.Text(9)));
        rows.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return rows;
    }

    private static ReadOnlyMemory<SeriesPoint> Read(SqliteSession session, SeriesQuery query, CancellationToken cancellationToken)
    {
        if (FindRun(session, query.RunId) is not { } run || FindKey(session, query.Key) is not { } key)
            return default;
        using var series = Collect(session, run.Number, [key], cancellationToken);
        var points = query.Order == SeriesOrder.Step ? series.Sorted(key) : series.InArrivalOrder(key);
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

    private static SeriesFrame[] Draw(SqliteSession session, IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken)
    {
        var frames = new SeriesFrame[queries.Count];
        Array.Fill(frames, Downsampler.Empty);
        var byRun = Enumerable.Range(0, queries.Count).GroupBy(i => queries[i].RunId, StringComparer.Ordinal);
        foreach (var group in byRun)
        {
            if (FindRun(session, group.Key) is not { } run)
                continue;
            var keys = group.Select(i => queries[i].Key).Distinct(StringComparer.Ordinal)
                .Select(key => (Key: key, Id: FindKey(session, key)))
                .Where(k => k.Id is not null)
                .ToDictionary(k => k.Key, k => k.Id!.Value, StringComparer.Ordinal);
            using var series = Collect(session, run.Number, keys.Values, cancellationToken);
            foreach (var i in group)
            {
                if (keys.TryGetValue(queries[i].Key, out var id))
                    frames[i] = FrameDrawing.Draw(series, id, queries[i], run.Start);
            }
        }

        return frames;
    }

    private static SeriesCollector Collect(SqliteSession session, long run, IEnumerable<long> keys, CancellationToken cancellationToken)
    {
        var series = new SeriesCollector(keys);
        var log = session.Prepare(Log).Bind(1, LogPosition.Of(run, 0)).Bind(2, LogPosition.EndOf(run));
        try
        {
            while (log.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                series.Add(log.Blob(0));
            }

            return series;
        }
        catch
        {
            series.Dispose();
            throw;
        }
        finally
        {
            log.Reset();
        }
    }

    private static (long Number, long Start)? FindRun(SqliteSession session, string runId) =>
        SqliteSession.ReadFirst<(long, long)?>(session.Prepare(RunSql.NumberOf).Bind(1, runId), row => (row.Int64(0), row.Int64(1)));

    private static long? FindKey(SqliteSession session, string key) =>
        SqliteSession.ReadFirst<long?>(session.Prepare(RunSql.KeyId).Bind(1, key), row => row.Int64(0));
}
