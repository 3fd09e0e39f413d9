using System.Globalization;
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
        var offset = (int)Math.Min(PageToken.Offset(request.Text("page_token")), int.MaxValue);
        var limit = MlflowLimits.PageSize(request.Integer("max_results"), int.MaxValue, int.MaxValue);
        var points = await ReadSortedAsync(runId, key, context.RequestAborted);
        var end = (int)Math.Min((long)offset + limit, points.Count);
        await using var writer = MlflowReply.Begin(context);
        writer.WriteStartObject();
        if (offset < end)
        {
            writer.WriteStartArray("metrics"u8);
            for (var i = offset; i < end; i++)
            {
                MlflowWriter.Point(writer, key, null, points[i]);
                await MlflowReply.FlushWhenFullAsync(context, writer);
            }

            writer.WriteEndArray();
        }

        if (end < points.Count)
            writer.WriteString("next_page_token"u8, PageToken.Of(end));
        await MlflowReply.EndAsync(context, writer);
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
            foreach (var point in await ReadSortedAsync(runId, key, context.RequestAborted))
            {
                if (left-- <= 0)
                    break;
                MlflowWriter.PlainPoint(writer, key, runId, point);
                await MlflowReply.FlushWhenFullAsync(context, writer);
            }
        }

        writer.WriteEndArray();
        await MlflowReply.EndAsync(context, writer);
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
        var steps = await ChooseStepsAsync(runIds, key, from, to, (int)max, context.RequestAborted);
        await using var writer = await MlflowReply.StartAsync(context);
        writer.WriteStartObject();
        writer.WriteStartArray("metrics"u8);
        foreach (var runId in runIds)
        {
            await foreach (var block in metrics.ReadAsync(Query(runId, key, from, to), context.RequestAborted))
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

    private async Task<HashSet<long>> ChooseStepsAsync(
        IReadOnlyList<string> runIds, string key, long? from, long? to, int max, CancellationToken cancellationToken)
    {
        var steps = new HashSet<long>();
        var bounds = new List<(long, long)>();
        foreach (var runId in runIds)
        {
            var (least, greatest) = (long.MaxValue, long.MinValue);
            await foreach (var block in metrics.ReadAsync(Query(runId, key, from, to), cancellationToken))
            {
                foreach (var point in block.Span)
                {
                    steps.Add(point.Step.Whole);
                    (least, greatest) = (Math.Min(least, point.Step.Whole), Math.Max(greatest, point.Step.Whole));
                }
            }

            if (least <= greatest)
                bounds.Add((least, greatest));
        }

        return HistorySampling.Choose(steps, bounds, max);
    }

    private async Task<List<SeriesPoint>> ReadSortedAsync(string runId, string key, CancellationToken cancellationToken)
    {
        var points = new List<SeriesPoint>();
        await foreach (var block in metrics.ReadAsync(new SeriesQuery(runId, key), cancellationToken))
            points.AddRange(block.Span);
        if (!IsSorted(points))
            points.Sort(ByTime);
        return points;
    }

    // A series read by step is in order of time too unless a run was resumed or clocks differ.
    private static bool IsSorted(List<SeriesPoint> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            if (ByTime(points[i - 1], points[i]) > 0)
                return false;
        }

        return true;
    }

    private static int ByTime(SeriesPoint left, SeriesPoint right)
    {
        var order = left.Time.CompareTo(right.Time);
        return order != 0 ? order : left.CompareTo(right);
    }

    private static SeriesQuery Query(string runId, string key, long? from, long? to) => new(runId, key)
    {
        From = from is { } first ? new Step(first) : null,
        To = to is { } last ? new Step(last, 999_999) : null,
    };

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
