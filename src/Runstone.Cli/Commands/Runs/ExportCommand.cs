using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Export;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary><c>runstone runs export</c></summary>
internal sealed class ExportCommand : Command, IHasExamples
{
    private const string Csv = "csv";
    private const string JsonLinesName = "jsonl";

    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly ColumnsFeature _columns = new();
    private readonly RunSelection _selection = new(limit: null);

    private readonly Option<string?> _format = new("--format")
    {
        Description = "csv (one row a run) or jsonl (one JSON object a line). Default: what the name of the file says, else csv.",
        HelpName = "format",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "File to write; it appears once it is complete. Default: standard output.",
        HelpName = "file",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace the file when it is there already." };

    private readonly Option<bool> _history = new("--history")
    {
        Description = "Write every point of the metrics (run, key, step, time, value) instead of one row a run.",
    };

    public ExportCommand(Terminal terminal)
        : base("export", "Write runs, or all points of their metrics, as CSV or JSON lines.")
    {
        _terminal = terminal;
        _format.AcceptOnlyFromAmong(Csv, JsonLinesName);
        _selection.AddTo(this);
        _columns.AddTo(this);
        Add(_format);
        Add(_output);
        Add(_force);
        Add(_history);
        _server.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone runs export -e census -o census.csv",
        "runstone runs export 'metrics.auc > 0.9' --columns run_id,params.lr,metrics.auc > best.csv",
        "runstone runs export -e census --history --columns metrics.loss --format jsonl | head",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (format, fields) = (FormatOf(input), FieldsOf(input));
        await using var client = _server.Connect(input);
        await using var target = ExportTarget.Open(input.GetValue(_output), input.GetValue(_force), _terminal);
        var runs = _selection.RunAsync(input, client, fields, _terminal, cancellationToken);
        await WriteAsync(input.GetValue(_history), format, fields, client, runs, target.Writer, cancellationToken);
        await target.CommitAsync();
    }

    private static Task WriteAsync(
        bool history, string format, IReadOnlyList<RunField>? fields, TrackingClient client, IAsyncEnumerable<RunRow> runs, TextWriter writer,
        CancellationToken cancellationToken) => (history, format) switch
        {
            (false, Csv) => RunsCsv.WriteAsync(runs, fields, writer, cancellationToken),
            (false, _) => JsonLines.WriteAsync(runs, RunstoneJson.Default.RunRow, writer, cancellationToken),
            (true, Csv) => PointExport.WriteCsvAsync(PointExport.ReadAsync(client, runs, cancellationToken), writer, cancellationToken),
            (true, _) => JsonLines.WriteAsync(
                PointExport.ReadAsync(client, runs, cancellationToken), CliJson.Default.PointLine, writer, cancellationToken),
        };

    private string FormatOf(ParseResult input) =>
        input.GetValue(_format) ?? (Path.GetExtension(input.GetValue(_output))?.ToLowerInvariant() is ".jsonl" or ".ndjson" ? JsonLinesName : Csv);

    private IReadOnlyList<RunField>? FieldsOf(ParseResult input)
    {
        var fields = _columns.Of(input);
        return input.GetValue(_history) && fields?.FirstOrDefault(f => f.Kind != FieldKind.Metric) is { } other
            ? throw CommandException.Usage($"--columns: '{other.Title}' has no points; with --history only metrics.<key> is allowed.")
            : fields;
    }
}
