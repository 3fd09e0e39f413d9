using Runstone.Core.Models;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Calls about the versions of registered models.</summary>
internal sealed class ModelVersionCalls(ModelService models, RunService runs, LoggedModelService logged)
{
    public void Map(MlflowRoutes routes)
    {
        routes.Api("POST", "2.0/mlflow/model-versions/create", CreateAsync);
        routes.Api("GET", "2.0/mlflow/model-versions/get", GetAsync);
        routes.Api("GET", "2.0/mlflow/model-versions/search", SearchAsync);
        routes.Api("PATCH", "2.0/mlflow/model-versions/update", c => PatchAsync(c, static r => RegistryMapping.UpdateVersion(r)));
        routes.Api("POST", "2.0/mlflow/model-versions/transition-stage", c => PatchAsync(c, static r => RegistryMapping.TransitionStage(r)));
        routes.Api("DELETE", "2.0/mlflow/model-versions/delete", DeleteAsync);
        routes.Api("POST", "2.0/mlflow/model-versions/set-tag", c => WriteAsync(c, static r => new ModelVersionPatch { SetTags = [RegistryMapping.Tag(r)] }));
        routes.Api("DELETE", "2.0/mlflow/model-versions/delete-tag", c => WriteAsync(c, static r => new ModelVersionPatch { RemoveTags = [RegistryMapping.TagKey(r)] }));
        routes.Api("GET", "2.0/mlflow/model-versions/get-download-uri", GetLocationAsync);
    }

    public static Task ReplyAsync(HttpContext context, ModelVersion version) => MlflowReply.ObjectAsync(context, writer =>
    {
        writer.WritePropertyName("model_version"u8);
        RegistryWriter.Version(writer, version);
    });

    private async Task CreateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var (name, version) = (request.RequiredText("name"), RegistryMapping.CreateVersion(request));
        var modelId = RegistryMapping.IsPrompt(version) ? null : request.Text("model_id");
        if (!string.IsNullOrEmpty(modelId))
            await logged.GetAsync(modelId, context.RequestAborted);
        version = await LocateAsync(version, context.RequestAborted);
        var created = await models.CreateVersionAsync(name, version, context.RequestAborted);
        if (!string.IsNullOrEmpty(modelId))
            await TellAsync(modelId, created, context.RequestAborted);
        await ReplyAsync(context, created);
    }

    /// <summary>The logged model lists the versions that were made of it.</summary>
    private Task TellAsync(string modelId, ModelVersion version, CancellationToken cancellationToken) => logged.EditTagAsync(
        modelId, LoggedModelMapping.VersionsTag, versions => LoggedModelMapping.WithVersion(versions, version.Model, version.Number), cancellationToken);

    /// <summary>Checks where the version comes from; a copy of another version keeps the place of its files, as one of a logged model does.</summary>
    private async Task<NewModelVersion> LocateAsync(NewModelVersion version, CancellationToken cancellationToken)
    {
        if (RegistryMapping.IsPrompt(version))
            return version;
        if (ModelSource.LoggedModel(version.Source) is { } modelId)
        {
            var model = await logged.GetAsync(modelId, cancellationToken);
            return version with { Location = model.Location, RunId = version.RunId ?? model.RunId };
        }

        if (ModelSource.Reference(version.Source) is { } reference)
        {
            var original = await models.GetVersionAsync(reference.Name, reference.Version, cancellationToken);
            return version with { Location = LocationOf(original) };
        }

        var run = ModelSource.IsLocal(version.Source) && version.RunId is { } runId ? await runs.GetAsync(runId, cancellationToken) : null;
        ModelSource.Check(version.Source, run);
        return version;
    }

    private async Task GetAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await FindAsync(request, context.RequestAborted));
    }

    private async Task GetLocationAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var version = await FindAsync(request, context.RequestAborted);
        await MlflowReply.ObjectAsync(context, writer => writer.WriteString("artifact_uri"u8, LocationOf(version)));
    }

    private async Task SearchAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var query = new ModelVersionQuery
        {
            Filter = RegistrySearch.ParseVersionFilter(request.Text("filter")),
            OrderBy = RegistrySearch.ParseVersionOrder(request.Texts("order_by")),
            Limit = MlflowLimits.PageSize(request.Integer("max_results"), 10_000, ModelService.MaxVersions),
            Offset = PageToken.Offset(request.Text("page_token")),
        };
        var page = await models.SearchVersionsAsync(query, context.RequestAborted);
        var next = page.HasMore ? PageToken.Of(query.Offset + page.Items.Count) : null;
        await MlflowReply.ListAsync(context, "model_versions", page.Items, RegistryWriter.Version, next);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await models.DeleteVersionAsync(request.RequiredText("name"), RegistryMapping.Version(request), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task PatchAsync(HttpContext context, Func<MlflowRequest, ModelVersionPatch> map)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await UpdateAsync(request, map(request), context.RequestAborted));
    }

    private async Task WriteAsync(HttpContext context, Func<MlflowRequest, ModelVersionPatch> map)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await UpdateAsync(request, map(request), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private Task<ModelVersion> UpdateAsync(MlflowRequest request, ModelVersionPatch patch, CancellationToken cancellationToken) =>
        models.UpdateVersionAsync(request.RequiredText("name"), RegistryMapping.Version(request), patch, cancellationToken);

    private Task<ModelVersion> FindAsync(MlflowRequest request, CancellationToken cancellationToken) =>
        models.GetVersionAsync(request.RequiredText("name"), RegistryMapping.Version(request), cancellationToken);

    private static string LocationOf(ModelVersion version) => version.Location ?? version.Source;
}
