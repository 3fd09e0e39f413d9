using System.Runtime.CompilerServices;
using Runstone.Core.Errors;
using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>What is told of many runs at once. Runs are read newest first or in the order asked for, table after table, so that memory does not grow with their number.</summary>
public sealed class RunTableService(IRunStore store)
{
    /// <summary>Runs of one table of a stretch, unless that would be too many cells.</summary>
    public const int TableRuns = 10_000;

    /// <summary>
    /// All runs that match from the position and the offset on, whatever the limit, as tables of at most <see cref="TableRuns"/>. Each table is of one instant; runs that
    /// are written meanwhile may be in a later one.
    /// </summary>
    public IAsyncEnumerable<RunTable> ReadAllAsync(RunQuery query, IReadOnlyList<Field> columns, CancellationToken cancellationToken) =>
        ReadAllAsync(query, columns, TableRuns, cancellationToken);

    private async IAsyncEnumerable<RunTable> ReadAllAsync(
        RunQuery query, IReadOnlyList<Field> columns, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = query with { Limit = Math.Clamp(RunTable.MaxCells / Math.Max(1, columns.Count), 1, most) };
        while (true)
        {
            var table = await store.ReadTableAsync(next, columns, cancellationToken);
            yield return table;
            if (table.Next is null)
                yield break;
            next = next with { After = table.Next, Offset = 0 };
        }
    }

    /// <summary>
    /// Groups of runs. More than <see cref="RunGroups.MaxCells"/> cells are <see cref="ErrorCode.TooLarge"/>; an order by a figure that is not told of a column is
    /// <see cref="ErrorCode.Invalid"/>.
    /// </summary>
    public async Task<RunGroups> GroupAsync(RunGroupQuery query, CancellationToken cancellationToken)
    {
        Check(query);
        Field[] columns = [query.By, .. query.Columns.Select(c => c.Field)];
        var most = RunGroups.MaxCells / columns.Length;
        if (await store.CountAsync(query.Runs, most + 1, cancellationToken) > most)
            throw TooMany(most, columns.Length);
        var grouping = new RunGrouping(query);
        // All at once, as a store reads a column of most runs of an experiment for less than it reads the cells of some of them again and again.
        await foreach (var table in ReadAllAsync(query.Runs with { OrderBy = [], After = null, Offset = 0 }, columns, most, cancellationToken))
        {
            grouping.Add(table);
            if (grouping.Runs > most)
                throw TooMany(most, columns.Length);
        }

        return grouping.Build();
    }

    /// <summary>
    /// The ids of the runs that match, put together by the texts that they agree in, the largest group first: of more than <paramref name="most"/> the newest.
    /// Order, position and limit of the query do not matter.
    /// </summary>
    public async Task<RunMembership> ListMembersAsync(RunQuery query, IReadOnlyList<Field> by, int most, CancellationToken cancellationToken)
    {
        var table = await store.ReadTableAsync(query with { OrderBy = [], After = null, Offset = 0, Limit = most }, by, cancellationToken);
        return RunMembership.Of(table);
    }

    /// <summary>The columns of the newest <see cref="ColumnSurvey.MaxRuns"/> runs that match.</summary>
    public Task<ColumnSurvey> DescribeColumnsAsync(RunQuery query, CancellationToken cancellationToken) =>
        store.DescribeColumnsAsync(query with { OrderBy = [], After = null, Offset = 0, Limit = ColumnSurvey.MaxRuns }, ColumnSurvey.MaxValues, cancellationToken);

    /// <summary>The values of a field in an experiment. One that is a number or is as long as notes is <see cref="ErrorCode.Invalid"/>.</summary>
    public Task<FieldValues> ListValuesAsync(long experimentId, Field field, string contains, int limit, CancellationToken cancellationToken) =>
        field is { Kind: FieldKind.Metric } or { Kind: FieldKind.Attribute, Key: RunFields.Notes } || (field.Kind == FieldKind.Attribute && RunFields.Numeric.Contains(field.Key))
            ? throw new RunstoneException(Error.Invalid("field", $"The values of '{field.Key}' are not listed: name a param, a tag, a dataset or an attribute that is a short text."))
            : store.ListValuesAsync(experimentId, field, contains, limit, FieldValues.MaxLooks, cancellationToken);

    private static void Check(RunGroupQuery query)
    {
        foreach (var column in query.Columns)
        {
            if (column.Goal != GroupGoal.None && !IsNumber(column.Field))
                throw new RunstoneException(Error.Invalid("goals", $"'{column.Field.Key}' is a text, so no run is the best by it. Name metrics or times."));
        }

        foreach (var ordering in query.OrderBy)
        {
            if (ordering.Field is { } field && query.Columns.FirstOrDefault(c => c.Field == field) is var column && !Tells(column, ordering.Figure))
                throw new RunstoneException(Error.Invalid("order_by", $"The {ordering.Figure.ToString().ToLowerInvariant()} of '{field.Key}' is not told. Name the field in 'columns', and in 'goals' for the best; texts have 'distinct', numbers all others."));
        }
    }

    private static bool Tells(GroupColumn? column, GroupFigure figure) => column is not null && figure switch
    {
        GroupFigure.Distinct => !IsNumber(column.Field),
        GroupFigure.Best => column.Goal != GroupGoal.None,
        _ => IsNumber(column.Field),
    };

    private static bool IsNumber(Field field) => RunColumnFields.IsNumber(field);

    private static RunstoneException TooMany(int most, int columns) => new(new Error(
        ErrorCode.TooLarge, $"More than {most} runs match, and with {columns} fields these are more than {RunGroups.MaxCells} cells. Leave out columns, or narrow the filter.", "columns"));
}
