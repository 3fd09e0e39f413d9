namespace Runstone.Core.Query;

/// <summary>Reads the columns of a table: <c>field</c>.</summary>
internal static class ColumnParser
{
    public const int MaxColumns = 10_000;

    public static IReadOnlyList<Field> Parse(IReadOnlyList<string> texts, FilterSchema schema)
    {
        if (texts.Count > MaxColumns)
            throw FilterError.At(FilterError.ColumnSubject, 0, $"{texts.Count} columns were given; at most {MaxColumns} are possible");
        return [.. texts.Select(text => Parse(text, schema, FilterError.ColumnSubject))];
    }

    /// <param name="text">The field.</param>
    /// <param name="schema">What there is.</param>
    /// <param name="subject">What errors call it.</param>
    /// <param name="datasets">Whether datasets will do, of which a run may have several.</param>
    public static Field Parse(string text, FilterSchema schema, string subject, bool datasets = false)
    {
        if (text.Length > FilterParser.MaxLength)
            throw FilterError.At(subject, FilterParser.MaxLength, "the field is too long");
        var words = new FieldParser(text, subject, schema);
        var start = words.Current;
        var field = words.ReadField();
        if (field.Kind == FieldKind.Dataset && !datasets)
            throw words.Fail(start, "a run may have several datasets, so they are no column but 'inputs'");
        return words.Current.Kind == TokenKind.End ? field : throw words.Expected("the end");
    }
}
