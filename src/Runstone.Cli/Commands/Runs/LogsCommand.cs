using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Runstone.Cli.Export;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary><c>runstone runs logs</c></summary>
internal sealed class LogsCommand : Command, IHasExamples
{
    private const int PageLines = 5000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly RunArgument _run = new();
    private readonly Option<int?> _tail = new("--tail", "-n") { Description = "Begin with the last lines only, 1 to 5,000. Default: all.", HelpName = "lines" };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on with what is written, until the run ends." };

    public LogsCommand(Terminal terminal)
        : base("logs", "Show what the program of a run wrote to its console.")
    {
        _terminal = terminal;
        _tail.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) || lines is < 1 or > PageLines))
                result.AddError($"--tail: '{token.Value}' is not allowed; allowed is a whole number from 1 to {PageLines}.");
        });
        _run.AddTo(this);
        Add(_tail);
        Add(_follow);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone runs logs 019aac5f5f0e7c3f8a1b2c3d4e5f6071 --tail 20 --follow",
        "runstone runs logs 019aac5f5f0e7c3f8a1b2c3d4e5f6071 | grep -n loss",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        await using var client = _server.Connect(input);
        var lines = LinesAsync(client, _run.Of(input), input.GetValue(_tail), input.GetValue(_follow), cancellationToken);
        if (_json.IsOn(input))
        {
            await JsonLines.WriteAsync(lines, RunstoneJson.Default.ConsoleLineInfo, _terminal.Out, cancellationToken);
            return;
        }

        await foreach (var line in lines)
            await _terminal.Out.WriteLineAsync(Plain.Coloured(line.Text, _terminal.Colors).AsMemory(), cancellationToken);
    }

    private async IAsyncEnumerable<ConsoleLineInfo> LinesAsync(
        TrackingClient client, string run, int? tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = 0L;
        while (true)
        {
            // Asked before the page is read, which then has all that a run wrote that had ended.
            var isLast = !follow || await HasEndedAsync(client, run, cancellationToken);
            var page = tail is { } lines ? await client.Consoles.TailAsync(run, lines, cancellationToken) : await client.Consoles.ReadAsync(run, next, PageLines, cancellationToken);
            foreach (var line in page.Lines)
                yield return line;
            (tail, next) = (null, page.From + page.Lines.Count);
            if (page.Next is not null)
                continue;
            if (isLast)
                yield break;
            await _terminal.Out.FlushAsync(cancellationToken);
            await Task.Delay(Pause, _terminal.Time, cancellationToken);
        }
    }

    private static async Task<bool> HasEndedAsync(TrackingClient client, string run, CancellationToken cancellationToken) =>
        (await client.Runs.GetAsync(run, cancellationToken)).Run.Info.Status is not (RunStatuses.Running or RunStatuses.Scheduled);
}
