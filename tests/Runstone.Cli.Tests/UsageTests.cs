using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Client;

namespace Runstone.Cli.Tests;

/// <summary>What holds for every command: help, wrong usage, unreachable servers, documentation.</summary>
public sealed class UsageTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(RepositoryRoot, "docs/how-to/use-the-command-line.md"));

    public static TheoryData<string> Verbs => [.. Leaves().Select(l => l.Path)];

    public static TheoryData<string> OwnHelp => [.. Leaves().Select(l => l.Path).Where(p => p != "serve")];

    public static TheoryData<string> Readers => [.. Leaves().Select(l => l.Path).Where(p => p is not ("serve" or "sync" or "doctor") && !p.StartsWith("admin ", StringComparison.Ordinal))];

    private static string RepositoryRoot => typeof(UsageTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    // 'serve' shows the help of the server: ProcessTests.
    [Theory]
    [MemberData(nameof(OwnHelp))]
    public async Task Help_shows_usage_and_examples(string verb)
    {
        var run = (await CliRun.Async([.. verb.Split(' '), "--help"])).Ok();
        Assert.Contains($"runstone {verb}", run.Out, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  runstone {verb}", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_server_that_is_not_there_has_its_own_exit_code(string verb)
    {
        string[] arguments = [.. verb.Split(' '), .. ArgumentsOf(verb), "--server", "http://127.0.0.1:1"];
        (await CliRun.Async(arguments)).Failed(ExitCode.Unreachable, "No server answers at http://127.0.0.1:1");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task An_address_that_is_none_is_wrong_usage(string verb)
    {
        string[] arguments = [.. verb.Split(' '), .. ArgumentsOf(verb), "--server", "ftp://x"];
        (await CliRun.Async(arguments)).Failed(ExitCode.Usage, $"--server: 'ftp://x' is not the address of a server; use one such as {TrackingClient.DefaultAddress}");
    }

    [Theory]
    [InlineData("'nonsense' is not known to 'runstone'; there are serve, experiments, runs, artifacts, admin, sync, doctor", "nonsense")]
    [InlineData("'runstone runs' needs to know what to do: list, show, search, export, logs, erase-metrics. See 'runstone runs --help'", "runs")]
    [InlineData("'lst' is not known to 'runstone runs'", "runs", "lst")]
    [InlineData("--nonsense", "runs", "list", "--nonsense")]
    [InlineData("--limit: '0' is not allowed", "runs", "list", "--limit", "0")]
    [InlineData("--tail: '0' is not allowed; allowed is a whole number from 1 to 5000", "runs", "logs", "r", "--tail", "0")]
    [InlineData("--tail: 'many' is not allowed", "runs", "logs", "r", "-n", "many")]
    [InlineData("--lifecycle", "runs", "list", "--lifecycle", "dead")]
    [InlineData("See 'runstone runs show --help'", "runs", "show")]
    [InlineData("--format", "runs", "export", "--format", "xml")]
    public async Task Wrong_usage_is_explained_in_one_line(string said, params string[] args) =>
        (await CliRun.Async(args)).Failed(ExitCode.Usage, said);

    [Fact]
    public async Task Without_arguments_it_shows_its_help()
    {
        var run = (await CliRun.Async()).Ok();
        Assert.Contains("Commands:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_that_begins_with_an_at_sign_is_no_file_of_arguments() =>
        (await CliRun.Async("runs", "show", "@nothing", "--server", "http://127.0.0.1:1")).Failed(ExitCode.Unreachable, "No server answers");

    [Fact]
    public void The_document_lists_every_exit_code()
    {
        var listed = Document.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Split('|')[1].Trim())
            .Where(c => c.Length > 0 && c.All(char.IsAsciiDigit)).Select(c => int.Parse(c, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(ExitCode.All, listed);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_document_describes_every_command_and_option(string verb)
    {
        Assert.Contains($"### `{verb}", Document, StringComparison.Ordinal);
        var section = Document[Document.IndexOf($"### `{verb}", StringComparison.Ordinal)..];
        var end = section.IndexOf("\n#", StringComparison.Ordinal);
        section = (end < 0 ? section : section[..end]) + Document[..Document.IndexOf("### ", StringComparison.Ordinal)];
        foreach (var option in Leaves().Single(l => l.Path == verb).Command.Options)
            Assert.Contains($"`{option.Name}", section, StringComparison.Ordinal);
    }

    private static string[] ArgumentsOf(string verb) => verb switch
    {
        "runs show" or "runs logs" or "artifacts ls" or "artifacts get" => ["some-run"],
        "runs erase-metrics" => ["some-run", "--all", "--reason", "why"],
        "artifacts put" => ["some-run", typeof(UsageTests).Assembly.Location],
        _ => [],
    };

    private static IEnumerable<(string Path, Command Command)> Leaves()
    {
        var terminal = new Terminal(Stream.Null, TextWriter.Null);
        foreach (var command in CommandLine.CreateRoot(terminal).Subcommands)
        {
            if (command.Subcommands.Count == 0)
                yield return (command.Name, command);
            foreach (var verb in command.Subcommands)
                yield return ($"{command.Name} {verb.Name}", verb);
        }
    }
}
