namespace Runstone.Core.Console;

/// <summary>Where a program wrote a line.</summary>
public enum ConsoleStream
{
    /// <summary>Standard output.</summary>
    Out = 0,

    /// <summary>Standard error.</summary>
    Err = 1,
}

/// <summary>A line that a program wrote.</summary>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Stream">Where it wrote it.</param>
/// <param name="Text">The line without its end, escape sequences included; it has no line feed.</param>
public readonly record struct ConsoleLine(long Time, ConsoleStream Stream, string Text);
