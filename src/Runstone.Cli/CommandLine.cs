using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Runstone.Cli.Commands;
using Runstone.Cli.Commands.Admin;
using Runstone.Cli.Commands.Artifacts;
using Runstone.Cli.Commands.Runs;
using Runstone.Cli.Errors;
using Runstone.Cli.Output;

namespace Runstone.Cli;

/// <summary>The tree of commands, and the way from arguments to an exit code.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>Runs one command. Never throws.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, Interrupt interrupt)
    {
        try
        {
            // The server reads its own options and ends itself on signals.
            if (args is [ServeCommand.Verb, ..])
                return await ServeCommand.RunAsync([.. args.Skip(1)], interrupt.Token);
            interrupt.Listen();
            var exitCode = await InvokeAsync(args, terminal, interrupt.Token);
            await terminal.Out.FlushAsync(CancellationToken.None);
            return exitCode;
        }
        catch (Exception e)
        {
            return await EndAsync(ErrorReport.Of(e, interrupt), terminal);
        }
    }

    /// <summary>All commands; docs/how-to/use-the-command-line.md describes each.</summary>
    public static RootCommand CreateRoot(Terminal terminal)
    {
        var root = new RootCommand("Runstone: track experiments. Start a server, look at runs, export them, move their files.")
        {
            new ServeCommand(),
            Group("experiments", "Experiments on a server.", new Commands.Experiments.ListCommand(terminal)),
            Group(
                "runs", "Runs on a server.",
                new Commands.Runs.ListCommand(terminal), new ShowCommand(terminal), new SearchCommand(terminal), new ExportCommand(terminal), new LogsCommand(terminal), new EraseMetricsCommand(terminal)),
            Group("artifacts", "Files of a run.", new LsCommand(terminal), new GetCommand(terminal), new PutCommand(terminal)),
            Group(
                "admin", "Whole stores: check, collect, expire, compact, copy, back up, restore.",
                new CheckCommand(terminal), new GcCommand(terminal), new RetentionCommand(terminal), new CompactCommand(terminal), new CopyCommand(terminal), new BackupCommand(terminal), new RestoreCommand(terminal)),
            new SyncCommand(terminal),
            new DoctorCommand(terminal),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        var action = new HelpWithExamples((HelpAction)help.Action!);
        help.Action = action;
        root.SetAction(action.Invoke);
        return root;
    }

    private static async Task<int> InvokeAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken)
    {
        var input = CreateRoot(terminal).Parse(args, Parser);
        // Options that end the command, such as --help, have an action of their own in spite of errors.
        if (input.Action is null or ParseErrorAction)
            throw CommandException.Usage($"{Explain(input)} See '{PathOf(input.CommandResult.Command)} --help'.");
        return await input.InvokeAsync(
            new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            cancellationToken);
    }

    private static string Explain(ParseResult input)
    {
        var command = input.CommandResult.Command;
        if (command.Subcommands.Count == 0)
            return string.Join(" ", input.Errors.Select(Explain).Distinct(StringComparer.Ordinal));
        var verbs = string.Join(", ", command.Subcommands.Select(c => c.Name));
        return input.UnmatchedTokens.Count > 0
            ? $"'{input.UnmatchedTokens[0]}' is not known to '{PathOf(command)}'; there are {verbs}."
            : $"'{PathOf(command)}' needs to know what to do: {verbs}.";
    }

    private static string Explain(ParseError error) =>
        error.SymbolResult is OptionResult { Option.Name: var name } && !error.Message.Contains(name, StringComparison.Ordinal)
            ? $"{name}: {error.Message}"
            : error.Message;

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "runstone";

    private static Command Group(string noun, string description, params IReadOnlyList<Command> verbs)
    {
        var group = new Command(noun, description);
        foreach (var verb in verbs)
            group.Add(verb);
        return group;
    }

    private static async Task<int> EndAsync(ErrorReport report, Terminal terminal)
    {
        try
        {
            await terminal.Out.FlushAsync();
        }
        catch (Exception e) when (e is OutputClosedException or IOException)
        {
            // The first error is the one to tell.
        }

        if (report.Message is { } message)
            await terminal.Error.WriteLineAsync("runstone: " + Plain.Line(message));
        return report.ExitCode;
    }
}
