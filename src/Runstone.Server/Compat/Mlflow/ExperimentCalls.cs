using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Query;
using Runstone.Formats.Mlflow;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Calls about experiments.</summary>
internal sealed class ExperimentCalls(ExperimentService experiments)
{
    public void Map(MlflowRoutes routes)
    {
        routes.Api("POST", "2.0/mlflow/experiments/create", CreateAsync);
        routes.Api("GET", "2.0/mlflow/experiments/get", GetAsync);
        routes.Api("GET", "2.0/mlflow/experiments/get-by-name", GetByNameAsync);
        routes.Api("GET", "2.0/mlflow/experiments/search", SearchAsync);
        routes.Api("POST", "2.0/mlflow/experiments/search", SearchAsync);
        routes.Api("POST", "2.0/mlflow/experiments/update", UpdateAsync);
        routes.Api("POST", "2.0/mlflow/experiments/delete", DeleteAsync);
        routes.Api("POST", "2.0/mlflow/experiments/restore", RestoreAsync);
        routes.Api("POST", "2.0/mlflow/experiments/set-experiment-tag", SetTagAsync);
        routes.Api("POST", "2.0/mlflow/experiments/delete-experiment-tag", DeleteTagAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var name = request.RequiredText("name");
        MlflowLimits.CheckExperimentName(name);
        var location = request.Text("artifact_location");
        if (!string.IsNullOrEmpty(location))
            MlflowLimits.CheckArtifactLocation(location);
        var tags = request.Tags("tags").Select(t => MlflowLimits.ExperimentTag(t, "")).ToList();
        var experiment = await experiments.CreateAsync(
            ExperimentMapping.Create(name, string.IsNullOrEmpty(location) ? null : location, tags), context.RequestAborted);
        await MlflowReply.ObjectAsync(context, writer => writer.WriteString("experiment_id"u8, MlflowWriter.IdText(experiment.Id)));
    }

    private async Task GetAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await experiments.GetAsync(request.ExperimentId(required: true), context.RequestAborted));
    }

    private async Task GetByNameAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await experiments.GetByNameAsync(request.RequiredText("experiment_name"), context.RequestAborted));
    }

    private async Task SearchAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var query = new ExperimentQuery
        {
            Filter = ExperimentSearch.ParseFilter(request.Text("filter")),
            OrderBy = ExperimentSearch.ParseOrder(request.Texts("order_by")),
            Lifecycle = MlflowNames.View(request.Text("view_type"), "view_type"),
            Limit = MlflowLimits.PageSize(request.Integer("max_results"), 1000, MlflowLimits.MaxSearchResults),
            Offset = PageToken.Offset(request.Text("page_token")),
        };
        var page = await experiments.SearchAsync(query, context.RequestAborted);
        var next = page.HasMore ? PageToken.Of(query.Offset + page.Items.Count) : null;
        await MlflowReply.ListAsync(context, "experiments", page.Items, MlflowWriter.Experiment, next);
    }

    private async Task UpdateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var id = request.ExperimentId(required: true);
        var name = request.Text("new_name");
        if (string.IsNullOrEmpty(name))
        {
            await experiments.GetAsync(id, context.RequestAborted);
        }
        else
        {
            MlflowLimits.CheckExperimentName(name);
            await RenameAsync(id, name, context.RequestAborted);
        }

        await MlflowReply.EmptyAsync(context);
    }

    private async Task RenameAsync(long id, string name, CancellationToken cancellationToken)
    {
        try
        {
            await experiments.UpdateAsync(id, new ExperimentPatch { Name = name }, cancellationToken);
        }
        catch (RunstoneException e) when (e.Error is ExperimentNotActive)
        {
            throw new RunstoneException(new RenameOfDeleted());
        }
    }

    private Task DeleteAsync(HttpContext context) => MoveAsync(context, Lifecycle.Deleted);

    private Task RestoreAsync(HttpContext context) => MoveAsync(context, Lifecycle.Active);

    /// <summary>An experiment that is already there is not found, as in the original.</summary>
    private async Task MoveAsync(HttpContext context, Lifecycle target)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var experiment = await experiments.GetAsync(request.ExperimentId(required: true), context.RequestAborted);
        if (experiment.Lifecycle == target)
            throw new RunstoneException(new ExperimentNotFound(MlflowWriter.IdText(experiment.Id)));
        await experiments.UpdateAsync(experiment.Id, new ExperimentPatch { Lifecycle = target }, context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task SetTagAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var id = request.ExperimentId(required: true);
        var tag = MlflowLimits.ExperimentTag(new Tag(request.RequiredText("key"), request.Text("value") ?? ""), "");
        await PatchActiveAsync(id, _ => ExperimentMapping.SetTag(tag), context);
    }

    private async Task DeleteTagAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var id = request.ExperimentId(required: true);
        var key = request.RequiredText("key");
        await PatchActiveAsync(id, experiment => ExperimentMapping.DeleteTag(experiment, key), context);
    }

    private async Task PatchActiveAsync(long id, Func<Experiment, ExperimentPatch> patch, HttpContext context)
    {
        var experiment = await experiments.GetAsync(id, context.RequestAborted);
        if (experiment.Lifecycle == Lifecycle.Deleted)
            throw new RunstoneException(new ExperimentNotActive(id));
        await experiments.UpdateAsync(id, patch(experiment), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private static Task ReplyAsync(HttpContext context, Experiment experiment) => MlflowReply.ObjectAsync(context, writer =>
    {
        writer.WritePropertyName("experiment"u8);
        MlflowWriter.Experiment(writer, experiment);
    });
}
