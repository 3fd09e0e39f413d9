using System.CommandLine;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Experiments;

/// <summary><c>runstone experiments list</c></summary>
internal sealed class ListCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly LimitFeature _limit = new(100);
    private readonly LifecycleFeature _lifecycle = new();
    private readonly OrderFeature _order = new();

    private readonly Argument<string?> _filter = new("filter")
    {
        Description = "Condition, for example 'name contains \"census\"'; none for all. The language: docs/formats/filter.md.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ListCommand(Terminal terminal)
        : base("list", "List experiments with the number of their runs.")
    {
        _terminal = terminal;
        Add(_filter);
        _order.AddTo(this);
        _limit.AddTo(this);
        _lifecycle.AddTo(this);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone experiments list",
        "runstone experiments list 'name contains \"census\"' --order-by name",
        "runstone experiments list --limit all --json",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        await using var client = _server.Connect(input);
        var search = new ExperimentSearch
        {
            Filter = input.GetValue(_filter),
            OrderBy = _order.Of(input),
            Lifecycle = _lifecycle.Of(input),
            PageSize = _limit.PageSize(input),
            Summary = true,
        };
        var experiments = _limit.TakeAsync(client.Experiments.SearchAsync(search, cancellationToken), input, _terminal, cancellationToken);
        if (_json.IsOn(input))
            await JsonOutput.WriteArrayAsync(_terminal, experiments, RunstoneJson.Default.ExperimentInfo, cancellationToken);
        else
            await WriteTableAsync(experiments, cancellationToken);
    }

    private async Task WriteTableAsync(IAsyncEnumerable<ExperimentInfo> experiments, CancellationToken cancellationToken)
    {
        var table = new ResultTable(
            new("id", Right: true), new("name", Cuttable: true), new("runs", Right: true), new("running", Right: true), new("failed", Right: true),
            new("last activity"), new("created"));
        await foreach (var experiment in experiments.WithCancellation(cancellationToken))
        {
            var counts = experiment.Summary ?? new ExperimentCounts(0, 0, 0, 0);
            table.Add(
                experiment.Id, experiment.Name, Say.Invariant($"{counts.Runs}"), Say.Invariant($"{counts.Running}"), Say.Invariant($"{counts.Failed}"),
                counts.LastActivityAt == 0 ? "" : Say.Ago(counts.LastActivityAt, _terminal.Now), Say.Ago(experiment.CreatedAt, _terminal.Now));
        }

        table.Write(_terminal);
    }
}
