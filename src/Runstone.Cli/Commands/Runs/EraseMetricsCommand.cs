using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary><c>runstone runs erase-metrics</c></summary>
internal sealed class EraseMetricsCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerFeature _server = new();
    private readonly JsonFeature _json = new();
    private readonly RunArgument _run = new();
    private readonly Option<string?> _key = new("--key") { Description = "The metric to erase.", HelpName = "metric" };
    private readonly Option<bool> _all = new("--all") { Description = "Erase every metric of the run." };
    private readonly Option<string> _reason = new("--reason") { Description = "Why; it is kept with the number of points.", HelpName = "text", Required = true };
    private readonly Option<bool> _yes = new("--yes") { Description = "Erase what was found. Without it nothing is changed." };

    public EraseMetricsCommand(Terminal terminal)
        : base("erase-metrics", "Show, or with --yes erase for good, the points of one metric of a run or of all. What else the run has stays.")
    {
        _terminal = terminal;
        _run.AddTo(this);
        Add(_key);
        Add(_all);
        Add(_reason);
        Add(_yes);
        _server.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples =>
    [
        "runstone runs erase-metrics 019aac5f5f0e7c3f8a1b2c3d4e5f6071 --key heart_rate --reason 'withdrawn consent, ticket 4711'",
        "runstone runs erase-metrics 019aac5f5f0e7c3f8a1b2c3d4e5f6071 --all --reason 'broken sensor' --yes",
    ];

    private async Task RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (run, key, reason) = (_run.Of(input), input.GetValue(_key), input.GetValue(_reason)!);
        if (key is null != input.GetValue(_all))
            throw CommandException.Usage("--key, --all: name the metric to erase, or say --all to erase every one; not both.");
        await using var client = _server.Connect(input);
        if (input.GetValue(_yes))
            await EraseAsync(client, run, key, reason, _json.IsOn(input), cancellationToken);
        else
            await ShowAsync(client, run, key, _json.IsOn(input), cancellationToken);
    }

    private async Task EraseAsync(TrackingClient client, string run, string? key, string reason, bool json, CancellationToken cancellationToken)
    {
        var erased = key is null
            ? await client.Metrics.EraseAllAsync(run, reason, cancellationToken)
            : await client.Metrics.EraseAsync(run, key, reason, cancellationToken);
        if (json)
            await JsonOutput.WriteAsync(_terminal, erased is null ? [] : [erased], RunstoneJson.Default.IReadOnlyListErasureInfo);
        else
            _terminal.Out.WriteLine(erased is null ? "There was nothing to erase." : $"{Say.Count(erased.Points, "point")} erased.");
    }

    private async Task ShowAsync(TrackingClient client, string run, string? key, bool json, CancellationToken cancellationToken)
    {
        var metrics = await client.Metrics.ListAsync(run, cancellationToken);
        var found = metrics.Where(m => key is null || string.Equals(m.Key, key, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        if (json)
        {
            await JsonOutput.WriteAsync(_terminal, found, RunstoneJson.Default.IReadOnlyDictionaryStringMetricSummaryInfo);
            return;
        }

        _terminal.Out.WriteLine(found.Count == 0
            ? "There is nothing to erase."
            : $"{Say.Count(found.Count, "metric")} with {Say.Count(found.Values.Sum(m => m.Count), "point")} received; --yes erases {(found.Count == 1 ? "it" : "them")} for good");
    }
}
