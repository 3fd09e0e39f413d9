using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Storage.Sql;

/// <summary>Draws the series of a request, turn by turn.</summary>
internal sealed class FrameRead(SqlSession session, IReadOnlyList<FrameQuery> queries) : IDisposable
{
    private readonly SeriesFrame[] _frames = new SeriesFrame[queries.Count];
    private readonly SeriesLoad _load = new(MetricService.MaxJoinedPoints);
    private readonly FrameBuilder _builder = new();

    /// <summary>The frames in order of the queries.</summary>
    public async ValueTask<IReadOnlyList<SeriesFrame>> DrawAsync(CancellationToken cancellationToken)
    {
        Array.Fill(_frames, SeriesFrame.Empty);
        var keys = queries.Select(q => q.Key).Concat(queries.Select(q => q.XKey).OfType<string>());
        var names = await SeriesNames.ReadAsync(session, queries.Select(q => q.RunId), keys, cancellationToken);
        var asked = new List<Asked>(queries.Count);
        for (var i = 0; i < queries.Count; i++)
        {
            if (names.Find(queries[i].RunId, queries[i].Key) is { } y)
                asked.Add(new Asked(i, y, queries[i].XKey is { } x ? names.Find(queries[i].RunId, x) : null));
        }

        foreach (var turn in SeriesTurns.Cut(asked, a => a.Y.Run))
        {
            var plan = await SeriesPlan.ReadAsync(session, turn.SelectMany(a => a.Places), cancellationToken);
            await DrawAsync(turn, plan, cancellationToken);
            await JoinAsync(turn, plan, cancellationToken);
        }

        return _frames;
    }

    public void Dispose() => _load.Dispose();

    private async ValueTask DrawAsync(List<Asked> turn, SeriesPlan plan, CancellationToken cancellationToken)
    {
        var (reader, places) = (new FrameReader(), new List<int>());
        foreach (var (place, y, _) in turn)
        {
            var query = queries[place];
            if (query.Axis == FrameAxis.Metric)
                continue;
            var series = plan[y];
            var outline = series.Outline(new PointAxis(query.Axis, series.Run.Start));
            if (outline.Range is not { } range)
                continue;
            reader.Add(series, outline, new FrameScale(query.From ?? range.From, query.To ?? range.To, query.Buckets), exactly: true);
            places.Add(place);
        }

        await reader.DrawAsync(session, (at, drawing) => _frames[places[at]] = drawing.Build(), cancellationToken);
    }

    /// <summary>Draws what has another metric as its axis.</summary>
    private async ValueTask JoinAsync(List<Asked> turn, SeriesPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (place, y, x) in turn)
        {
            var query = queries[place];
            if (query.Axis != FrameAxis.Metric || x is null)
                continue;
            var xs = await _load.ReadAsync(session, plan[x.Value], cancellationToken);
            var ys = x == y ? xs : await _load.ReadAsync(session, plan[y], cancellationToken);
            _frames[place] = MetricJoin.Draw(xs, ys, query.Buckets, query.From, query.To, _builder);
        }
    }

    /// <summary>A query whose series may be there, and its place in the request.</summary>
    private readonly record struct Asked(int Place, SeriesPlace Y, SeriesPlace? X)
    {
        public IEnumerable<SeriesPlace> Places => X is { } x ? [Y, x] : [Y];
    }
}
