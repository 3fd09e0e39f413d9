using Runstone.Core.Ingest;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>
/// The calls that training loops make all the time. Nothing is looked up a request, the body is parsed where it lies, and the
/// answer is a constant.
/// </summary>
internal sealed class LogCalls(IngestService ingest)
{
    public void Map(MlflowRoutes routes)
    {
        routes.Api("POST", "2.0/mlflow/runs/log-metric", LogMetricAsync);
        routes.Api("POST", "2.0/mlflow/runs/log-batch", LogBatchAsync);
        routes.Api("POST", "2.0/mlflow/runs/log-parameter", LogParamAsync);
    }

    private async Task LogMetricAsync(HttpContext context) =>
        await WriteAsync(context, await MlflowBinding.ReadBodyAsync(context, LogReader.ReadMetric));

    private async Task LogBatchAsync(HttpContext context) =>
        await WriteAsync(context, await MlflowBinding.ReadBodyAsync(context, LogReader.ReadBatch));

    private async Task LogParamAsync(HttpContext context) =>
        await WriteAsync(context, RunMapping.LogParam(await MlflowBinding.ReadAsync(context)), single: true);

    private async ValueTask WriteAsync(HttpContext context, IngestBatch batch, bool single = false)
    {
        var outcome = await ingest.SubmitAsync(batch, context.RequestAborted);
        if (outcome.Error is { } error)
            await MlflowErrors.WriteAsync(context, single && error is ParamsChanged changed ? new SingleParamChanged(changed) : error);
        else
            await MlflowReply.EmptyAsync(context);
    }
}
