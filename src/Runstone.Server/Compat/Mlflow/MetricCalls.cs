using System.Globalization;
using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Calls that read histories of metrics.</summary>
internal sealed class MetricCalls(MetricService metrics)
{
    private const int MaxBulkRuns = 100;
    private const int MaxBulkPoints = 25_000;

    public void Map(MlflowRoutes routes)
    {
        routes.Api("GET", "2.0/mlflow/metrics/get-history", HistoryAsync);
        routes.Api("GET", "2.0/mlflow/metrics/get-history-bulk-interval", IntervalAsync);
        routes.Only("GET", "/ajax-api/2.0/mlflow/metrics/get-history-bulk", BulkAsync);
    }

    /// <summary>All points in order of (timestamp, step, value), or a page of them when the caller asks for pages.</summary>
    private async Task HistoryAsync(HttpContext context)
    {
        var request = MlflowBinding.FromQuery(context);
        var (runId, key) = (request.RunId(), request.RequiredText("metric_key"));
        var token = request.Text("page_token");
        var (offset, after) = (PageToken.Offset(token), PageToken.After(token));
        var limit = MlflowLimits.PageSize(request.Integer("max_results"), int.MaxValue, int.MaxValue);
        await using var page = new PointList(context, left: limit, skip: after is null ? offset : 0);
        var more = false;
        await foreach (var block in metrics.ReadAsync(ByTime(runId, key) with { After = after }, context.RequestAborted))
        {
            more = !await page.WriteAsync(block, key, null);
            if (more)
                break;
        }

        await page.EndAsync(more ? PageToken.Of(offset + limit, page.Last) : null);
    }

    /// <summary>Histories of several runs, run by run, up to a number of points in all.</summary>
    private async Task BulkAsync(HttpContext context)
    {
        var request = MlflowBinding.FromQuery(context);
        var runIds = RunIds(request, "run_id", MaxBulkRuns, "GetMetricHistoryBulk");
        var key = request.RequiredText("metric_key");
        var left = MlflowLimits.PageSize(request.Integer("max_results"), MaxBulkPoints, int.MaxValue);
        await using var writer = await MlflowReply.StartAsync(context);
        writer.WriteStartObject();
        writer.WriteStartArray("metrics"u8);
        foreach (var runId in runIds.Order(StringComparer.Ordinal))
        {
            if (left > 0)
                left -= await WritePlainAsync(context, writer, ByTime(runId, key), left);
        }

        writer.WriteEndArray();
        await MlflowReply.EndAsync(context, writer);
    }

    private async Task<int> WritePlainAsync(HttpContext context, Utf8JsonWriter writer, SeriesQuery query, int most)
    {
        var written = 0;
        await foreach (var block in metrics.ReadAsync(query, context.RequestAborted))
        {
            for (var i = 0; i < block.Length && written < most; i++, written++)
                MlflowWriter.PlainPoint(writer, query.Key, query.RunId, block.Span[i]);
            await MlflowReply.FlushWhenFullAsync(context, writer);
            if (written == most)
                break;
        }

        return written;
    }

    /// <summary>Points of several runs at the same, evenly chosen steps.</summary>
    private async Task IntervalAsync(HttpContext context)
    {
        var request = MlflowBinding.FromQuery(context);
        var runIds = RunIds(request, "run_ids", HistorySampling.MaxRuns, "GetMetricHistoryBulkInterval");
        var key = request.RequiredText("metric_key");
        var (from, to) = Interval(request);
        var max = request.Integer("max_results") ?? HistorySampling.MaxPoints;
        if (max is < 1 or > HistorySampling.MaxPoints)
            throw Invalid("max_results", $"max_results must be between 1 and {HistorySampling.MaxPoints}. Found {max.ToString(CultureInfo.InvariantCulture)}.");
        using var sweep = new IntervalSweep(metrics, key, from, to);
        var steps = await sweep.ChooseStepsAsync(runIds, (int)max, context.RequestAborted);
        await using var writer = await MlflowReply.StartAsync(context);
        writer.WriteStartObject();
        writer.WriteStartArray("metrics"u8);
        foreach (var runId in runIds)
        {
            await foreach (var block in sweep.BlocksAsync(runId, context.RequestAborted))
            {
                for (var i = 0; i < block.Length; i++)
                {
                    if (steps.Contains(block.Span[i].Step.Whole))
                        MlflowWriter.Point(writer, key, runId, block.Span[i]);
                }

                await MlflowReply.FlushWhenFullAsync(context, writer);
            }
        }

        writer.WriteEndArray();
        await MlflowReply.EndAsync(context, writer);
    }

    private static SeriesQuery ByTime(string runId, string key) => new(runId, key) { Order = SeriesOrder.Time };

    private static (long? From, long? To) Interval(in MlflowRequest request)
    {
        var (from, to) = (request.Integer("start_step"), request.Integer("end_step"));
        if (from is null != to is null)
            throw Invalid("start_step", "If either start step or end step are specified, both must be specified.");
        return from > to
            ? throw Invalid("end_step", FormattableString.Invariant($"end_step must be greater than start_step. Found start_step={from} and end_step={to}."))
            : (from, to);
    }

    private static IReadOnlyList<string> RunIds(in MlflowRequest request, string parameter, int max, string call)
    {
        var ids = request.Texts(parameter);
        if (ids.Count == 0)
            throw Invalid(parameter, $"{call} request must specify at least one {parameter.TrimEnd('s')}.");
        if (ids.Count > max)
            throw Invalid(parameter, $"{call} request cannot specify more than {max} run_ids. Received {ids.Count} run_ids.");
        return [.. ids.Select(MlflowLimits.RunId)];
    }

    private static RunstoneException Invalid(string parameter, string message) => new(Error.Invalid(parameter, message));
}
