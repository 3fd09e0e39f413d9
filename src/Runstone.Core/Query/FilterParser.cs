namespace Runstone.Core.Query;

/// <summary>
/// The native filter language (docs/formats/filter.md), by recursive descent. Bounded in length, depth and comparisons, because
/// filters come from outside.
/// </summary>
internal sealed class FilterParser(string text, FilterSchema schema)
{
    public const int MaxLength = 65_536;
    public const int MaxDepth = 64;
    public const int MaxComparisons = 500;
    public const int MaxListed = 5_000;

    private readonly FieldParser _words = new(text, FilterError.FilterSubject, schema);
    private int _comparisons;

    public static Filter Parse(string? text, FilterSchema schema)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Filter.All;
        if (text.Length > MaxLength)
            throw FilterError.At(FilterError.FilterSubject, MaxLength, $"the filter is longer than {MaxLength} characters");
        return new FilterParser(text, schema).ReadAll();
    }

    private Filter ReadAll()
    {
        var filter = ReadOr(0);
        return _words.Current.Kind == TokenKind.End ? filter : throw _words.Expected("'and', 'or' or the end");
    }

    private Filter ReadOr(int depth)
    {
        var parts = new List<Filter> { ReadAnd(depth) };
        while (_words.TakeIf("or"))
            parts.Add(ReadAnd(depth));
        return parts.Count == 1 ? parts[0] : new Filter.Or(parts);
    }

    private Filter ReadAnd(int depth)
    {
        var parts = new List<Filter> { ReadNot(depth) };
        while (_words.TakeIf("and"))
            parts.Add(ReadNot(depth));
        return parts.Count == 1 ? parts[0] : new Filter.And(parts);
    }

    private Filter ReadNot(int depth)
    {
        if (depth > MaxDepth)
            throw _words.Fail(_words.Current, $"the filter is nested deeper than {MaxDepth} levels");
        return _words.TakeIf("not") ? new Filter.Not(ReadNot(depth + 1)) : ReadPrimary(depth);
    }

    private Filter ReadPrimary(int depth)
    {
        if (_words.TakeSymbol("("))
        {
            var inner = ReadOr(depth + 1);
            return _words.TakeSymbol(")") ? inner : throw _words.Expected("'and', 'or' or ')'");
        }

        if (++_comparisons > MaxComparisons)
            throw _words.Fail(_words.Current, $"the filter has more than {MaxComparisons} comparisons");
        return _words.Current.Kind == TokenKind.Text ? new Filter.Text(_words.Take().Text) : ReadComparison();
    }

    private Filter ReadComparison()
    {
        var start = _words.Current;
        var comparison = new ComparisonReader(_words, _words.ReadField(), schema, start);
        if (_words.TakeIf("is"))
            return comparison.ReadNull();
        if (_words.Current.Is("not"))
            return comparison.ReadNegated();
        return comparison.ReadPattern(negated: false) ?? comparison.ReadList(negated: false) ?? comparison.ReadOperator();
    }
}
