namespace Runstone.Core.Query;

/// <summary>Reads what follows a field, and lowers it to the tree.</summary>
internal sealed class ComparisonReader(FieldParser words, Field field, FilterSchema schema, FilterToken start)
{
    private static readonly string[] Statuses = ["running", "scheduled", "finished", "failed", "killed"];

    private readonly FieldType _type = schema.TypeOf(field);

    private bool IsNumeric => _type is FieldType.Number or FieldType.Time or FieldType.Duration;

    /// <summary><c>is [not] null</c></summary>
    public Filter ReadNull()
    {
        var negated = words.TakeIf("not");
        if (!words.TakeIf("null"))
            throw words.Expected(negated ? "'null' after 'is not'" : "'null' or 'not null' after 'is'");
        var exists = new Filter.Exists(field);
        return negated ? exists : new Filter.Not(exists);
    }

    /// <summary><c>not in</c>, <c>not like</c> and their kind.</summary>
    public Filter ReadNegated()
    {
        words.Take();
        return ReadPattern(negated: true) ?? ReadList(negated: true)
            ?? throw words.Expected("'in', 'like', 'ilike' or 'contains' after 'not'");
    }

    /// <summary>A pattern; null when none follows. Negated, the field must have a value all the same.</summary>
    public Filter? ReadPattern(bool negated)
    {
        ComparisonOperator op;
        if (words.TakeIf("like"))
            op = ComparisonOperator.Like;
        else if (words.TakeIf("ilike"))
            op = ComparisonOperator.ILike;
        else if (words.TakeIf("contains"))
            op = ComparisonOperator.Contains;
        else
            return null;
        if (IsNumeric)
            throw words.Fail(start, $"'{field.Key}' is a number and cannot be matched with a pattern");
        if (words.Current.Kind != TokenKind.Text)
            throw words.Expected("a text in quotes");
        return Present(negated, new Filter.Compare(field, op, Literal.Of(words.Take().Text)));
    }

    /// <summary>A list; null when none follows.</summary>
    public Filter? ReadList(bool negated)
    {
        if (!words.TakeIf("in"))
            return null;
        if (!words.TakeSymbol("("))
            throw words.Expected("'(' after 'in'");
        var values = new List<FilterToken>();
        do
        {
            if (values.Count == FilterParser.MaxListed)
                throw words.Fail(words.Current, $"the list has more than {FilterParser.MaxListed} values");
            values.Add(RequireLiteral("a number or a text"));
        }
        while (words.TakeSymbol(","));
        if (!words.TakeSymbol(")"))
            throw words.Expected("',' or ')'");
        return values.TrueForAll(v => v.Kind == TokenKind.Text) && !IsNumeric
            ? new Filter.In(field, [.. values.Select(TextOf)], negated)
            : Mixed(values, negated);
    }

    /// <summary>An operator and a constant.</summary>
    public Filter ReadOperator()
    {
        var op = OperatorOf(words.Current) ?? throw words.Expected($"an operator such as '=' or '<' after '{field.Key}'");
        var sign = words.Take();
        if (words.Current.IsSymbol("(") || !IsLiteral(words.Current))
            throw words.Fail(words.Current, $"expected a number or a text after '{sign.Text}', found {words.Current.Shown}");
        return Compare(op, words.Take());
    }

    private Filter Mixed(List<FilterToken> values, bool negated)
    {
        if (values.Count > FilterParser.MaxComparisons)
            throw words.Fail(start, $"a list of numbers may have {FilterParser.MaxComparisons} values at most");
        var op = negated ? ComparisonOperator.NotEqual : ComparisonOperator.Equal;
        var parts = values.ConvertAll(v => Compare(op, v));
        if (parts.Count == 1)
            return parts[0];
        return negated ? new Filter.And(parts) : new Filter.Or(parts);
    }

    private Filter Compare(ComparisonOperator op, FilterToken value)
    {
        if (value.Kind == TokenKind.Name)
            return CompareBoolean(op, value);
        if (IsNumeric || (_type == FieldType.Free && value.Kind == TokenKind.Number))
            return new Filter.Compare(field, op, Literal.Of(NumberOf(value)));
        return new Filter.Compare(field, op, Literal.Of(TextOf(value)));
    }

    // Clients write True, true and TRUE; all mean the same.
    private Filter CompareBoolean(ComparisonOperator op, FilterToken value)
    {
        if (_type != FieldType.Free)
            throw words.Fail(value, $"'{field.Key}' is never true or false; only params and tags are");
        if (op is not (ComparisonOperator.Equal or ComparisonOperator.NotEqual))
            throw words.Fail(value, $"{value.Shown} can be compared with '=' and '!=' only");
        var equal = new Filter.Compare(field, ComparisonOperator.ILike, Literal.Of(value.Is("true") ? "true" : "false"));
        return Present(op == ComparisonOperator.NotEqual, equal);
    }

    private Filter Present(bool negated, Filter filter) =>
        negated ? new Filter.And([new Filter.Exists(field), new Filter.Not(filter)]) : filter;

    private double NumberOf(FilterToken value)
    {
        var number = _type switch
        {
            FieldType.Time when value.Kind == TokenKind.Text =>
                LiteralReader.Time(value.Text) ?? throw words.Fail(value, $"{value.Shown} is not a time; use Unix milliseconds or a text such as \"2026-11-01\" or \"2026-11-01T08:30:00Z\""),
            FieldType.Duration when value.Kind == TokenKind.Text =>
                LiteralReader.Duration(value.Text) ?? throw words.Fail(value, $"{value.Shown} is not a duration; use milliseconds or a text such as \"90s\", \"15m\", \"2h\" or \"3d\""),
            _ when value.Kind == TokenKind.Text =>
                throw words.Fail(value, $"'{field.Key}' is a number and cannot be compared with {value.Shown}"),
            _ => LiteralReader.Number(value.Text),
        };
        return number ?? throw words.Fail(value, $"{value.Shown} is outside the range of numbers");
    }

    private string TextOf(FilterToken value)
    {
        if (_type != FieldType.Status)
            return value.Text;
        var status = value.Text.ToLowerInvariant();
        return Statuses.Contains(status, StringComparer.Ordinal)
            ? status
            : throw words.Fail(value, $"{value.Shown} is no status; there are {string.Join(", ", Statuses)}");
    }

    private FilterToken RequireLiteral(string what) => IsLiteral(words.Current) ? words.Take() : throw words.Expected(what);

    private static bool IsLiteral(FilterToken token) =>
        token.Kind is TokenKind.Text or TokenKind.Number || token.Is("true") || token.Is("false");

    private static ComparisonOperator? OperatorOf(FilterToken token) => token.Kind != TokenKind.Symbol ? null : token.Text switch
    {
        "=" or "==" => ComparisonOperator.Equal,
        "!=" => ComparisonOperator.NotEqual,
        "<" => ComparisonOperator.Less,
        "<=" => ComparisonOperator.LessOrEqual,
        ">" => ComparisonOperator.Greater,
        ">=" => ComparisonOperator.GreaterOrEqual,
        _ => null,
    };
}
