using System.CommandLine;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Artifacts;

/// <summary><c>runstone artifacts put</c></summary>
internal sealed class PutCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly RunArgument _run = new();

    private readonly Argument<string[]> _sources = new("source")
    {
        Description = "Files and folders. A folder goes up under its name with all below it; 'folder/.' stands for its contents.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _to = new("--to") { Description = "Folder in the run that receives them. Default: its root.", HelpName = "folder" };

    public PutCommand(Terminal terminal)
        : base("put", "Upload files to a run and check their hashes. Files that are there with the same content are not sent again.")
    {
        _terminal = terminal;
        _run.AddTo(this);
        Add(_sources);
        Add(_to);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone artifacts put 019aac5f5f0e7c3f8a1b2c3d4e5f6071 model.zip report.html",
        "runstone artifacts put 019aac5f5f0e7c3f8a1b2c3d4e5f6071 ./out/. --to results",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (run, to) = (_run.Of(input), PathArgument.Trim(input.GetValue(_to)));
        var files = LocalFiles.Find(input.GetRequiredValue(_sources), to);
        await using var client = _server.Connect(input);
        var present = await PresentAsync(client, run, to, cancellationToken);
        var uploaded = new List<UploadedArtifact>();
        var sent = 0;
        await new TransferBars(_terminal).RunAsync("upload", files.Sum(f => f.Size), async progress =>
        {
            foreach (var file in files)
            {
                if (present.TryGetValue(file.Target, out var there) && await file.HasContentAsync(there, cancellationToken))
                {
                    uploaded.Add(new UploadedArtifact(there.Path, there.Size, there.Sha256!));
                    progress?.Report(new TransferProgress(file.Target, file.Size, file.Size));
                    continue;
                }

                uploaded.Add(await client.Artifacts.UploadAsync(run, file.Target, file.Path, progress, cancellationToken));
                sent++;
            }
        });
        if (_json.IsOn(input))
            await JsonOutput.WriteArrayAsync(_terminal, uploaded.ToAsyncEnumerable(), RunstoneJson.Default.UploadedArtifact, cancellationToken);
        else
            await TellAsync(uploaded, sent);
    }

    private Task TellAsync(List<UploadedArtifact> uploaded, int sent)
    {
        var kept = uploaded.Count - sent;
        var rest = kept == 0 ? "" : $"; {kept} had the same content there";
        return _terminal.Out.WriteLineAsync(Plain.Line($"{Say.Count(sent, "file")} sent, checked, {Say.Size(uploaded.Sum(f => f.Size))} in all{rest}"));
    }

    private static async Task<Dictionary<string, ArtifactInfo>> PresentAsync(
        TrackingClient client, string run, string folder, CancellationToken cancellationToken)
    {
        var present = new Dictionary<string, ArtifactInfo>(StringComparer.Ordinal);
        await foreach (var file in client.Artifacts.ListAllAsync(run, folder, cancellationToken))
            present[file.Path] = file;
        return present;
    }
}
