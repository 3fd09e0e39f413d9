namespace Runstone.Core.Query;

/// <summary>Reads the columns of a table: <c>field</c>.</summary>
internal static class ColumnParser
{
    public const int MaxColumns = 10_000;

    public static IReadOnlyList<Field> Parse(IReadOnlyList<string> texts, FilterSchema schema)
    {
        if (texts.Count > MaxColumns)
            throw FilterError.At(FilterError.ColumnSubject, 0, $"{texts.Count} columns were given; at most {MaxColumns} are possible");
        return [.. texts.Select(text => Parse(text, schema))];
    }

    private static Field Parse(string text, FilterSchema schema)
    {
        if (text.Length > FilterParser.MaxLength)
            throw FilterError.At(FilterError.ColumnSubject, FilterParser.MaxLength, "the field is too long");
        var words = new FieldParser(text, FilterError.ColumnSubject, schema);
        var start = words.Current;
        var field = words.ReadField();
        if (field.Kind == FieldKind.Dataset)
            throw words.Fail(start, "a run may have several datasets, so they are no column but 'inputs'");
        return words.Current.Kind == TokenKind.End ? field : throw words.Expected("the end");
    }
}
