using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Storage.Administration;

namespace Runstone.Cli.Commands.Admin;

/// <summary><c>runstone admin check</c></summary>
internal sealed class CheckCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly StoreFeature _store = new();
    private readonly JsonFeature _json = new();
    private readonly Option<bool> _fast = new("--fast") { Description = "Do not read the content of files: it must be there and have its size." };

    public CheckCommand(Terminal terminal)
        : base("check", "Read a whole store and compare what must agree: content with hashes, files with content, values with points. Changes nothing.")
    {
        _terminal = terminal;
        Add(_fast);
        _store.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone admin check --data /srv/runstone",
        "runstone admin check --fast --database 'Host=db;Username=runstone;Database=runstone' --blobs s3://runstone/blobs --json",
    ];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (store, json) = (_store.Of(input), _json.IsOn(input));
        var report = await new AdminWork(_terminal).RunAsync(
            json, "The check was not finished; nothing was changed. Run it again from the start.",
            (administration, progress) => administration.CheckAsync(store, input.GetValue(_fast), progress, cancellationToken));
        if (json)
            await JsonOutput.WriteAsync(_terminal, report, CliJson.Default.CheckReport);
        else
            Write(report);
        return report.FindingCount == 0 ? ExitCode.Ok : ExitCode.Failure;
    }

    private void Write(CheckReport report)
    {
        foreach (var finding in report.Findings)
        {
            _terminal.Out.WriteLine(Plain.Line($"{finding.Where}: {finding.What}"));
            _terminal.Out.WriteLine(Plain.Line($"  → {finding.Advice}"));
        }

        if (report.FindingCount > report.Findings.Count)
            _terminal.Out.WriteLine(Say.Invariant($"... and {report.FindingCount - report.Findings.Count} more."));
        _terminal.Out.WriteLine(Say.Invariant(
            $"{Say.Count(report.Runs, "run")}, {Say.Count(report.LogRows, "log row")}, {Say.Count(report.Chunks, "chunk")}, {Say.Count(report.Points, "point")}, {Say.Count(report.Series, "series", "series")}, {Say.Count(report.ConsoleLines, "console line")}"));
        if (report.Repeats > 0)
            _terminal.Out.WriteLine($"{Say.Count(report.Repeats, "point")} more were received than are there: what comes again is kept once.");
        _terminal.Out.WriteLine(Say.Invariant(
            $"{Say.Count(report.Blobs.Count, "blob")} ({Say.Size(report.Blobs.Bytes)}), {report.BlobsInUse.Count} in use ({Say.Size(report.BlobsInUse.Bytes)})"));
        _terminal.Out.WriteLine(report.FindingCount == 0 ? "Nothing is wrong." : $"{Say.Count(report.FindingCount, "finding")}.");
    }
}
