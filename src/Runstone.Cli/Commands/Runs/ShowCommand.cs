using System.CommandLine;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary><c>runstone runs show</c></summary>
internal sealed class ShowCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly RunArgument _run = new();

    public ShowCommand(Terminal terminal)
        : base("show", "Show one run: facts, params, metrics, tags, datasets, environment, notes.")
    {
        _terminal = terminal;
        _run.AddTo(this);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone runs show 019aac5f5f0e7c3f8a1b2c3d4e5f6071",
        "runstone runs show 019aac5f5f0e7c3f8a1b2c3d4e5f6071 --json",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        await using var client = _server.Connect(input);
        var details = await client.Runs.GetAsync(_run.Of(input), cancellationToken);
        if (_json.IsOn(input))
        {
            await JsonOutput.WriteAsync(_terminal, details, RunstoneJson.Default.RunDetailsInfo);
            return;
        }

        var experiment = await new ExperimentNames(client, null).OfAsync(details.Run.Info.ExperimentId, cancellationToken);
        new RunSheet(_terminal).Write(details, experiment);
    }
}
