using System.Text;

namespace Runstone.Core.Query;

/// <summary>Splits a filter into words.</summary>
internal sealed class FilterLexer
{
    private static readonly string[] Symbols = ["==", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", ":"];

    private readonly string _text;
    private readonly string _subject;
    private readonly List<FilterToken> _tokens = [];
    private int _at;

    private FilterLexer(string text, string subject) => (_text, _subject) = (text, subject);

    /// <summary>The words, the last one being <see cref="TokenKind.End"/>. Throws <see cref="FilterError"/> in a RunstoneException.</summary>
    public static IReadOnlyList<FilterToken> Split(string text, string subject)
    {
        var lexer = new FilterLexer(text, subject);
        while (lexer.SkipSpace())
            lexer.Read();
        lexer._tokens.Add(new FilterToken(TokenKind.End, "", text.Length, text.Length));
        return lexer._tokens;
    }

    private bool SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at < _text.Length;
    }

    private void Read()
    {
        var c = _text[_at];
        if (c is '\'' or '"')
            ReadQuoted(c, TokenKind.Text);
        else if (c == '`')
            ReadQuoted(c, TokenKind.Quoted);
        else if (BeginsNumber())
            ReadNumber();
        else if (IsNameCharacter(c))
            ReadName();
        else
            ReadSymbol();
    }

    private void ReadQuoted(char quote, TokenKind kind)
    {
        var start = _at++;
        var text = new StringBuilder();
        while (_at < _text.Length)
        {
            var c = _text[_at++];
            if (c != quote)
            {
                text.Append(c);
            }
            else if (kind == TokenKind.Text && _at < _text.Length && _text[_at] == quote)
            {
                text.Append(c);
                _at++;
            }
            else
            {
                _tokens.Add(new FilterToken(kind, text.ToString(), start, _at, quote == '"'));
                return;
            }
        }

        throw FilterError.At(_subject, start, $"the quote {quote} is not closed");
    }

    private bool BeginsNumber()
    {
        var at = _at;
        if (_text[at] is '+' or '-')
            at++;
        if (at < _text.Length && _text[at] == '.')
            at++;
        return at < _text.Length && char.IsAsciiDigit(_text[at]);
    }

    private void ReadNumber()
    {
        var start = _at;
        if (_text[_at] is '+' or '-')
            _at++;
        SkipDigits();
        if (_at < _text.Length && _text[_at] == '.')
            _at++;
        SkipDigits();
        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            _at++;
            if (_at < _text.Length && _text[_at] is '+' or '-')
                _at++;
            SkipDigits();
        }

        if (_at < _text.Length && IsNameCharacter(_text[_at]))
            throw FilterError.At(_subject, start, $"'{_text[start..(_at + 1)]}' is not a number; put text in quotes and an unusual key in backquotes");
        _tokens.Add(new FilterToken(TokenKind.Number, _text[start.._at], start, _at));
    }

    private void SkipDigits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
    }

    private void ReadName()
    {
        var start = _at;
        while (_at < _text.Length && IsNameCharacter(_text[_at]))
            _at++;
        _tokens.Add(new FilterToken(TokenKind.Name, _text[start.._at], start, _at));
    }

    private void ReadSymbol()
    {
        var symbol = Array.Find(Symbols, s => string.CompareOrdinal(_text, _at, s, 0, s.Length) == 0)
            ?? throw FilterError.At(_subject, _at, $"the character '{Printable(_text[_at])}' is not expected here; put an unusual key in backquotes and text in quotes");
        _tokens.Add(new FilterToken(TokenKind.Symbol, symbol, _at, _at + symbol.Length));
        _at += symbol.Length;
    }

    private static string Printable(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : c.ToString();

    private static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '/';
}
