namespace Runstone.Core.Query;

/// <summary>What groups of runs are ordered by.</summary>
public enum GroupFigure
{
    /// <summary>What the runs of the group agree in.</summary>
    Value,

    /// <summary>How many runs it has.</summary>
    Count,
    Mean,
    Deviation,
    Min,
    Max,
    Median,

    /// <summary>The value of the best run, of a column with a goal.</summary>
    Best,

    /// <summary>How many values its runs have in a column of texts.</summary>
    Distinct,
}

/// <summary>One key of an order of groups.</summary>
/// <param name="Figure">What of the group.</param>
/// <param name="Field">The column; null for <see cref="GroupFigure.Value"/> and <see cref="GroupFigure.Count"/>.</param>
/// <param name="Descending">The greatest first.</param>
public sealed record GroupOrdering(GroupFigure Figure, Field? Field, bool Descending);

/// <summary>Reads orders of groups: <c>value</c>, <c>count</c> or <c>figure(field)</c>, then <c>asc</c> or <c>desc</c>.</summary>
internal static class GroupOrderParser
{
    private static readonly string[] Figures = ["mean", "deviation", "min", "max", "median", "best", "distinct"];

    public static IReadOnlyList<GroupOrdering> Parse(IReadOnlyList<string> texts)
    {
        if (texts.Count > OrderParser.MaxOrders)
            throw FilterError.At(FilterError.OrderSubject, 0, $"{texts.Count} orders were given; at most {OrderParser.MaxOrders} are possible");
        return [.. texts.Select(Parse)];
    }

    private static GroupOrdering Parse(string text)
    {
        if (text.Length > FilterParser.MaxLength)
            throw FilterError.At(FilterError.OrderSubject, FilterParser.MaxLength, "the order is too long");
        var words = new FieldParser(text, FilterError.OrderSubject, FilterSchema.RunColumns);
        var (figure, field) = ReadFigure(words);
        var descending = words.TakeIf("desc");
        if (!descending)
            words.TakeIf("asc");
        return words.Current.Kind == TokenKind.End
            ? new GroupOrdering(figure, field, descending)
            : throw words.Expected("'asc', 'desc' or the end");
    }

    private static (GroupFigure Figure, Field? Field) ReadFigure(FieldParser words)
    {
        if (words.TakeIf("value"))
            return (GroupFigure.Value, null);
        if (words.TakeIf("count"))
            return (GroupFigure.Count, null);
        var name = Array.Find(Figures, words.Current.Is) ?? throw words.Expected($"value, count, or a figure of a column such as mean(metrics.loss); figures are {string.Join(", ", Figures)}");
        words.Take();
        if (!words.TakeSymbol("("))
            throw words.Expected($"'(' and a column after '{name}'");
        var field = words.ReadField();
        return words.TakeSymbol(")") ? (Enum.Parse<GroupFigure>(name, ignoreCase: true), field) : throw words.Expected("')'");
    }
}
