namespace Runstone.Core.Query;

/// <summary>Reads orders: <c>field [asc|desc]</c>.</summary>
internal static class OrderParser
{
    public const int MaxOrders = 16;

    public static IReadOnlyList<Ordering> Parse(IReadOnlyList<string> texts, FilterSchema schema)
    {
        if (texts.Count > MaxOrders)
            throw FilterError.At(FilterError.OrderSubject, 0, $"{texts.Count} orders were given; at most {MaxOrders} are possible");
        return [.. texts.Select(text => Parse(text, schema))];
    }

    private static Ordering Parse(string text, FilterSchema schema)
    {
        if (text.Length > FilterParser.MaxLength)
            throw FilterError.At(FilterError.OrderSubject, FilterParser.MaxLength, "the order is too long");
        var words = new FieldParser(text, FilterError.OrderSubject, schema);
        var start = words.Current;
        var field = words.ReadField();
        if (field.Kind == FieldKind.Dataset)
            throw words.Fail(start, "runs cannot be ordered by their datasets, of which they may have several");
        var descending = words.TakeIf("desc");
        if (!descending)
            words.TakeIf("asc");
        return words.Current.Kind == TokenKind.End
            ? new Ordering(field, descending)
            : throw words.Expected("'asc', 'desc' or the end");
    }
}
