using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Artifacts;

/// <summary><c>runstone artifacts ls</c></summary>
internal sealed class LsCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly RunArgument _run = new();
    private readonly PathArgument _path = new("Folder or file in the run. Default: its root.");
    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "List all files below, not only the entries of the folder." };

    public LsCommand(Terminal terminal)
        : base("ls", "List files of a run.")
    {
        _terminal = terminal;
        _run.AddTo(this);
        _path.AddTo(this);
        Add(_recursive);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone artifacts ls 019aac5f5f0e7c3f8a1b2c3d4e5f6071",
        "runstone artifacts ls 019aac5f5f0e7c3f8a1b2c3d4e5f6071 model --recursive --json",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        await using var client = _server.Connect(input);
        var (run, path) = (_run.Of(input), _path.Of(input));
        var entries = input.GetValue(_recursive)
            ? client.Artifacts.ListAllAsync(run, path, cancellationToken)
            : await ListFolderAsync(client, run, path, cancellationToken);
        if (_json.IsOn(input))
            await JsonOutput.WriteArrayAsync(_terminal, entries, RunstoneJson.Default.ArtifactInfo, cancellationToken);
        else
            await WriteTableAsync(entries, cancellationToken);
    }

    // The path may also name a file, which is then listed itself.
    private static async Task<IAsyncEnumerable<ArtifactInfo>> ListFolderAsync(
        TrackingClient client, string run, string path, CancellationToken cancellationToken)
    {
        var entries = await client.Artifacts.ListAsync(run, path, cancellationToken);
        if (entries.Count > 0 || path.Length == 0)
            return entries.ToAsyncEnumerable();
        var file = await client.Artifacts.ListAllAsync(run, path, cancellationToken).FirstOrDefaultAsync(cancellationToken)
            ?? throw CommandException.NotFound($"There is nothing at '{path}' in the run; 'runstone artifacts ls {run} --recursive' shows all files.");
        return new[] { file }.ToAsyncEnumerable();
    }

    private async Task WriteTableAsync(IAsyncEnumerable<ArtifactInfo> entries, CancellationToken cancellationToken)
    {
        var table = new ResultTable(new("path", Cuttable: true), new("size", Right: true), new("updated"), new("sha256"));
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            table.Add(
                entry.IsFolder ? entry.Path + "/" : entry.Path, Say.Size(entry.Size), Say.Ago(entry.UpdatedAt, _terminal.Now),
                entry.Sha256 is { Length: > 12 } hash ? hash[..12] : "");
        }

        table.Write(_terminal);
    }
}
