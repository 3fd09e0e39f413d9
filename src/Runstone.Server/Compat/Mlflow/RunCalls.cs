using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Calls about runs that are not made in a loop.</summary>
internal sealed class RunCalls(RunService runs, ExperimentService experiments, IngestService ingest, IDatasetStore datasets)
{
    private const int MaxDatasets = 1000;

    public void Map(MlflowRoutes routes)
    {
        routes.Api("POST", "2.0/mlflow/runs/create", CreateAsync);
        routes.Api("GET", "2.0/mlflow/runs/get", GetAsync);
        routes.Api("POST", "2.0/mlflow/runs/search", SearchAsync);
        routes.Api("POST", "2.0/mlflow/runs/update", UpdateAsync);
        routes.Api("POST", "2.0/mlflow/runs/delete", c => MoveAsync(c, Lifecycle.Deleted));
        routes.Api("POST", "2.0/mlflow/runs/restore", c => MoveAsync(c, Lifecycle.Active));
        routes.Api("POST", "2.0/mlflow/runs/set-tag", c => WriteAsync(c, static r => RunMapping.SetTag(r)));
        routes.Api("POST", "2.0/mlflow/runs/delete-tag", DeleteTagAsync);
        routes.Api("POST", "2.0/mlflow/runs/log-inputs", c => WriteAsync(c, static r => RunMapping.LogInputs(r)));
        routes.Api("POST", "2.0/mlflow/runs/outputs", c => WriteAsync(c, static r => RunMapping.LogOutputs(r)));
        routes.Api("POST", "2.0/mlflow/runs/log-model", LogModelAsync);
        routes.Only("POST", "/api/2.0mlflow/experiments/search-datasets", SearchDatasetsAsync);
        routes.Only("POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", SearchDatasetsAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var experiment = await experiments.GetAsync(request.ExperimentId(), context.RequestAborted);
        var batch = RunMapping.Create(request, runs.NewId(), experiment);
        var run = await runs.CreateAsync(batch, context.RequestAborted);
        await MlflowReply.ObjectAsync(context, writer =>
        {
            writer.WritePropertyName("run"u8);
            MlflowWriter.CreatedRun(writer, run, batch.Tags);
        });
    }

    private async Task GetAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var details = await runs.GetDetailsAsync(request.RunId(), context.RequestAborted);
        await MlflowReply.ObjectAsync(context, writer =>
        {
            writer.WritePropertyName("run"u8);
            MlflowWriter.Run(writer, details, modelInputs: true);
        });
    }

    private async Task SearchAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var ids = request.Texts("experiment_ids").Select(MlflowLimits.ExperimentId).ToList();
        var query = new RunQuery
        {
            ExperimentIds = ids,
            Filter = RunSearch.ParseFilter(request.Text("filter")),
            OrderBy = RunSearch.ParseOrder(request.Texts("order_by")),
            Lifecycle = MlflowNames.View(request.Text("run_view_type"), "run_view_type"),
            Limit = MlflowLimits.PageSize(request.Integer("max_results"), 1000, MlflowLimits.MaxSearchResults),
        };
        var fingerprint = RunPages.Fingerprint(request);
        query = RunPages.Begin(query, request.Text("page_token"), fingerprint);

        // No experiment means none here, while the domain reads it as all.
        var page = ids.Count == 0 ? new FoundRuns([], null) : await runs.SearchAsync(query, context.RequestAborted);
        var next = page.Next is null ? null : RunPageToken.Encode(page.Next, fingerprint);
        await MlflowReply.ListAsync(context, "runs", page.Items, static (writer, run) => MlflowWriter.Run(writer, run, modelInputs: false), next);
    }

    private async Task UpdateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var run = await ingest.WriteAsync(RunMapping.Update(request), context.RequestAborted);
        await MlflowReply.ObjectAsync(context, writer =>
        {
            writer.WritePropertyName("run_info"u8);
            MlflowWriter.RunInfo(writer, run);
        });
    }

    private Task MoveAsync(HttpContext context, Lifecycle target) =>
        WriteAsync(context, r => new IngestBatch(r.RunId()) { Patch = new RunPatch { Lifecycle = target } });

    private async Task DeleteTagAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var run = await runs.GetWritableAsync(request.RunId(), context.RequestAborted);
        await ingest.WriteAsync(RunMapping.DeleteTag(run, request.RequiredText("key")), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task WriteAsync(HttpContext context, Func<MlflowRequest, IngestBatch> map)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ingest.WriteAsync(map(request), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task LogModelAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var run = await runs.GetDetailsAsync(request.RunId(), context.RequestAborted);
        await ingest.WriteAsync(RunMapping.LogModel(request, run.Tags), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task SearchDatasetsAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var ids = request.Texts("experiment_ids").Select(MlflowLimits.ExperimentId).ToList();
        if (ids.Count == 0)
            throw new RunstoneException(Error.Invalid("experiment_ids", "SearchDatasets request must specify at least one experiment_id."));
        if (ids.Count > 20)
            throw new RunstoneException(Error.Invalid("experiment_ids", $"SearchDatasets request cannot specify more than 20 experiment_ids. Received {ids.Count} experiment_ids."));
        var uses = await datasets.ListUsesAsync(ids, MlflowNames.ContextTag, MaxDatasets, context.RequestAborted);
        await MlflowReply.ListAsync(context, "dataset_summaries", uses, MlflowWriter.DatasetUse);
    }
}
