using System.CommandLine;
using System.Runtime.CompilerServices;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Features;

/// <summary>Which runs: filter, experiments, order, limit and lifecycle, shared by search and export.</summary>
internal sealed class RunSelection(int? limit)
{
    private readonly ExperimentFeature _experiments = new();
    private readonly OrderFeature _order = new();
    private readonly LimitFeature _limit = new(limit);
    private readonly LifecycleFeature _lifecycle = new();

    private readonly Argument<string?> _filter = new("filter")
    {
        Description = "Condition, for example 'metrics.auc > 0.9 and params.model = \"forest\"'; none for all runs. The language: docs/formats/filter.md.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public void AddTo(Command command)
    {
        command.Add(_filter);
        _experiments.AddTo(command);
        _order.AddTo(command);
        _limit.AddTo(command);
        _lifecycle.AddTo(command);
    }

    /// <summary>The runs with all their values, or only those of some fields.</summary>
    public async IAsyncEnumerable<RunRow> RunAsync(
        ParseResult input, TrackingClient client, IReadOnlyList<RunField>? fields, Terminal terminal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var experiments = await _experiments.FindAsync(input, client, cancellationToken);
        var request = new SearchRunsRequest
        {
            ExperimentIds = experiments?.Select(e => e.Id).ToArray(),
            Filter = input.GetValue(_filter),
            OrderBy = _order.Of(input),
            Lifecycle = _lifecycle.Of(input),
            Limit = _limit.PageSize(input),
            Columns = ColumnsFeature.Request(fields),
        };
        await foreach (var run in _limit.TakeAsync(client.Runs.SearchAsync(request, cancellationToken), input, terminal, cancellationToken))
            yield return run;
    }
}
