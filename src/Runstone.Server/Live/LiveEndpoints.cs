using Microsoft.AspNetCore.Mvc;
using Runstone.Core.Ingest;
using Runstone.Server.Api;
using Runstone.Server.Hosting;

namespace Runstone.Server.Live;

internal static class LiveEndpoints
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/live", StreamAsync).WithTags("Live").WithName("WatchChanges").WithSummary("Which runs change, as server-sent events")
            .Produces<Protocol.LiveChanges>(StatusCodes.Status200OK, "text/event-stream")
            .DisableHttpMetrics();

    private static async Task StreamAsync(
        [FromQuery] string[]? experiment, [FromQuery] string[]? run, HttpContext context, ChangeFeed feed, TimeProvider time, ServerDrain drain, ServerFigures figures)
    {
        var filter = new ChangeFilter(
            experiment is { Length: > 0 } ? experiment.Select(e => Words.ExperimentId(e, "experiment")).ToHashSet() : null,
            run is { Length: > 0 } ? run.ToHashSet(StringComparer.Ordinal) : null);

        // An open stream must not hold up the stop of the server.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, drain.Token);
        using var subscription = feed.Subscribe(filter);
        using var open = figures.OpenStream();
        try
        {
            await new LiveStream(context.Response, subscription, time).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client left or the server stops: the stream ends.
        }
    }
}
