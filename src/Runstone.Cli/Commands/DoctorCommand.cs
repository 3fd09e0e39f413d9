using System.CommandLine;
using Runstone.Cli.Diagnosis;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Server.Hosting;
using Spectre.Console;

namespace Runstone.Cli.Commands;

/// <summary><c>runstone doctor</c></summary>
internal sealed class DoctorCommand : Command, IHasExamples
{
    private const int CheckWidth = 14;

    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly HomeFeature _home = new();
    private readonly JsonFeature _json = new();

    private readonly ServerSettingsFeature _settings = new();

    public DoctorCommand(Terminal terminal)
        : base("doctor", "Look for what may be wrong: server, clock, folders, disk, database, bucket, public address, waiting runs, environment, tools.")
    {
        _terminal = terminal;
        _server.AddTo(this);
        _settings.AddTo(this);
        _home.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone doctor", "runstone doctor --server http://127.0.0.1:5001 --data /srv/runstone --json",
        "RUNSTONE__DATABASE='Host=...;...' runstone doctor --blobs s3://runs/blobs",
    ];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var findings = await ExamineAsync(input, cancellationToken);
        if (_json.IsOn(input))
            await JsonOutput.WriteArrayAsync(_terminal, findings.ToAsyncEnumerable(), CliJson.Default.Finding, cancellationToken);
        else
            Write(findings);
        return findings.Any(f => f.Level == Finding.FailLevel) ? ExitCode.Failure : ExitCode.Ok;
    }

    private async Task<List<Finding>> ExamineAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var variables = Environment.GetEnvironmentVariables();
        var findings = new List<Finding>(await ExamineServerAsync(input, cancellationToken));
        findings.AddRange(await ExamineStorageAsync(_settings.Of(input), cancellationToken));
        findings.AddRange(OutboxCheck.Run(_home.Of(input), _terminal.Now));
        findings.AddRange(EnvironmentCheck.Run(variables));
        findings.AddRange(await ToolCheck.RunAsync(cancellationToken));
        return findings;
    }

    private async Task<IReadOnlyList<Finding>> ExamineStorageAsync(ServerOptionsResult settings, CancellationToken cancellationToken)
    {
        if (settings.Options is not { } options)
            return [.. settings.Errors.Select(e => Finding.Fail("settings", e, "The server does not start until this is put right."))];
        var findings = new List<Finding>(FolderCheck.Storage(options));
        findings.AddRange(await DatabaseCheck.RunAsync(options, _terminal.Time, cancellationToken));
        findings.AddRange(await BucketCheck.RunAsync(options.ToStorage(), _terminal.Time, cancellationToken));
        findings.AddRange(await PublicUrlCheck.RunAsync(options.PublicUrls, cancellationToken));
        return findings;
    }

    private async Task<IReadOnlyList<Finding>> ExamineServerAsync(ParseResult input, CancellationToken cancellationToken)
    {
        _ = _server.Checked(input);
        try
        {
            return await ServerCheck.RunAsync(options => _server.Connect(input, options), _terminal.Time, cancellationToken);
        }
        catch (CommandException e)
        {
            // The variable is wrong: the rest of the machine can be examined all the same.
            return [Finding.Fail("server", e.Message, $"Correct {ServerFeature.Variable}, or give --server <address>.")];
        }
    }

    private void Write(List<Finding> findings)
    {
        var console = _terminal.Draw();
        foreach (var finding in findings)
        {
            var line = new Paragraph();
            line.Append(finding.Level.PadRight(6), Style.Parse(StyleOf(finding.Level)));
            line.Append(finding.Check.PadRight(CheckWidth) + Plain.Line(finding.Message));
            if (finding.Advice is { } advice)
                line.Append($"\n{"",-6}{"",-CheckWidth}→ {Plain.Line(advice)}");
            console.Write(line);
            console.WriteLine();
        }

        _terminal.Out.WriteLine();
        _terminal.Out.WriteLine(Summary(findings));
    }

    private static string Summary(List<Finding> findings)
    {
        var (fails, warnings) = (findings.Count(f => f.Level == Finding.FailLevel), findings.Count(f => f.Level == Finding.WarnLevel));
        return fails + warnings == 0 ? "Nothing is wrong." : $"{Say.Count(fails, "failure")}, {Say.Count(warnings, "warning")}.";
    }

    private static string StyleOf(string level) => level switch
    {
        Finding.FailLevel => "red",
        Finding.WarnLevel => "yellow",
        _ => "green",
    };
}
