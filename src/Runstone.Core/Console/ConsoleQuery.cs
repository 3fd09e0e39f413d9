namespace Runstone.Core.Console;

/// <summary>What to search for in a console. Lines are searched as a terminal shows them: without escape sequences.</summary>
/// <param name="Text">A text, or a regular expression of .NET without what needs backtracking; 1 to 500 characters.</param>
public sealed record ConsoleQuery(string Text)
{
    /// <summary>Whether <see cref="Text"/> is a regular expression.</summary>
    public bool IsRegex { get; init; }

    /// <summary>Letters match in either case.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>The line to begin with.</summary>
    public long From { get; init; }

    /// <summary>The most matches to answer with, 1 to <see cref="ConsoleLimits.MaxMatches"/>.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>A line that matches.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Stream">Where it was written.</param>
/// <param name="Text">As it was searched.</param>
/// <param name="At">Where the first match begins in the text.</param>
/// <param name="Length">Characters of the first match; may be 0.</param>
public sealed record ConsoleMatch(long Line, long Time, ConsoleStream Stream, string Text, int At, int Length);

/// <summary>What a search found.</summary>
/// <param name="Lines">Lines of the whole console.</param>
/// <param name="Matches">In order of lines.</param>
/// <param name="Next">The line to go on with; null when all lines were looked at.</param>
public sealed record ConsoleMatchPage(long Lines, IReadOnlyList<ConsoleMatch> Matches, long? Next);

/// <summary>Lines that follow each other.</summary>
/// <param name="Total">Lines of the whole console.</param>
/// <param name="Bytes">Bytes of its UTF-8, a line feed a line included.</param>
/// <param name="From">The number of the first of <paramref name="Lines"/>; where one would be, when there is none.</param>
/// <param name="Lines">The lines.</param>
/// <param name="Next">The number of the line after them; null when there is none yet.</param>
public sealed record ConsolePart(long Total, long Bytes, long From, IReadOnlyList<ConsoleLine> Lines, long? Next);
