using System.Text.RegularExpressions;
using Runstone.Cli.Output;
using Spectre.Console;

namespace Runstone.Cli.Tests.Output;

public sealed partial class BarColumnsTests
{
    [Theory]
    [InlineData(40, "blobs: 4.2 MiB of 4.2 MiB 100%")]
    [InlineData(71, "blobs: 4.2 MiB of 4.2 MiB 100%")]
    [InlineData(80, "blobs: 4.2 MiB of 4.2 MiB ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 100% 00:00:00")]
    public void A_bar_is_one_line_of_the_terminal_and_is_taken_away(int width, string line)
    {
        using var terminal = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal),
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Bars(new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).Start(context =>
        {
            context.AddTask("blobs: 4.2 MiB of 4.2 MiB").Value = 100;
            context.Refresh();
        });

        var lines = Control().Replace(terminal.ToString(), "").Split('\n').Select(l => l.Trim('\r', ' ')).Where(l => l.Length > 0).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.Equal(line, l));
        Assert.EndsWith("\e[?25h", terminal.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\x1b\[[?0-9;]*[A-Za-z]", RegexOptions.None, 1000)]
    private static partial Regex Control();
}
