using System.CommandLine;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary><c>runstone runs search</c></summary>
internal sealed class SearchCommand : Command, IHasExamples
{
    private static readonly IReadOnlyList<RunField> Facts =
        [.. new[] { "run_id", "name", "status", "start_time", "duration" }.Select(key => new RunField(FieldKind.Attribute, key))];

    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly ColumnsFeature _columns = new();
    private readonly RunSelection _selection = new(limit: 100);

    public SearchCommand(Terminal terminal)
        : base("search", "Find runs by their params, metrics, tags and facts.")
    {
        _terminal = terminal;
        _selection.AddTo(this);
        _columns.AddTo(this);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone runs search 'metrics.auc > 0.9' --order-by 'metrics.auc desc' --limit 10",
        "runstone runs search 'params.lr < 0.01 and status = \"finished\"' -e census --columns run_id,params.lr,metrics.loss:min",
        "runstone runs search 'duration > \"2h\"' --json",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        await using var client = _server.Connect(input);
        var fields = _columns.Of(input);
        var runs = _selection.RunAsync(input, client, fields, _terminal, cancellationToken);
        if (_json.IsOn(input))
            await JsonOutput.WriteArrayAsync(_terminal, runs, RunstoneJson.Default.RunRow, cancellationToken);
        else
            await WriteTableAsync(runs, fields, cancellationToken);
    }

    private async Task WriteTableAsync(IAsyncEnumerable<RunRow> runs, IReadOnlyList<RunField>? fields, CancellationToken cancellationToken)
    {
        var rows = await runs.ToListAsync(cancellationToken);
        var shown = fields ?? [.. Facts, .. RunKeys.Of(rows).Fields(tags: false)];
        var table = new ResultTable([.. shown.Select(f => f.Column())]);
        foreach (var row in rows)
            table.Add([.. shown.Select(f => f.ForPeople(row, _terminal.Now))]);
        table.Write(_terminal);
    }
}
