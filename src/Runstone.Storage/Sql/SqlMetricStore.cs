using System.Runtime.CompilerServices;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;

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
        using var read = new SeriesRead(database, query);
        await foreach (var block in read.BlocksAsync(cancellationToken))
            yield return block;
    }

    public Task<IReadOnlyList<MetricText>> ReadTextsAsync(
        string runId, string key, ReadOnlyMemory<SeriesPoint> points, CancellationToken cancellationToken) =>
        PointTexts.ReadAsync(database, runId, key, points.Span, cancellationToken);

    public Task<IReadOnlyList<SeriesFrame>> DrawAsync(IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DrawAsync(session, queries, cancellationToken), cancellationToken);

    public Task<GroupFrames> AggregateAsync(GroupQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => AggregateAsync(session, query, cancellationToken), cancellationToken);

    private static async ValueTask<IReadOnlyList<SeriesFrame>> DrawAsync(
        SqlSession session, IReadOnlyList<FrameQuery> queries, CancellationToken cancellationToken)
    {
        var wanted = queries.Select(q => (q.RunId, q.Key)).Concat(queries.Where(q => q.XKey is not null).Select(q => (q.RunId, Key: q.XKey!))).ToHashSet();
        var plan = await SeriesPlan.ReadAsync(session, wanted, cancellationToken);
        var frames = new SeriesFrame[queries.Count];
        Array.Fill(frames, SeriesFrame.Empty);
        var (reader, places) = (new FrameReader(), new List<int>());
        for (var i = 0; i < frames.Length; i++)
        {
            var query = queries[i];
            if (query.Axis == FrameAxis.Metric || plan.Find(query.RunId, query.Key) is not { } series)
                continue;
            var outline = series.Outline(new PointAxis(query.Axis, series.RunStart));
            if (outline.Range is not { } range)
                continue;
            reader.Add(series, outline, new FrameScale(query.From ?? range.From, query.To ?? range.To, query.Buckets), exactly: true);
            places.Add(i);
        }

        await reader.DrawAsync(session, (place, drawing) => frames[places[place]] = drawing.Build(), cancellationToken);
        await JoinAsync(session, queries, plan, frames, cancellationToken);
        return frames;
    }

    /// <summary>Draws what has another metric as its axis.</summary>
    private static async ValueTask JoinAsync(
        SqlSession session, IReadOnlyList<FrameQuery> queries, SeriesPlan plan, SeriesFrame[] frames, CancellationToken cancellationToken)
    {
        using var all = new SeriesLoad(MetricService.MaxJoinedPoints);
        var builder = new FrameBuilder();
        for (var i = 0; i < frames.Length; i++)
        {
            if (queries[i] is not { Axis: FrameAxis.Metric, XKey: { } xKey } query || plan.Find(query.RunId, query.Key) is not { } y || plan.Find(query.RunId, xKey) is not { } x)
                continue;
            var xs = await all.ReadAsync(session, x, cancellationToken);
            var ys = x == y ? xs : await all.ReadAsync(session, y, cancellationToken);
            frames[i] = MetricJoin.Draw(xs, ys, query.Buckets, query.From, query.To, builder);
        }
    }

    private static async ValueTask<GroupFrames> AggregateAsync(SqlSession session, GroupQuery query, CancellationToken cancellationToken)
    {
        var groupsOf = query.Groups.SelectMany((runs, g) => runs.Distinct(StringComparer.Ordinal).Select(r => (Run: r, Group: g))).ToLookup(p => p.Run, p => p.Group, StringComparer.Ordinal);
        var plan = await SeriesPlan.ReadAsync(session, [.. groupsOf.Select(g => (g.Key, query.Key))], cancellationToken);
        var (drawn, from, to) = (new List<(StoredSeries Series, SeriesOutline Outline, IEnumerable<int> Groups)>(), double.PositiveInfinity, double.NegativeInfinity);
        foreach (var run in groupsOf)
        {
            if (plan.Find(run.Key, query.Key) is not { } series)
                continue;
            var outline = series.Outline(new PointAxis(query.Axis, series.RunStart));
            if (outline.Range is not { } range)
                continue;
            (from, to) = (Math.Min(from, range.From), Math.Max(to, range.To));
            drawn.Add((series, outline, run));
        }

        if (drawn.Count == 0)
            return GroupFrames.Empty(query.Groups.Count);
        var scale = new FrameScale(query.From ?? from, query.To ?? to, query.Buckets);
        var (reader, aggregator) = (new FrameReader(), new GroupAggregator(query.Groups.Count, scale));
        foreach (var (series, outline, _) in drawn)
            reader.Add(series, outline, scale, exactly: false);
        await reader.DrawAsync(session, Take, cancellationToken);
        return aggregator.Build();

        void Take(int place, FrameDrawing drawing)
        {
            foreach (var group in drawn[place].Groups)
                aggregator.Add(group, drawing.Builder);
        }
    }
}
