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
}

/// <summary>The native front end of experiment search: the same grammar over the fields of experiments and their tags.</summary>
public static class ExperimentFilterParser
{
    /// <summary>The condition; an empty text means everything. A text alone looks in the name, the values of tags and the notes.</summary>
    public static Filter Parse(string? text) => FilterParser.Parse(text, FilterSchema.Experiments);

    /// <summary>The order, key by key.</summary>
    public static IReadOnlyList<Ordering> ParseOrder(IReadOnlyList<string> texts) => OrderParser.Parse(texts, FilterSchema.Experiments);
}
