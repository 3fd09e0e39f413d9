using Runstone.Core.Errors;

namespace Runstone.Formats.Mlflow.Search;

internal enum SearchTokenKind
{
    /// <summary>A name, dotted or not, whose parts may be quoted: <c>metrics.`a b`</c>.</summary>
    Name,

    /// <summary>Text in single or double quotes.</summary>
    Text,
    Number,
    Operator,

    /// <summary>A list in parentheses, as one token.</summary>
    List,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>A piece of a filter, spelled as it stands there.</summary>
internal readonly record struct SearchToken(SearchTokenKind Kind, string Value)
{
    public bool Is(string keyword) => Kind == SearchTokenKind.Name && Value.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Cuts a filter into tokens. Every text can be cut; what makes no sense becomes tokens of the kind Other. Time grows with the
/// length only: a quote or parenthesis that is never closed is looked for once.
/// </summary>
internal sealed class SearchTokens
{
    private readonly string _text;
    private bool _openQuote;
    private bool _openList;

    private SearchTokens(string text) => _text = text;

    /// <summary>Characters of a filter; longer ones are refused before they are read.</summary>
    public const int MaxLength = 1_000_000;

    public static List<SearchToken> Of(string filter)
    {
        if (filter.Length > MaxLength)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The filter has {filter.Length} characters; at most {MaxLength} are read.", "filter"));
        return new SearchTokens(filter).Cut();
    }

    /// <summary>The content of a quoted text; the text itself when it is not quoted.</summary>
    public static string Unquote(string text) =>
        text.Length >= 2 && text[0] == text[^1] && (text[0] is '\'' or '"' or '`') ? text[1..^1] : text;

    private List<SearchToken> Cut()
    {
        var tokens = new List<SearchToken>();
        var position = 0;
        while (position < _text.Length)
        {
            if (char.IsWhiteSpace(_text[position]))
            {
                position++;
                continue;
            }

            var (kind, end) = Next(_text, position);
            tokens.Add(new SearchToken(kind, _text[position..end]));
            position = end;
        }

        return tokens;
    }

    private (SearchTokenKind Kind, int End) Next(string text, int start)
    {
        var c = text[start];
        if (c is '\'' or '(')
            return Enclosed(start);
        if (EndOfNumber(text, start) is var number and > 0)
            return (SearchTokenKind.Number, number);
        if (c is '"' or '`' || IsNameStart(c))
            return EndOfName(text, start);
        if (c is '=' or '<' or '>' or '!')
            return (SearchTokenKind.Operator, start + (start + 1 < text.Length && text[start + 1] == '=' ? 2 : 1));
        return (SearchTokenKind.Other, start + 1);
    }

    private (SearchTokenKind Kind, int End) Enclosed(int start)
    {
        var isText = _text[start] == '\'';
        if (isText ? _openQuote : _openList)
            return (SearchTokenKind.Other, start + 1);
        var end = isText ? EndOfQuote(_text, start) : EndOfList(_text, start);
        if (end > 0)
            return (isText ? SearchTokenKind.Text : SearchTokenKind.List, end);
        _openQuote |= isText;
        _openList |= !isText;
        return (SearchTokenKind.Other, start + 1);
    }

    /// <summary>A name may go on after a dot with a quoted part; a lone double-quoted text is a value.</summary>
    private static (SearchTokenKind Kind, int End) EndOfName(string text, int start)
    {
        var position = start;
        while (true)
        {
            var quoted = text[position] is '"' or '`';
            var end = quoted ? EndOfQuote(text, position) : EndOfWord(text, position);
            if (end <= 0)
                return (SearchTokenKind.Other, Math.Max(position, start + 1));
            if (end >= text.Length || text[end] != '.')
                return (position == start && text[start] == '"' ? SearchTokenKind.Text : SearchTokenKind.Name, end);
            position = end + 1;
            if (position >= text.Length || !(text[position] is '"' or '`' || IsWord(text[position])))
                return (SearchTokenKind.Name, position);
        }
    }

    private static int EndOfWord(string text, int start)
    {
        var end = start;
        while (end < text.Length && IsWord(text[end]))
            end++;
        return end;
    }

    private static int EndOfQuote(string text, int start)
    {
        var quote = text[start];
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && quote == '\'')
                i++;
            else if (text[i] == quote && quote == '\'' && i + 1 < text.Length && text[i + 1] == quote)
                i++;
            else if (text[i] == quote)
                return i + 1;
        }

        return -1;
    }

    private static int EndOfList(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] is '\'' or '"')
            {
                var end = EndOfQuote(text, i);
                if (end < 0)
                    return -1;
                i = end - 1;
            }
            else if (text[i] == ')')
            {
                return i + 1;
            }
        }

        return -1;
    }

    private static int EndOfNumber(string text, int start)
    {
        var position = start + (text[start] is '-' or '+' ? 1 : 0);
        var digits = SkipDigits(text, ref position);
        if (position < text.Length && text[position] == '.')
        {
            position++;
            digits += SkipDigits(text, ref position);
        }

        if (digits == 0)
            return -1;
        if (position < text.Length && (text[position] is 'e' or 'E'))
        {
            var exponent = position + 1;
            if (exponent < text.Length && (text[exponent] is '-' or '+'))
                exponent++;
            if (SkipDigits(text, ref exponent) > 0)
                position = exponent;
        }

        return position < text.Length && IsWord(text[position]) ? -1 : position;
    }

    private static int SkipDigits(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        return position - start;
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';
}
