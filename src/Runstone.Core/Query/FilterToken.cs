namespace Runstone.Core.Query;

internal enum TokenKind
{
    /// <summary>Letters, digits, <c>_ - . /</c>, not beginning like a number; keywords are names.</summary>
    Name,

    /// <summary>A key in backquotes.</summary>
    Quoted,

    /// <summary>Text in single or double quotes.</summary>
    Text,
    Number,

    /// <summary>An operator, a bracket, a comma or a colon; <see cref="FilterToken.Text"/> says which.</summary>
    Symbol,
    End,
}

/// <summary>A word of the filter language.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text without quotes; of a number as it was written.</param>
/// <param name="Start">Where it begins, from 0.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="DoubleQuoted">A text in double quotes, which may stand for a key after an entity.</param>
internal readonly record struct FilterToken(TokenKind Kind, string Text, int Start, int End, bool DoubleQuoted = false)
{
    /// <summary>How messages call it.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text '{Shorten(Text)}'",
        _ => $"'{Shorten(Text)}'",
    };

    public bool Is(string keyword) => Kind == TokenKind.Name && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    private static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");
}
