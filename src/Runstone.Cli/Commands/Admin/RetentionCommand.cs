using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Core.Metrics;

namespace Runstone.Cli.Commands.Admin;

/// <summary><c>runstone admin retention</c></summary>
internal sealed class RetentionCommand : Command, IHasExamples
{
    private const int Shown = 20;

    private readonly Terminal _terminal;
    private readonly StoreFeature _store = new();
    private readonly JsonFeature _json = new();
    private readonly Option<bool> _apply = new("--apply") { Description = "Erase the points of the runs that were found. Without it nothing is changed." };
    private readonly Option<string?> _age = new("--retention-age") { Description = "Runs that were not written to for so many days. Default: as the server finds it.", HelpName = "days" };

    private readonly Option<string?> _size = new("--retention-size")
    {
        Description = "The oldest runs while metrics take more bytes; K, M, G and T multiply. Default: as the server finds it.",
        HelpName = "bytes",
    };

    public RetentionCommand(Terminal terminal)
        : base("retention", "Count, or with --apply erase, the points of runs that are too old or too many. Works beside servers; to erase in a data folder, stop its server.")
    {
        _terminal = terminal;
        Add(_age);
        Add(_size);
        Add(_apply);
        _store.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
        ["runstone admin retention --data /srv/runstone --retention-age 365", "runstone admin retention --data /srv/runstone --retention-size 200G --apply"];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (settings, json, apply) = (_store.Read(input, _age, _size), _json.IsOn(input), input.GetValue(_apply));
        var keep = settings.ToRetention();
        if (!keep.IsOn)
            throw CommandException.Usage("--retention-age, --retention-size: neither is set, so everything is kept. Give one of them, or both.");
        var report = await new AdminWork(_terminal).RunAsync(
            json, "Retention was not finished. Run it again: it goes on where it was stopped.",
            (administration, progress) => administration.RetainAsync(settings.ToStorage(), keep, apply, progress, cancellationToken));
        if (json)
            await JsonOutput.WriteAsync(_terminal, report, CliJson.Default.RetentionReport);
        else
            Write(report);
        return ExitCode.Ok;
    }

    private void Write(RetentionReport report)
    {
        _terminal.Out.WriteLine($"{Say.Count(report.StorePoints, "point")} ({Say.Size(report.StoreBytes)}) in the store");
        if (report.List.Count > 0)
        {
            var table = new ResultTable(
                new TableColumn("run"), new TableColumn("last written to"), new TableColumn("points", Right: true), new TableColumn("size", Right: true),
                new TableColumn("reason", Cuttable: true));
            foreach (var run in report.List.Take(Shown))
                table.Add(run.RunId, Say.Time(run.UpdatedAt), Say.Invariant($"{run.Points}"), Say.Size(run.Bytes), run.Reason);
            table.Write(_terminal);
        }

        if (report.Runs > Shown)
            _terminal.Out.WriteLine(Say.Invariant($"... and {report.Runs - Shown} more."));
        _terminal.Out.WriteLine(Verdict(report));
        if (report.ExcessBytes > 0)
            _terminal.Out.WriteLine($"{Say.Size(report.ExcessBytes)} above --retention-size stay: the rest is of runs that are kept.");
    }

    private static string Verdict(RetentionReport report)
    {
        if (report.Runs == 0)
            return "Nothing is to be erased.";
        var what = $"{Say.Count(report.Points, "point")} of {Say.Count(report.Runs, "run")}";
        return report.Applied ? $"{what} erased ({Say.Size(report.Bytes)})" : $"{what} ({Say.Size(report.Bytes)}); --apply erases them for good";
    }
}
