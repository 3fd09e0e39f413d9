using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Storage.Sql;

/// <summary>Draws groups of runs by one metric over another one: every point of both is read, and what has an x is kept until the range is known.</summary>
internal sealed class JoinedGroupRead(SqlSession session, GroupQuery query, string xKey) : IDisposable
{
    private readonly SeriesLoad _load = new(MetricService.MaxJoinedPoints);
    private readonly List<(int[] Groups, List<(double X, SeriesPoint Point)> Points)> _runs = [];
    private double _from = double.PositiveInfinity;
    private double _to = double.NegativeInfinity;

    public async ValueTask<GroupFrames> DrawAsync(CancellationToken cancellationToken)
    {
        var groupsOf = query.GroupsOfRuns();
        var names = await SeriesNames.ReadAsync(session, groupsOf.Select(g => g.Key), [query.Key, xKey], cancellationToken);
        var members = new List<Member>();
        foreach (var run in groupsOf)
        {
            if (names.Find(run.Key, query.Key) is { } y && names.Find(run.Key, xKey) is { } x)
                members.Add(new Member(x, y, [.. run]));
        }

        foreach (var turn in SeriesTurns.Cut(members, m => m.Y.Run))
        {
            var plan = await SeriesPlan.ReadAsync(session, turn.SelectMany(m => m.Places), cancellationToken);
            foreach (var member in turn)
                await JoinAsync(member, plan, cancellationToken);
        }

        return Aggregate();
    }

    public void Dispose() => _load.Dispose();

    private async ValueTask JoinAsync(Member member, SeriesPlan plan, CancellationToken cancellationToken)
    {
        var xs = await _load.ReadAsync(session, plan[member.X], cancellationToken);
        var ys = member.X == member.Y ? xs : await _load.ReadAsync(session, plan[member.Y], cancellationToken);
        var points = MetricJoin.Join(xs, ys, query.From, query.To);
        if (points.Count == 0)
            return;
        _runs.Add((member.Groups, points));
        foreach (var (x, _) in points)
            (_from, _to) = (Math.Min(_from, x), Math.Max(_to, x));
    }

    private GroupFrames Aggregate()
    {
        if (_runs.Count == 0)
            return GroupFrames.Empty(query.Groups.Count);
        var aggregator = new GroupAggregator(query.Groups.Count, new FrameScale(query.From ?? _from, query.To ?? _to, query.Buckets));
        var builder = new FrameBuilder();
        foreach (var (groups, points) in _runs)
        {
            builder.Begin(aggregator.Scale);
            foreach (var (x, point) in points)
                builder.Add(x, point);
            foreach (var group in groups)
                aggregator.Add(group, builder);
        }

        return aggregator.Build();
    }

    /// <summary>The two series of a run and the groups it is in.</summary>
    private sealed record Member(SeriesPlace X, SeriesPlace Y, int[] Groups)
    {
        public IEnumerable<SeriesPlace> Places => X == Y ? [Y] : [Y, X];
    }
}
