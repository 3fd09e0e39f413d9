using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Draws series.</summary>
internal static class FrameEndpoints
{
    /// <summary>Series times buckets, or groups times buckets, of a request.</summary>
    public const int MaxCells = 2_000_000;

    public const int DefaultBuckets = 1000;

    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/metrics/frames", FramesAsync).WithName("DrawFrames").WithSummary("Draw series in as many buckets as there are pixels")
            .Produces<FramesResponse>(StatusCodes.Status200OK, "application/json", FramesFormat.MediaType);

    /// <summary>The axis; throws unless it is the metric when there is one to be x.</summary>
    public static FrameAxis ToAxis(string? axis, string? xKey)
    {
        var known = axis switch
        {
            null or "step" => FrameAxis.Step,
            "time" => FrameAxis.Time,
            "relative" => FrameAxis.RelativeTime,
            "metric" => FrameAxis.Metric,
            _ => throw Words.Rejected("axis", axis, "step, time, relative or metric"),
        };
        return known == FrameAxis.Metric == xKey is not null
            ? known
            : throw new RunstoneException(Error.Invalid("xKey", "The axis 'metric', and no other, needs 'xKey', the metric that is x."));
    }

    public static double? Finite(string field, double? value) => value is null || double.IsFinite(value.Value)
        ? value
        : throw new RunstoneException(Error.Invalid(field, "The bound must be a finite number."));

    private static async Task<IResult> FramesAsync(
        FramesRequest request, HttpContext context, MetricService metrics, ErasureService erasures, CancellationToken cancellationToken)
    {
        var series = Series(request);
        var queries = ToQueries(request, series);
        var drawing = metrics.DrawAsync(queries, cancellationToken);
        var noting = ErasureEndpoints.NoteAsync(context.Response, erasures, [.. series.Select(s => (s.RunId, s.Key))], cancellationToken);
        await Task.WhenAll(noting, drawing);
        var (erased, frames) = (await noting, await drawing);
        if (!HistoryWriter.Accepts(context.Request, FramesFormat.MediaType))
            return TypedResults.Ok(new FramesResponse([.. frames.Zip(series, ToInfo)]) { Erased = erased });
        await WriteBytesAsync(context.Response, frames, cancellationToken);
        return Results.Empty;
    }

    private static async Task WriteBytesAsync(HttpResponse response, IReadOnlyList<SeriesFrame> frames, CancellationToken cancellationToken)
    {
        response.ContentType = FramesFormat.MediaType;
        FramesFormat.WriteHeader(response.BodyWriter, frames.Count);
        foreach (var frame in frames)
        {
            FramesFormat.WriteFrame(response.BodyWriter, frame);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private static IReadOnlyList<SeriesRef> Series(FramesRequest request)
    {
        if (request.Series is not null && (request.RunIds is not null || request.Keys is not null))
            throw new RunstoneException(Error.Invalid("series", "Give either 'series', or 'runIds' and 'keys'."));
        var (runs, keys) = (request.RunIds ?? [], request.Keys ?? []);
        if (request.Series is null && (long)runs.Count * keys.Count > MetricService.MaxSeries)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{runs.Count} runs and {keys.Count} keys are more than {MetricService.MaxSeries} series; ask in several requests.", "runIds"));
        var series = request.Series ?? [.. runs.SelectMany(run => keys.Select(key => new SeriesRef(run, key)))];
        if (series.Count == 0)
            throw new RunstoneException(Error.Invalid("series", "The list of series is empty."));
        for (var i = 0; i < series.Count; i++)
        {
            if (series[i] is not { RunId: not null, Key: not null })
                throw new RunstoneException(Error.Invalid($"series[{i}]", "A series needs 'runId' and 'key'."));
        }

        return series;
    }

    private static List<FrameQuery> ToQueries(FramesRequest request, IReadOnlyList<SeriesRef> series)
    {
        var (axis, buckets) = (ToAxis(request.Axis, request.XKey), request.Buckets ?? DefaultBuckets);
        if ((long)series.Count * buckets > MaxCells)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{series.Count} series of {buckets} buckets are more than {MaxCells} values; ask for fewer buckets or in several requests.", "buckets"));
        var (from, to) = (Finite("from", request.From), Finite("to", request.To));
        return [.. series.Select(s => new FrameQuery(s.RunId, s.Key, axis, buckets, from, to) { XKey = request.XKey })];
    }

    private static FrameInfo ToInfo(SeriesFrame frame, SeriesRef series) => frame.Exact
        ? new FrameInfo(series.RunId, series.Key, true, frame.Points, frame.X, frame.Last, null, null, null, null, null)
        : new FrameInfo(
            series.RunId, series.Key, false, frame.Points, frame.X, frame.Last, frame.Min, frame.Max, frame.Mean, frame.First, frame.Count);
}
