using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>What the runs of a group agree in.</summary>
/// <param name="Field">A field that orders can name.</param>
/// <param name="Value">A number for metrics and numeric attributes, else a text; null for the runs without a value.</param>
public sealed record GroupValue(Field Field, Literal? Value)
{
    /// <summary>The condition that a run has the value, NaN included.</summary>
    public Filter ToFilter() => Value switch
    {
        null => new Filter.Not(new Filter.Exists(Field)),
        { IsText: false, Number: double.NaN } => new Filter.And(
            [new Filter.Exists(Field), new Filter.Not(new Filter.Or([Is(ComparisonOperator.LessOrEqual, 0), Is(ComparisonOperator.Greater, 0)]))]),
        { } value => new Filter.Compare(Field, ComparisonOperator.Equal, value),
    };

    private Filter.Compare Is(ComparisonOperator op, double number) => new(Field, op, Literal.Of(number));
}

/// <summary>A column of groups.</summary>
/// <param name="Field">Any column of a table.</param>
/// <param name="Goal">Which run is the best by it, if one is to be named; only of numbers.</param>
public sealed record GroupColumn(Field Field, GroupGoal Goal = GroupGoal.None);

/// <summary>Which value is the best.</summary>
public enum GroupGoal
{
    None,
    Min,
    Max,
}

/// <summary>Which runs are grouped by what.</summary>
/// <param name="Runs">The runs, those of <paramref name="By"/> that are within an outer group included in the filter. Order, position and limit do not matter.</param>
/// <param name="By">The field whose values are groups.</param>
/// <param name="Columns">What is told of each group.</param>
public sealed record RunGroupQuery(RunQuery Runs, Field By, IReadOnlyList<GroupColumn> Columns)
{
    /// <summary>
    /// Groups without the figure come last in either direction. Ties, and the default order, are the number of runs descending, then the value
    /// ascending (numbers, then texts ordinally, then none).
    /// </summary>
    public IReadOnlyList<GroupOrdering> OrderBy { get; init; } = [];

    public int Skip { get; init; }

    /// <summary>1 or more.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>A page of groups.</summary>
/// <param name="Groups">In the order asked for.</param>
/// <param name="Total">How many groups there are.</param>
/// <param name="Runs">How many runs are in them.</param>
public sealed record RunGroups(IReadOnlyList<GroupOfRuns> Groups, int Total, int Runs)
{
    /// <summary>Runs times columns, the one that is grouped by included.</summary>
    public const int MaxCells = 2_000_000;
}

/// <summary>The runs that agree in a value.</summary>
/// <param name="Value">The value; null for the runs without one.</param>
/// <param name="Count">How many runs.</param>
/// <param name="Columns">One for each column asked for.</param>
public sealed record GroupOfRuns(Literal? Value, int Count, IReadOnlyList<GroupFigures> Columns);

/// <summary>What is told of a column in a group.</summary>
/// <param name="Count">Runs that have a value; of numbers, a finite one.</param>
public abstract record GroupFigures(int Count)
{
    /// <summary>The figure that groups are ordered by; null when there is none.</summary>
    public abstract double? Of(GroupFigure figure);
}

/// <summary>Of numbers: figures over the finite ones, NaN without any.</summary>
/// <param name="Count">Runs with a finite value.</param>
/// <param name="NotFinite">Runs whose value is NaN or infinite, which the figures leave out.</param>
/// <param name="Mean">Their mean m, by Welford's recurrence (Technometrics 4, 1962).</param>
/// <param name="Deviation">Their sample standard deviation sqrt(sum((x - m)^2) / (count - 1)), 0 for one run.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
/// <param name="Median">The one in the middle, or the mean of the two.</param>
/// <param name="Best">The run with the best value, the newest of several; null without a goal or a value.</param>
public sealed record NumberFigures(
    int Count, int NotFinite, double Mean, double Deviation, double Min, double Max, double Median, BestRun? Best) : GroupFigures(Count)
{
    public override double? Of(GroupFigure figure) => Count == 0 ? null : figure switch
    {
        GroupFigure.Mean => Mean,
        GroupFigure.Deviation => Deviation,
        GroupFigure.Min => Min,
        GroupFigure.Max => Max,
        GroupFigure.Median => Median,
        GroupFigure.Best => Best?.Value,
        _ => null,
    };
}

/// <summary>Of texts.</summary>
/// <param name="Count">Runs with a value.</param>
/// <param name="Distinct">How many values.</param>
/// <param name="Same">The value, when there is one alone.</param>
public sealed record TextFigures(int Count, int Distinct, string? Same) : GroupFigures(Count)
{
    public override double? Of(GroupFigure figure) => figure == GroupFigure.Distinct ? Distinct : null;
}

/// <summary>The run that is best by a column.</summary>
public sealed record BestRun(string RunId, double Value);
