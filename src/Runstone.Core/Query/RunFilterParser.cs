using Runstone.Core.Errors;

namespace Runstone.Core.Query;

/// <summary>
/// The native front end of run search (docs/formats/filter.md). Whatever the text, the only failure is a
/// <see cref="RunstoneException"/> with a <see cref="FilterError"/>.
/// </summary>
public static class RunFilterParser
{
    /// <summary>The condition; an empty text means everything.</summary>
    public static Filter Parse(string? text) => FilterParser.Parse(text, FilterSchema.Runs);

    /// <summary>The order, key by key.</summary>
    public static IReadOnlyList<Ordering> ParseOrder(IReadOnlyList<string> texts) => OrderParser.Parse(texts, FilterSchema.Runs);

    /// <summary>The columns of a table, in the order given: fields as orders name them, and <see cref="RunColumnFields"/>.</summary>
    public static IReadOnlyList<Field> ParseColumns(IReadOnlyList<string> texts) => ColumnParser.Parse(texts, FilterSchema.RunColumns);

    /// <summary>The fields that runs are grouped by: those that orders can name, outermost first.</summary>
    public static IReadOnlyList<Field> ParseGroupBy(IReadOnlyList<string> texts) =>
        [.. texts.Select(text => ColumnParser.Parse(text, FilterSchema.Runs, FilterError.GroupSubject))];

    /// <summary>The field in which the runs of a group agree.</summary>
    public static Field ParseWithin(string text) => ColumnParser.Parse(text, FilterSchema.Runs, FilterError.WithinSubject);

    /// <summary>A field that a filter can name.</summary>
    public static Field ParseField(string text) => ColumnParser.Parse(text, FilterSchema.Runs, FilterError.FieldSubject, datasets: true);

    /// <summary>An order of groups, key by key.</summary>
    public static IReadOnlyList<GroupOrdering> ParseGroupOrder(IReadOnlyList<string> texts) => GroupOrderParser.Parse(texts);
}

/// <summary>The native front end of experiment search: the same grammar over the fields of experiments and their tags.</summary>
public static class ExperimentFilterParser
{
    /// <summary>The condition; an empty text means everything. A text alone looks in the name, the values of tags and the notes.</summary>
    public static Filter Parse(string? text) => FilterParser.Parse(text, FilterSchema.Experiments);

    /// <summary>The order, key by key.</summary>
    public static IReadOnlyList<Ordering> ParseOrder(IReadOnlyList<string> texts) => OrderParser.Parse(texts, FilterSchema.Experiments);
}
