using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>
/// Where a page begins that is far behind the first row: rows are passed over in an index alone, where a walk would fetch the run of each. Many runs
/// may have one value of what is sorted by first; those are still walked over, and as many as have another lifecycle.
/// </summary>
/// <param name="Left">Rows that are still to be passed over from there.</param>
internal readonly record struct RunJump(long Left)
{
    /// <summary>For fewer rows the walk itself costs no more.</summary>
    private const long MinRows = 200;

    /// <summary>The value of the first thing sorted by at which the index is entered; null at its beginning.</summary>
    public OrderValue? First { get; init; }

    /// <summary>The run that the page comes after; null when there is none to name.</summary>
    public RunPosition? Position { get; init; }

    /// <summary>The part of the order ends before.</summary>
    public bool IsBehind { get; init; }

    public static async ValueTask<RunJump> FindAsync(
        SqlSession session, RunQuery query, RunPart part, long offset, CancellationToken cancellationToken)
    {
        if (offset < MinRows || !RunSearch.CanJump(query, part))
            return new RunJump(offset);
        if (part != RunPart.All)
            return await InValuesAsync(session, query, part, offset, cancellationToken);
        var position = await session.FirstAsync(Search(session, query, part).PositionAt(offset - 1, out var order), row => order.Read(row, 0), cancellationToken);
        return position is null ? new RunJump(offset) { IsBehind = true } : new RunJump(0) { Position = position };
    }

    /// <summary>At least as many rows of the index come before the row at the rank as runs that are shown, so the page does not begin before its value.</summary>
    private static async ValueTask<RunJump> InValuesAsync(
        SqlSession session, RunQuery query, RunPart part, long offset, CancellationToken cancellationToken)
    {
        var isNumber = query.OrderBy[0].Field.Kind == FieldKind.Metric;
        var first = await session.FirstAsync(
            Search(session, query, part).ValueAt(offset), row => (OrderValue?)(isNumber ? OrderValue.Of(row.Double(0)) : OrderValue.Of(row.Text(0))), cancellationToken);
        var (rows, hidden) = await session.FirstAsync(Search(session, query, part).PassedBefore(first), row => (row.Int64(0), row.Int64(1)), cancellationToken);
        return new RunJump(offset - (rows - hidden)) { First = first, IsBehind = first is null };
    }

    private static RunSearch Search(SqlSession session, RunQuery query, RunPart part) => new(session.Dialect, query, part, rowByRow: true);
}
