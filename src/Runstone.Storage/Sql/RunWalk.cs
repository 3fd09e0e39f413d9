using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Finds the runs of a page: part after part of the order, until the page is full.</summary>
internal sealed class RunWalk
{
    /// <summary>
    /// Runs that may be looked at one by one for a page. Gathering what fulfils the conditions costs about as much as looking at a few
    /// times as many, and does not grow when they turn out to be rarer than they were in the sample.
    /// </summary>
    private const long MaxLooks = 20_000;

    private readonly SqlSession _session;
    private readonly RunQuery _query;
    private readonly List<long> _numbers = [];
    private RunPosition? _last;

    private RunWalk(SqlSession session, RunQuery query) => (_session, _query) = (session, query);

    /// <summary>One more than the page holds, to know whether there is more.</summary>
    private long Missing => _query.Limit + 1L - _numbers.Count;

    /// <summary>The numbers of the runs of the page, and the position of the last when more follow.</summary>
    public static async ValueTask<(IReadOnlyList<long> Numbers, RunPosition? Next)> FindAsync(
        SqlSession session, RunQuery query, CancellationToken cancellationToken)
    {
        var walk = new RunWalk(session, query);
        await walk.RunAsync(cancellationToken);
        if (walk.Missing > 0)
            return (walk._numbers, null);
        walk._numbers.RemoveAt(query.Limit);
        return (walk._numbers, walk._last);
    }

    private async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var parts = RunSearch.PartsOf(_query);
        var first = _query.After is { } position && parts.Count > 1 ? parts.ToList().IndexOf(RunSearch.PartOf(position)) : 0;
        var offset = _query.Offset;
        foreach (var part in parts.Skip(first))
        {
            var fill = await LookAsync(part, cancellationToken);
            if (fill == Fill.Rare && part == RunPart.Valued)
            {
                // A walk along the order would pass by nearly all runs; the few that match are found first, and then sorted.
                await TakeAsync(RunPart.All, rowByRow: false, offset, cancellationToken);
                return;
            }

            if (fill != Fill.Empty)
                offset = await TakeAsync(part, rowByRow: fill == Fill.Soon, offset, cancellationToken);
            if (Missing == 0)
                return;
        }
    }

    /// <summary>Looks at the first runs of the part where it matters how it is searched.</summary>
    private async ValueTask<Fill> LookAsync(RunPart part, CancellationToken cancellationToken)
    {
        if (!RunSearch.HasChoice(_query, part))
            return part is RunPart.NaN or RunPart.Valued ? Fill.Soon : Fill.Rare;
        var (runs, matches) = await _session.FirstAsync(Search(part, rowByRow: true).Sample(), row => (row.Int64(0), row.Int64(1)), cancellationToken);
        if (runs < RunSearch.SampleSize)
            return matches == 0 ? Fill.Empty : Fill.Soon;
        return (Missing + _query.Offset) * runs <= MaxLooks * matches ? Fill.Soon : Fill.Rare;
    }

    /// <summary>Takes from the part what the page lacks; returns how many rows are still to be passed over.</summary>
    private async ValueTask<long> TakeAsync(RunPart part, bool rowByRow, long offset, CancellationToken cancellationToken)
    {
        var before = _numbers.Count;
        var jump = await RunJump.FindAsync(_session, _query, part, offset, cancellationToken);
        if (jump.IsBehind)
            return jump.Left;
        var search = new RunSearch(_session.Dialect, jump.Position is null ? _query : _query with { After = jump.Position }, part, rowByRow);
        await _session.VisitAsync(search.Page(Missing, jump.Left, jump.First, out var order), row => Take(row, order), cancellationToken);
        if (jump.Left == 0 || _numbers.Count > before)
            return 0;

        // All of the part was passed over.
        return part is RunPart.Missing or RunPart.All
            ? offset
            : offset - await _session.FirstAsync(Search(part, rowByRow).Count(), row => row.Int64(0), cancellationToken);
    }

    private void Take(SqlRow row, RunOrder order)
    {
        _numbers.Add(row.Int64(0));
        if (_numbers.Count == _query.Limit)
            _last = order.Read(row, 1);
    }

    private RunSearch Search(RunPart part, bool rowByRow) => new(_session.Dialect, _query, part, rowByRow);

    /// <summary>What is expected of a walk along a part of the order.</summary>
    private enum Fill
    {
        /// <summary>No run of the part matches.</summary>
        Empty,

        /// <summary>The page is full soon, or the part is short.</summary>
        Soon,

        /// <summary>Few of many runs match, or they do not come in order anyway.</summary>
        Rare,
    }
}
