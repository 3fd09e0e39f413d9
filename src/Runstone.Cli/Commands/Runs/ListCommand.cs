using System.CommandLine;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary><c>runstone runs list</c></summary>
internal sealed class ListCommand : Command, IHasExamples
{
    private static readonly IReadOnlyList<RunField> Fields =
        [.. new[] { "run_id", "name", "status", "start_time", "duration", "user" }.Select(key => new RunField(FieldKind.Attribute, key))];

    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly ExperimentFeature _experiments = new();
    private readonly LimitFeature _limit = new(20);
    private readonly LifecycleFeature _lifecycle = new();

    public ListCommand(Terminal terminal)
        : base("list", "List runs, newest first.")
    {
        _terminal = terminal;
        _experiments.AddTo(this);
        _limit.AddTo(this);
        _lifecycle.AddTo(this);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone runs list",
        "runstone runs list --experiment census --limit 50",
        "runstone runs list --lifecycle deleted --json",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        await using var client = _server.Connect(input);
        var experiments = await _experiments.FindAsync(input, client, cancellationToken);
        var request = new SearchRunsRequest
        {
            ExperimentIds = experiments?.Select(e => e.Id).ToArray(),
            Lifecycle = _lifecycle.Of(input),
            Limit = _limit.PageSize(input),
            Columns = ColumnsFeature.Request([]),
        };
        var runs = _limit.TakeAsync(client.Runs.SearchAsync(request, cancellationToken), input, _terminal, cancellationToken);
        if (_json.IsOn(input))
        {
            await JsonOutput.WriteArrayAsync(_terminal, runs.Select(r => r.Info), RunstoneJson.Default.RunInfo, cancellationToken);
            return;
        }

        await WriteTableAsync(runs, new ExperimentNames(client, experiments), cancellationToken);
    }

    private async Task WriteTableAsync(IAsyncEnumerable<RunRow> runs, ExperimentNames names, CancellationToken cancellationToken)
    {
        var table = new ResultTable([.. Fields.Select(f => f.Column()), new TableColumn("experiment", Cuttable: true)]);
        await foreach (var run in runs.WithCancellation(cancellationToken))
            table.Add([.. Fields.Select(f => f.ForPeople(run, _terminal.Now)), await names.OfAsync(run.Info.ExperimentId, cancellationToken)]);
        table.Write(_terminal);
    }
}
