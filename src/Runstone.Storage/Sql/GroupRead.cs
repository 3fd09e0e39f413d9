using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Storage.Sql;

/// <summary>
/// Draws groups of runs, turn by turn: first the range that all of them share, then their buckets. What was read for the first is kept
/// for the second as far as it is small, else it is read again.
/// </summary>
internal sealed class GroupRead(SqlSession session, GroupQuery query)
{
    /// <summary>Points, or other things that take as much memory, that are kept between the two looks.</summary>
    private const long MaxKept = 1_000_000;

    private readonly List<(List<Member> Members, SeriesPlan? Plan)> _turns = [];
    private double _from = double.PositiveInfinity;
    private double _to = double.NegativeInfinity;

    public async ValueTask<GroupFrames> DrawAsync(CancellationToken cancellationToken)
    {
        var groupsOf = query.GroupsOfRuns();
        var names = await SeriesNames.ReadAsync(session, groupsOf.Select(g => g.Key), [query.Key], cancellationToken);
        var members = new List<Member>();
        foreach (var run in groupsOf)
        {
            if (names.Find(run.Key, query.Key) is { } place)
                members.Add(new Member(place, [.. run]));
        }

        await LookAsync(members, cancellationToken);
        if (!(_from <= _to))
            return GroupFrames.Empty(query.Groups.Count);
        var aggregator = new GroupAggregator(query.Groups.Count, new FrameScale(query.From ?? _from, query.To ?? _to, query.Buckets));
        foreach (var (turn, plan) in _turns)
            await AddAsync(turn, plan ?? await PlanAsync(turn, cancellationToken), aggregator, cancellationToken);
        return aggregator.Build();
    }

    /// <summary>Finds the range.</summary>
    private async ValueTask LookAsync(List<Member> members, CancellationToken cancellationToken)
    {
        var kept = 0L;
        foreach (var turn in SeriesTurns.Cut(members, m => m.Place.Run))
        {
            var plan = await PlanAsync(turn, cancellationToken);
            foreach (var (place, _) in turn)
            {
                if (Outline(plan[place]).Range is { } range)
                    (_from, _to) = (Math.Min(_from, range.From), Math.Max(_to, range.To));
            }

            var keeps = kept + plan.Weight <= MaxKept;
            kept += keeps ? plan.Weight : 0;
            _turns.Add((turn, keeps ? plan : null));
        }
    }

    private async ValueTask AddAsync(List<Member> turn, SeriesPlan plan, GroupAggregator aggregator, CancellationToken cancellationToken)
    {
        var (reader, drawn) = (new FrameReader(), new List<Member>());
        foreach (var member in turn)
        {
            var series = plan[member.Place];
            var outline = Outline(series);
            if (outline.Range is null)
                continue;
            reader.Add(series, outline, aggregator.Scale, exactly: false);
            drawn.Add(member);
        }

        await reader.DrawAsync(session, Take, cancellationToken);

        void Take(int place, FrameDrawing drawing)
        {
            foreach (var group in drawn[place].Groups)
                aggregator.Add(group, drawing.Builder);
        }
    }

    private ValueTask<SeriesPlan> PlanAsync(List<Member> turn, CancellationToken cancellationToken) =>
        SeriesPlan.ReadAsync(session, turn.Select(m => m.Place), cancellationToken);

    private SeriesOutline Outline(StoredSeries series) => series.Outline(new PointAxis(query.Axis, series.Run.Start));

    /// <summary>A run's series and the groups it is in.</summary>
    private sealed record Member(SeriesPlace Place, int[] Groups);
}
