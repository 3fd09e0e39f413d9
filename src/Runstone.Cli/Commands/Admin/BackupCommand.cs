using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;

namespace Runstone.Cli.Commands.Admin;

/// <summary><c>runstone admin backup</c></summary>
internal sealed class BackupCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly StoreFeature _store = new();
    private readonly JsonFeature _json = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The folder of the backup. An earlier backup in it is replaced when the new one is complete; content that it has is not copied again.",
        HelpName = "folder",
        Required = true,
    };

    public BackupCommand(Terminal terminal)
        : base("backup", "Write the state of one instant of a store of either size into a folder, beside servers that use it.")
    {
        _terminal = terminal;
        Add(_to);
        _store.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples => ["runstone admin backup --data /srv/runstone --to /backup/runstone"];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (store, json) = (_store.Of(input), _json.IsOn(input));
        var report = await new AdminWork(_terminal).RunAsync(
            json, "The backup is not complete; an earlier one in the folder was kept. Run the same command again: content that is there is not copied again.",
            (administration, progress) => administration.BackupAsync(store, input.GetValue(_to)!, progress, cancellationToken));
        if (json)
        {
            await JsonOutput.WriteAsync(_terminal, report, CliJson.Default.BackupReport);
            return ExitCode.Ok;
        }

        var manifest = report.Manifest;
        _terminal.Out.WriteLine(Plain.Line($"{report.Folder}: the state of {manifest.CreatedAt}"));
        _terminal.Out.WriteLine(Say.Invariant(
            $"database {Say.Size(manifest.DatabaseBytes)}, {Say.Count(manifest.Blobs.Count, "blob")} ({Say.Size(manifest.Blobs.Bytes)}), of which {report.BlobsCopied.Count} were copied now"));
        return ExitCode.Ok;
    }
}
