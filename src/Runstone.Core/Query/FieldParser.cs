namespace Runstone.Core.Query;

/// <summary>Walks over the words of a filter or an order, and reads what both have: fields.</summary>
internal sealed class FieldParser(string text, string subject, FilterSchema schema)
{
    private readonly IReadOnlyList<FilterToken> _tokens = FilterLexer.Split(text, subject);
    private int _at;

    public FilterToken Current => _tokens[_at];

    public FilterToken Next => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    public FilterToken Take()
    {
        var token = _tokens[_at];
        if (token.Kind != TokenKind.End)
            _at++;
        return token;
    }

    public bool TakeIf(string keyword)
    {
        if (!Current.Is(keyword))
            return false;
        _at++;
        return true;
    }

    public bool TakeSymbol(string symbol)
    {
        if (!Current.IsSymbol(symbol))
            return false;
        _at++;
        return true;
    }

    public Exception Fail(FilterToken at, string reason) => FilterError.At(subject, at.Start, reason);

    public Exception Expected(string what) => Fail(Current, $"expected {what}, found {Current.Shown}");

    /// <summary><c>[entity.]key[:aggregate]</c></summary>
    public Field ReadField()
    {
        var first = Current;
        var field = first.Kind switch
        {
            TokenKind.Quoted => Attribute(Take(), first.Text),
            TokenKind.Name => ReadNamed(),
            _ => throw Expected("a field such as metrics.loss, params.lr or status"),
        };
        return TakeSymbol(":") ? field with { Aggregate = ReadAggregate(field) } : field;
    }

    private Field ReadNamed()
    {
        var token = Take();
        var dot = token.Text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return Attribute(token, token.Text);
        if (!schema.Entities.TryGetValue(token.Text[..dot], out var kind))
            throw Fail(token, $"'{token.Text[..dot]}' is no kind of field; there are {string.Join(", ", schema.Entities.Keys.Where(k => k.EndsWith('s')))}");
        var key = token.Text[(dot + 1)..];
        if (key.Length == 0)
            key = ReadQuotedKey(token);
        return kind switch
        {
            FieldKind.Attribute => Attribute(token, key),
            FieldKind.Dataset when !FilterSchema.DatasetKeys.Contains(key, StringComparer.Ordinal) =>
                throw Fail(token, $"datasets have no '{key}'; they have {string.Join(", ", FilterSchema.DatasetKeys)}"),
            _ => new Field(kind, key),
        };
    }

    private string ReadQuotedKey(FilterToken entity)
    {
        var quoted = Current;
        var isKey = quoted.Kind == TokenKind.Quoted || quoted is { Kind: TokenKind.Text, DoubleQuoted: true };
        if (!isKey || quoted.Start != entity.End)
            throw FilterError.At(subject, entity.End, $"expected a key right after '{entity.Text}', in backquotes if it is unusual");
        if (quoted.Text.Length == 0)
            throw Fail(quoted, "the key is empty");
        return Take().Text;
    }

    private Field Attribute(FilterToken at, string key) => schema.Attributes.ContainsKey(key)
        ? new Field(FieldKind.Attribute, key)
        : throw Fail(at, $"there is no field '{key}'; there are {string.Join(", ", schema.Attributes.Keys)}, and {string.Join(", ", schema.Entities.Keys.Where(k => k.EndsWith('s')).Select(k => k + "."))}");

    private MetricAggregate ReadAggregate(Field field)
    {
        if (field.Kind != FieldKind.Metric)
            throw Fail(Current, "only a metric has ':last', ':min' and ':max'");
        if (TakeIf("last"))
            return MetricAggregate.Last;
        if (TakeIf("min"))
            return MetricAggregate.Min;
        return TakeIf("max") ? MetricAggregate.Max : throw Expected("last, min or max after ':'");
    }
}
