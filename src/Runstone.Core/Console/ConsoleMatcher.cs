using System.Buffers;
using System.Text.RegularExpressions;
using Runstone.Core.Errors;

namespace Runstone.Core.Console;

/// <summary>Finds a text or what a regular expression describes in one line. Takes time in proportion to the line, whatever is asked.</summary>
internal sealed class ConsoleMatcher
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly SearchValues<string>? _text;
    private readonly Regex? _regex;
    private readonly int _length;

    private ConsoleMatcher(SearchValues<string>? text, int length, Regex? regex) => (_text, _length, _regex) = (text, length, regex);

    /// <summary>Whether a match found in several lines at once never reaches over their ends.</summary>
    public bool StaysInLine => _text is not null;

    /// <summary>Throws <see cref="RunstoneException"/> when the query cannot be searched for.</summary>
    public static ConsoleMatcher Create(ConsoleQuery query)
    {
        var text = query.Text;
        if (text.Length is 0 or > ConsoleLimits.MaxPatternLength)
            throw Invalid($"Give 1 to {ConsoleLimits.MaxPatternLength} characters to search for; these are {text.Length}.");
        if (text.Contains('\n', StringComparison.Ordinal))
            throw Invalid("Lines are searched one by one; leave out the line feed.");
        if (!query.IsRegex)
            return new ConsoleMatcher(SearchValues.Create([text], query.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal), text.Length, null);
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (query.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new ConsoleMatcher(null, 0, new Regex(text, options, LongestMatch));
        }
        catch (NotSupportedException)
        {
            throw Invalid("The regular expression uses what cannot be matched in one pass: leave out backreferences, lookaheads, lookbehinds, atomic groups and conditions.");
        }
        catch (ArgumentException e)
        {
            throw Invalid($"This is no regular expression: {e.Message}");
        }
    }

    /// <summary>The first match; null when there is none.</summary>
    public (int At, int Length)? Find(ReadOnlySpan<char> line)
    {
        if (_text is not null)
            return line.IndexOfAny(_text) is var at and >= 0 ? (at, _length) : null;
        try
        {
            foreach (var match in _regex!.EnumerateMatches(line))
                return (match.Index, match.Length);
            return null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw Invalid("The regular expression takes too long; make it simpler.");
        }
    }

    private static RunstoneException Invalid(string message) => new(Error.Invalid("q", message));
}
