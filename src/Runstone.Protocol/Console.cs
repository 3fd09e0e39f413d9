namespace Runstone.Protocol;

/// <summary>The words of <c>stream</c>.</summary>
public static class ConsoleStreams
{
    /// <summary>Standard output.</summary>
    public const string Out = "out";

    /// <summary>Standard error.</summary>
    public const string Err = "err";
}

/// <summary>Lines for the end of the console of a run; kept as a whole or not at all.</summary>
public sealed record AppendConsoleRequest
{
    /// <summary>1 to 10,000 lines, in order.</summary>
    public required IReadOnlyList<NewConsoleLine> Lines { get; init; }

    /// <summary>
    /// Who sends: 1 to 128 characters, unique to the process, and not used for other requests. With <see cref="Sequence"/>, sending a
    /// request again is harmless.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Ascending number of the request of this source, from 0.</summary>
    public long? Sequence { get; init; }
}

/// <summary>A line to append.</summary>
public sealed record NewConsoleLine
{
    /// <summary>Unix milliseconds; absent for the server's clock.</summary>
    public long? Time { get; init; }

    /// <summary>One of <see cref="ConsoleStreams"/>; absent for standard output.</summary>
    public string? Stream { get; init; }

    /// <summary>The line without its end, up to 65,536 characters; escape sequences are kept, a line feed is refused.</summary>
    public required string Text { get; init; }
}

/// <summary>The answer to an <see cref="AppendConsoleRequest"/>.</summary>
/// <param name="Lines">Lines made durable (also on an earlier attempt).</param>
/// <param name="Replayed">The sequence number was known: nothing was written again.</param>
public sealed record AppendConsoleResponse(int Lines, bool Replayed);

/// <summary>A line of a console.</summary>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Stream">One of <see cref="ConsoleStreams"/>.</param>
/// <param name="Text">The line without its end, escape sequences included.</param>
public sealed record ConsoleLineInfo(long Time, string Stream, string Text);

/// <summary>Lines of a console that follow each other.</summary>
/// <param name="Total">Lines of the whole console.</param>
/// <param name="Bytes">Bytes of its UTF-8, a line feed a line included.</param>
/// <param name="From">The number of the first line, from 0.</param>
/// <param name="Lines">The lines; fewer than asked for when they are long, but one at least when there is one.</param>
/// <param name="Next">The number of the line after these; absent when there is none yet.</param>
public sealed record ConsolePage(long Total, long Bytes, long From, IReadOnlyList<ConsoleLineInfo> Lines, long? Next);

/// <summary>Lines that match a search.</summary>
/// <param name="Total">Lines of the whole console.</param>
/// <param name="Matches">In order of lines.</param>
/// <param name="Next">The line from which to search on; absent when all lines were looked at.</param>
public sealed record ConsoleMatchList(long Total, IReadOnlyList<ConsoleMatchInfo> Matches, long? Next);

/// <summary>A line that matches a search.</summary>
/// <param name="Line">Its number, from 0.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Stream">One of <see cref="ConsoleStreams"/>.</param>
/// <param name="Text">The line as it was searched, without escape sequences.</param>
/// <param name="At">Where the first match begins in the text, in UTF-16 units.</param>
/// <param name="Length">UTF-16 units of the first match; 0 is possible with a regular expression.</param>
public sealed record ConsoleMatchInfo(long Line, long Time, string Stream, string Text, int At, int Length);
