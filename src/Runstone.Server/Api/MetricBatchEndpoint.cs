using Microsoft.Net.Http.Headers;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Protocol;
using Runstone.Server.Hosting;

namespace Runstone.Server.Api;

/// <summary>
/// Takes metric points as bytes (docs/formats/metric-batch.md). Batches are queued as they are read, so that the later ones arrive
/// while the first ones are committed; how many points wait is bounded. Each batch has its own result; those of one run are written
/// one after the other, and none after one that was refused.
/// </summary>
internal sealed class MetricBatchEndpoint(IngestService ingest, MetricBatchDecoder decoder, RequestMemory memory, TimeProvider time)
{
    private const int PointsUnderWay = 262_144;
    private const string Skipped = "A batch of the same run that stands before this one was refused, so this one was not tried: ";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/metrics/batches", (HttpContext context, MetricBatchEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithTags("Metrics").WithName("WriteMetricBatches").WithSummary("Write metric points of any runs, columnar and binary")
            .Accepts<Stream>(MetricBatchFormat.MediaType, "*/*").Produces<MetricBatchResponse>().ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .WithMetadata(StreamedBody.Instance);

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(MetricBatchFormat.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            var error = Error.Invalid("Content-Type", $"The body must be metric batches with the header 'Content-Type: {MetricBatchFormat.MediaType}'.");
            await ErrorMapping.WriteAsync(context, error, StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        if (MetricBatchBody.Decode(request.Body, request.Headers.ContentEncoding.ToString()) is not { } bytes)
        {
            context.Response.Headers.AcceptEncoding = "zstd, br, gzip";
            var error = Error.Invalid("Content-Encoding", $"'{request.Headers.ContentEncoding}' is not known here: send zstd, br, gzip or no coding.");
            await ErrorMapping.WriteAsync(context, error, StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        await using var body = new MetricBatchBody(bytes, memory);
        var outcomes = await TakeAsync(body, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(ToResponse(outcomes, context), ServerJson.Context.MetricBatchResponse, cancellationToken: context.RequestAborted);
    }

    private async Task<List<Taken>> TakeAsync(MetricBatchBody body, CancellationToken cancellationToken)
    {
        var taken = new List<Taken>();
        var newest = new Dictionary<string, Task<IngestOutcome>>(StringComparer.Ordinal);
        var (first, points) = (0, 0);
        try
        {
            while (await body.ReadAsync(cancellationToken))
            {
                var batch = Decode(body);
                var before = newest.TryGetValue(batch.RunId, out var earlier) ? await earlier : default;
                newest[batch.RunId] = before.Error is null ? SubmitAsync(batch, cancellationToken) : Skip(batch, before.Error);
                taken.Add(new Taken(batch.Count, newest[batch.RunId]));
                for (points += batch.Count; points > PointsUnderWay && first < taken.Count; first++)
                {
                    await taken[first].Outcome;
                    points -= taken[first].Points;
                }
            }

            for (; first < taken.Count; first++)
                await taken[first].Outcome;
            return taken;
        }
        finally
        {
            // Whatever ends the request, what was queued is written, and its points go back to the pool first.
            for (; first < taken.Count; first++)
                await ((Task)taken[first].Outcome).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A later sequence number that is kept would make the refused batch look like one that was applied when it is sent again.
    private static Task<IngestOutcome> Skip(PooledBatch batch, Error reason)
    {
        MetricBatchDecoder.Return(batch.Pooled);
        var error = reason.Message.StartsWith(Skipped, StringComparison.Ordinal) ? reason : new Error(reason.Code, Skipped + reason.Message, reason.Field);
        return Task.FromResult(new IngestOutcome(null, error));
    }

    private PooledBatch Decode(MetricBatchBody body)
    {
        try
        {
            var (batch, points) = decoder.Decode(body.Content, time.GetUtcNow().ToUnixTimeMilliseconds());
            return new PooledBatch(batch, points);
        }
        catch (InvalidDataException e)
        {
            throw body.Refuse(e.Message);
        }
    }

    private async Task<IngestOutcome> SubmitAsync(PooledBatch pooled, CancellationToken cancellationToken)
    {
        try
        {
            return await ingest.SubmitAsync(pooled.Batch, cancellationToken);
        }
        finally
        {
            MetricBatchDecoder.Return(pooled.Pooled);
        }
    }

    private static MetricBatchResponse ToResponse(List<Taken> taken, HttpContext context)
    {
        var results = new MetricBatchResult[taken.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var outcome = taken[i].Outcome.Result;
            if (outcome.Error is { } error)
                RetryAdvice.AddToPart(context.Response, error);
            results[i] = outcome.Error is null
                ? new MetricBatchResult(taken[i].Points, outcome.Replayed, null)
                : new MetricBatchResult(0, false, ErrorMapping.ToProblem(outcome.Error, ErrorMapping.StatusOf(outcome.Error.Code), context.TraceIdentifier));
        }

        return new MetricBatchResponse(results);
    }

    private readonly record struct Taken(int Points, Task<IngestOutcome> Outcome);

    private readonly record struct PooledBatch(IngestBatch Batch, MetricPoint[] Pooled)
    {
        public string RunId => Batch.RunId;

        public int Count => Batch.Metrics.Points.Length;
    }
}
