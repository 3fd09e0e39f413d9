using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Reading;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

internal static class MetricEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Metrics");
        group.MapGet("/runs/{id}/metrics", ListAsync).WithName("ListMetrics").WithSummary("Summaries of all metrics of a run");
        group.MapGet("/runs/{id}/metrics/history", HistoryAsync).WithName("GetHistory").WithSummary("Every point of one metric, streamed")
            .Produces<HistoryInfo>(StatusCodes.Status200OK, "application/json", HistoryWriter.LinesType, PointsFormat.MediaType);
        ErasureEndpoints.Map(group);
        FrameEndpoints.Map(group);
        GroupEndpoints.Map(group);
    }

    private static async Task<Ok<IReadOnlyDictionary<string, MetricSummaryInfo>>> ListAsync(
        string id, RunService runs, MetricService metrics, CancellationToken cancellationToken)
    {
        await runs.GetAsync(id, cancellationToken);
        return TypedResults.Ok<IReadOnlyDictionary<string, MetricSummaryInfo>>(
            RunMapping.ToDictionary(await metrics.ListAsync(id, cancellationToken)));
    }

    private static async Task HistoryAsync(
        string id, string key, double? from, double? to, string? order, int? limit, string? pageToken, HttpContext context, RunService runs,
        MetricService metrics, ErasureService erasures, CancellationToken cancellationToken)
    {
        var query = new SeriesQuery(id, key) { From = Words.Step("from", from), To = Words.Step("to", to), Order = ToOrder(order) };
        var (fingerprint, before) = (HistoryToken.Fingerprint(query), 0L);
        if (query.Order == SeriesOrder.Arrival)
            before = HistoryToken.DecodeArrival(pageToken, fingerprint);
        else
            query = query with { After = HistoryToken.Decode(pageToken, fingerprint) };
        var page = new HistoryPage(metrics, query, limit is null ? null : Words.Limit(limit, HistoryWriter.MaxPoints, HistoryWriter.MaxPoints), before);
        await runs.GetAsync(id, cancellationToken);
        var erased = await ErasureEndpoints.NoteAsync(context.Response, erasures, [(id, key)], cancellationToken);
        if (HistoryWriter.Accepts(context.Request, PointsFormat.MediaType))
            await HistoryWriter.WriteBytesAsync(context.Response, page, cancellationToken);
        else if (HistoryWriter.Accepts(context.Request, HistoryWriter.LinesType))
            await HistoryWriter.WriteLinesAsync(context.Response, page, cancellationToken);
        else
            await HistoryWriter.WriteObjectAsync(context.Response, page, erased, cancellationToken);
    }

    private static SeriesOrder ToOrder(string? order) => order switch
    {
        null or "step" => SeriesOrder.Step,
        "time" => SeriesOrder.Time,
        "arrival" => SeriesOrder.Arrival,
        _ => throw Words.Rejected("order", order, "step, time or arrival"),
    };
}
