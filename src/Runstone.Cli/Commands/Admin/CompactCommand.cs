using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;

namespace Runstone.Cli.Commands.Admin;

/// <summary><c>runstone admin compact</c></summary>
internal sealed class CompactCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly StoreFeature _store = new();
    private readonly JsonFeature _json = new();

    public CompactCommand(Terminal terminal)
        : base("compact", "Give the disk back what the file of a data folder does not use any more. Stop its server. Needs room for what is left twice.")
    {
        _terminal = terminal;
        _store.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples => ["runstone admin compact --data /srv/runstone"];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (store, json) = (_store.Of(input), _json.IsOn(input));
        var report = await new AdminWork(_terminal).RunAsync(
            json, "The file was not compacted; it is as it was.", (administration, _) => administration.CompactAsync(store, cancellationToken));
        if (json)
            await JsonOutput.WriteAsync(_terminal, report, CliJson.Default.CompactReport);
        else
            _terminal.Out.WriteLine($"{report.File}: {Say.Size(report.BytesBefore)} before, {Say.Size(report.BytesAfter)} now");
        return ExitCode.Ok;
    }
}
