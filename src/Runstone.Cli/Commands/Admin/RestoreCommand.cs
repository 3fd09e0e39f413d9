using System.CommandLine;
using Runstone.Cli.Features;
using Runstone.Cli.Output;

namespace Runstone.Cli.Commands.Admin;

/// <summary><c>runstone admin restore</c></summary>
internal sealed class RestoreCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly StorePair _stores = new();
    private readonly JsonFeature _json = new();
    private readonly Option<string> _from = new("--from") { Description = "The folder of the backup.", HelpName = "folder", Required = true };

    public RestoreCommand(Terminal terminal)
        : base("restore", "Bring a backup into an empty store of either size. Servers refuse the store until everything was verified.")
    {
        _terminal = terminal;
        Add(_from);
        _stores.AddTargetTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone admin restore --from /backup/runstone --to /srv/runstone",
        "runstone admin restore --from /backup/runstone --to 'Host=db;Username=runstone;Database=runstone' --blobs s3://runstone/blobs",
    ];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (to, json) = (_stores.TargetOf(input), _json.IsOn(input));
        var report = await new AdminWork(_terminal).RunAsync(
            json, "The store is not complete, and servers refuse it. Run the same command again: it goes on where it was stopped.",
            (administration, progress) => administration.RestoreAsync(input.GetValue(_from)!, to, progress, cancellationToken));
        return await CopyOutput.WriteAsync(_terminal, report, json);
    }
}
