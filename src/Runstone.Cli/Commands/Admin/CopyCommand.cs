using System.CommandLine;
using Runstone.Cli.Features;
using Runstone.Cli.Output;

namespace Runstone.Cli.Commands.Admin;

/// <summary><c>runstone admin copy</c></summary>
internal sealed class CopyCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly StorePair _stores = new();
    private readonly JsonFeature _json = new();

    private readonly Option<string> _from = new("--from")
    {
        Description = "The store that is read: a data folder or a connection string. Servers may use it meanwhile.",
        HelpName = "store",
        Required = true,
    };

    public CopyCommand(Terminal terminal)
        : base("copy", "Copy a whole store into an empty one of either size, verify it, and take over what changed when run again.")
    {
        _terminal = terminal;
        Add(_from);
        _stores.AddSourceBlobsTo(this);
        _stores.AddTargetTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone admin copy --from /srv/runstone --to 'Host=db;Username=runstone;Database=runstone' --blobs s3://runstone/blobs",
        "runstone admin copy --from 'Host=db;Username=runstone;Database=runstone' --from-blobs s3://runstone/blobs --to /srv/runstone",
    ];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (from, to, json) = (_stores.SourceOf(input, input.GetValue(_from)!), _stores.TargetOf(input), _json.IsOn(input));
        var report = await new AdminWork(_terminal).RunAsync(
            json, "The copy is not complete, and servers refuse the target. Run the same command again: it goes on where it was stopped.",
            (administration, progress) => administration.CopyAsync(from, to, progress, cancellationToken));
        return await CopyOutput.WriteAsync(_terminal, report, json);
    }
}
