using System.Globalization;
using System.Text;
using Runstone.Cli.Errors;
using Runstone.Cli.Output;
using Spectre.Console;

namespace Runstone.Cli;

/// <summary>Where a command writes and what it may assume of it. Data goes to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Terminal : IDisposable
{
    private const int WithoutLimit = 1_000_000;

    /// <param name="outBytes">Standard output.</param>
    /// <param name="error">Standard error.</param>
    public Terminal(Stream outBytes, TextWriter error)
    {
        (OutBytes, Error) = (outBytes, error);
        Out = new StreamWriter(outBytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 15) { NewLine = "\n" };
    }

    /// <summary>Standard output for content that is not text. Flush <see cref="Out"/> before writing here.</summary>
    public Stream OutBytes { get; }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    /// <summary>Columns of the terminal; null when the output goes elsewhere and nothing has to fit.</summary>
    public int? Width { get; init; }

    /// <summary>Whether the output may be coloured.</summary>
    public bool Colors { get; init; }

    /// <summary>Whether progress may be drawn on standard error.</summary>
    public bool ShowsProgress { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public DateTimeOffset Now => Time.GetUtcNow();

    public static Terminal OfProcess()
    {
        var outIsTerminal = !Console.IsOutputRedirected;
        var plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        return new Terminal(StandardOutput.Open(), error)
        {
            Width = outIsTerminal ? WidthOfConsole() : null,
            Colors = outIsTerminal && !plain,
            ShowsProgress = !Console.IsErrorRedirected && !plain,
        };
    }

    /// <summary>A console that draws on standard output; text too wide for a terminal has been cut before.</summary>
    public IAnsiConsole Draw()
    {
        var console = Create(Out, Colors);
        console.Profile.Width = Width ?? WithoutLimit;
        return console;
    }

    /// <summary>A console that draws progress on standard error.</summary>
    public IAnsiConsole DrawProgress() => Create(Error, ansi: true);

    /// <summary>A remark that is no part of the result.</summary>
    public void Remark(string text)
    {
        Out.Flush();
        Error.WriteLine(Plain.Line(text));
    }

    public void Dispose()
    {
        try
        {
            Out.Dispose();
        }
        catch (OutputClosedException)
        {
            // The command has ended with the exit code for it.
        }

        Error.Dispose();
    }

    private static IAnsiConsole Create(TextWriter writer, bool ansi) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = ansi ? InteractionSupport.Yes : InteractionSupport.No,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
    });

    private static int WidthOfConsole()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0)
            return columns;
        try
        {
            return Console.WindowWidth is var width and > 0 ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
