using System.CommandLine;
using System.Security.Cryptography;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Artifacts;

/// <summary><c>runstone artifacts get</c></summary>
internal sealed class GetCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly RunArgument _run = new();
    private readonly PathArgument _path = new("File or folder in the run. Default: all of its files.");

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "File or folder to write; '-' writes one file to standard output. Default: the last name of the path, "
            + "or a folder named after the run.",
        HelpName = "path",
    };

    public GetCommand(Terminal terminal)
        : base("get", "Download files of a run and check their hashes. What an earlier attempt left is continued; files that are there are kept.")
    {
        _terminal = terminal;
        _run.AddTo(this);
        _path.AddTo(this);
        Add(_output);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone artifacts get 019aac5f5f0e7c3f8a1b2c3d4e5f6071 model.zip",
        "runstone artifacts get 019aac5f5f0e7c3f8a1b2c3d4e5f6071 checkpoints -o ./checkpoints",
        "runstone artifacts get 019aac5f5f0e7c3f8a1b2c3d4e5f6071 report.json -o - | jq .",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        await using var client = _server.Connect(input);
        var (run, path, output) = (_run.Of(input), _path.Of(input), input.GetValue(_output));
        var files = await client.Artifacts.ListAllAsync(run, path, cancellationToken).Where(f => !f.IsFolder).ToListAsync(cancellationToken);
        if (files.Count == 0 && path.Length > 0)
            throw CommandException.NotFound($"There is nothing at '{path}' in the run; 'runstone artifacts ls {run} --recursive' shows all files.");
        var single = files.Count == 1 && string.Equals(files[0].Path, path, StringComparison.Ordinal) ? files[0] : null;
        if (output == "-")
        {
            await WriteOutAsync(client, run, single, cancellationToken);
            return;
        }

        var target = single is null ? FolderFor(output, run, path) : FileFor(output, path);
        await DownloadAsync(client, run, path, single, files, target, cancellationToken);
        await TellAsync(input, files, target, cancellationToken);
    }

    private Task DownloadAsync(
        TrackingClient client, string run, string path, ArtifactInfo? single, List<ArtifactInfo> files, string target, CancellationToken cancellationToken) =>
        new TransferBars(_terminal).RunAsync(
            "download", files.Sum(f => f.Size),
            progress => single is null
                ? client.Artifacts.DownloadFolderAsync(run, path, target, progress, cancellationToken)
                : client.Artifacts.DownloadAsync(run, path, target, progress, cancellationToken));

    private async Task WriteOutAsync(TrackingClient client, string run, ArtifactInfo? file, CancellationToken cancellationToken)
    {
        if (file is null)
            throw CommandException.Usage("--output: '-' writes one file; the path names a folder. Name a file, or a folder to write to.");
        await _terminal.Out.FlushAsync(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = await client.Artifacts.OpenReadAsync(run, file.Path, cancellationToken);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await _terminal.OutBytes.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await _terminal.OutBytes.FlushAsync(cancellationToken);
        var actual = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (!string.Equals(actual, file.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new CommandException(ExitCode.Failure, $"What was written of '{file.Path}' is damaged: its SHA-256 is {actual} instead of {file.Sha256}. Download it again.");
    }

    private async Task TellAsync(ParseResult input, List<ArtifactInfo> files, string target, CancellationToken cancellationToken)
    {
        if (_json.IsOn(input))
            await JsonOutput.WriteArrayAsync(_terminal, files.ToAsyncEnumerable(), RunstoneJson.Default.ArtifactInfo, cancellationToken);
        else
            await _terminal.Out.WriteLineAsync(Plain.Line($"{Say.Count(files.Count, "file")}, {Say.Size(files.Sum(f => f.Size))}, checked, in {target}"));
    }

    private static string FileFor(string? output, string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (output is null)
            return name;
        return Directory.Exists(output) || Path.EndsInDirectorySeparator(output) ? Path.Combine(output, name) : output;
    }

    private static string FolderFor(string? output, string run, string path)
    {
        var folder = output ?? (path.Length == 0 ? run : path[(path.LastIndexOf('/') + 1)..]);
        return File.Exists(folder)
            ? throw CommandException.Usage($"--output: '{folder}' is a file; several files need a folder.")
            : folder;
    }
}
