using System.Collections.Concurrent;
using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;

namespace Runstone.Cli.Commands;

/// <summary><c>runstone sync</c></summary>
internal sealed class SyncCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new("Upload to this server. Default: the one each run was meant for.");
    private readonly JsonFeature _json = new();
    private readonly HomeFeature _home = new();
    private readonly Option<string?> _run = new("--run") { Description = "Only the run with this id.", HelpName = "run" };

    private readonly Option<int> _patience = new("--patience")
    {
        Description = "Seconds to wait for a server that does not answer.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 30,
    };

    public SyncCommand(Terminal terminal)
        : base("sync", "Upload what runs logged while their server was not there, and what crashed programs left.")
    {
        _terminal = terminal;
        _patience.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 86_400)
                result.AddError("--patience: allowed is a whole number of seconds from 1 to 86400.");
        });
        _server.AddTo(this);
        Add(_run);
        _home.AddTo(this);
        Add(_patience);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone sync",
        "runstone sync --server http://127.0.0.1:5001 --run 019aac5f5f0e7c3f8a1b2c3d4e5f6071",
        "runstone sync --json",
    ];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var refusals = new ConcurrentQueue<string>();
        var home = _home.Of(input);
        var sync = new OutboxSync(new OutboxSyncOptions
        {
            HomeFolder = home,
            ServerAddress = _server.Checked(input),
            RunId = input.GetValue(_run),
            Patience = TimeSpan.FromSeconds(input.GetValue(_patience)),
            Client = new TrackingClientOptions { Diagnostics = d => Hear(d, refusals), TimeProvider = _terminal.Time },
        });
        var results = await new SyncBars(_terminal).RunAsync(progress => sync.RunAsync(progress, cancellationToken));
        var lines = results.Select(SyncLine.Of).ToArray();
        if (_json.IsOn(input))
            await JsonOutput.WriteArrayAsync(_terminal, lines.ToAsyncEnumerable(), CliJson.Default.SyncLine, cancellationToken);
        else
            WriteTable(lines, home);
        foreach (var refusal in refusals)
            _terminal.Remark(refusal);
        foreach (var line in lines.Where(l => l.Detail is not null))
            _terminal.Remark($"{line.RunId}: {line.Detail} It stays in {line.Folder}.");
        foreach (var line in lines.Where(l => l.Rejected > 0 && l.Detail is null))
            _terminal.Remark($"{line.RunId}: {Say.Count(line.Rejected, "record")} refused; kept with the reasons in {Path.Combine(home, "rejected")}.");
        return ExitCodeOf(results);
    }

    private static void Hear(ClientDiagnostic diagnostic, ConcurrentQueue<string> refusals)
    {
        if (diagnostic.Level == DiagnosticLevel.Error)
            refusals.Enqueue(diagnostic.RunId is { } run ? $"{run}: {diagnostic.Message}" : diagnostic.Message);
    }

    private void WriteTable(IReadOnlyList<SyncLine> lines, string home)
    {
        if (lines.Count == 0)
        {
            _terminal.Remark($"Nothing waits in {home}.");
            return;
        }

        var table = new ResultTable(
            new("run_id"), new("name", Cuttable: true), new("outcome", Style: StyleOf), new("records", Right: true), new("refused", Right: true),
            new("experiment", Cuttable: true), new("server"));
        foreach (var line in lines)
        {
            table.Add(
                line.RunId, line.Name ?? "", line.Outcome.Replace('_', ' '), Say.Invariant($"{line.Records}"), Say.Invariant($"{line.Rejected}"),
                line.Experiment, line.Server);
        }

        table.Write(_terminal);
    }

    private static string StyleOf(string outcome) => outcome switch
    {
        "synced" => "green",
        "refused" => "red",
        _ => "yellow",
    };

    private static int ExitCodeOf(IReadOnlyList<OutboxSyncResult> results)
    {
        if (results.Any(r => r.Outcome == OutboxSyncOutcome.Refused || r.Rejected > 0))
            return ExitCode.Refused;
        return results.Any(r => r.Outcome == OutboxSyncOutcome.Unreachable) ? ExitCode.Unreachable : ExitCode.Ok;
    }
}
