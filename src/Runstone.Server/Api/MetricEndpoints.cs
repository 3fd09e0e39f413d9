using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

internal static class MetricEndpoints
{
    private const int MaxCells = 2_000_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Metrics");
        group.MapGet("/runs/{id}/metrics", ListAsync).WithName("ListMetrics").WithSummary("Summaries of all metrics of a run");
        group.MapGet("/runs/{id}/metrics/history", HistoryAsync).WithName("GetHistory").WithSummary("Every point of one metric, streamed")
            .Produces<HistoryInfo>(StatusCodes.Status200OK, "application/json", HistoryWriter.LinesType);
        group.MapPost("/metrics/frames", FramesAsync).WithName("DrawFrames").WithSummary("Draw series in as many buckets as there are pixels");
    }

    private static async Task<Ok<IReadOnlyDictionary<string, MetricSummaryInfo>>> ListAsync(
        string id, RunService runs, MetricService metrics, CancellationToken cancellationToken)
    {
        await runs.GetAsync(id, cancellationToken);
        return TypedResults.Ok<IReadOnlyDictionary<string, MetricSummaryInfo>>(
            RunMapping.ToDictionary(await metrics.ListAsync(id, cancellationToken)));
    }

    private static async Task HistoryAsync(
        string id, string key, double? from, double? to, HttpContext context, RunService runs, MetricService metrics,
        CancellationToken cancellationToken)
    {
        await runs.GetAsync(id, cancellationToken);
        var query = new SeriesQuery(id, key) { From = ToStep("from", from), To = ToStep("to", to) };
        var points = metrics.ReadAsync(query, cancellationToken);
        if (HistoryWriter.WantsLines(context.Request))
            await HistoryWriter.WriteLinesAsync(context.Response, points, cancellationToken);
        else
            await HistoryWriter.WriteObjectAsync(context.Response, points, cancellationToken);
    }

    private static async Task<Ok<FramesResponse>> FramesAsync(
        FramesRequest request, MetricService metrics, CancellationToken cancellationToken)
    {
        var axis = request.Axis switch
        {
            null or "step" => FrameAxis.Step,
            "time" => FrameAxis.Time,
            "relative" => FrameAxis.RelativeTime,
            _ => throw Words.Rejected("axis", request.Axis, "step, time or relative"),
        };
        var buckets = request.Buckets ?? 1000;
        if (request.Series.Count == 0)
            throw new RunstoneException(Error.Invalid("series", "The list of series is empty."));
        if ((long)request.Series.Count * buckets > MaxCells)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{request.Series.Count} series of {buckets} buckets are more than {MaxCells} values; ask for fewer buckets or in several requests.", "buckets"));
        var queries = request.Series.Select((s, i) => ToQuery(s, i, axis, buckets, request)).ToList();
        var frames = await metrics.DrawAsync(queries, cancellationToken);
        return TypedResults.Ok(new FramesResponse([.. frames.Zip(request.Series, ToInfo)]));
    }

    private static FrameQuery ToQuery(SeriesRef series, int index, FrameAxis axis, int buckets, FramesRequest request) =>
        series is { RunId: not null, Key: not null }
            ? new FrameQuery(series.RunId, series.Key, axis, buckets, Finite("from", request.From), Finite("to", request.To))
            : throw new RunstoneException(Error.Invalid($"series[{index}]", "A series needs 'runId' and 'key'."));

    private static double? Finite(string field, double? value) => value is null || double.IsFinite(value.Value)
        ? value
        : throw new RunstoneException(Error.Invalid(field, "The bound must be a finite number."));

    private static Step? ToStep(string field, double? value) => value is null ? null : Step.FromDouble(value.Value)
        ?? throw new RunstoneException(Error.Invalid(field, "The bound is outside the range of steps."));

    private static FrameInfo ToInfo(SeriesFrame frame, SeriesRef series) => frame.Exact
        ? new FrameInfo(series.RunId, series.Key, true, frame.Points, frame.X, frame.Last, null, null, null, null, null)
        : new FrameInfo(
            series.RunId, series.Key, false, frame.Points, frame.X, frame.Last, frame.Min, frame.Max, frame.Mean, frame.First, frame.Count);
}
