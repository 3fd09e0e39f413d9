namespace Runstone.Core.Console;

/// <summary>How much of a console is kept, written and read at a time.</summary>
public static class ConsoleLimits
{
    /// <summary>UTF-16 characters of a line.</summary>
    public const int MaxLineLength = 65_536;

    /// <summary>Lines of one append.</summary>
    public const int MaxAppendLines = 10_000;

    /// <summary>Bytes of UTF-8 of the console of one run, a line feed a line included: 4 GiB.</summary>
    public const long MaxBytes = 4L << 30;

    /// <summary>Bytes of UTF-8 of a chunk, line feeds included; what one line of any length fits into.</summary>
    public const int MaxChunkBytes = 256 * 1024;

    /// <summary>Lines of one answer.</summary>
    public const int MaxPageLines = 5000;

    /// <summary>Bytes of UTF-8 after which an answer ends, whatever was asked for; it has one line at least.</summary>
    public const int MaxPageBytes = 4 << 20;

    /// <summary>Lines that one search answers with.</summary>
    public const int MaxMatches = 1000;

    /// <summary>Bytes of UTF-8 that one search looks at before it answers with what it has.</summary>
    public const long MaxSearchBytes = 256L << 20;

    /// <summary>Characters of what is searched for.</summary>
    public const int MaxPatternLength = 500;
}
