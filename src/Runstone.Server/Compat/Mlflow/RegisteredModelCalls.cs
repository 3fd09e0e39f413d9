using Runstone.Core.Models;
using Runstone.Formats.Mlflow;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Calls about registered models and their aliases.</summary>
internal sealed class RegisteredModelCalls(ModelService models)
{
    public void Map(MlflowRoutes routes)
    {
        routes.Api("POST", "2.0/mlflow/registered-models/create", CreateAsync);
        routes.Api("GET", "2.0/mlflow/registered-models/get", GetAsync);
        routes.Api("GET", "2.0/mlflow/registered-models/search", SearchAsync);
        routes.Api("PATCH", "2.0/mlflow/registered-models/update", c => PatchAsync(c, static r => RegistryMapping.UpdateModel(r)));
        routes.Api("POST", "2.0/mlflow/registered-models/rename", c => PatchAsync(c, static r => new ModelPatch { Name = r.RequiredText("new_name") }));
        routes.Api("DELETE", "2.0/mlflow/registered-models/delete", DeleteAsync);
        routes.Api("POST", "2.0/mlflow/registered-models/set-tag", c => WriteAsync(c, static r => new ModelPatch { SetTags = [RegistryMapping.Tag(r)] }));
        routes.Api("DELETE", "2.0/mlflow/registered-models/delete-tag", c => WriteAsync(c, static r => new ModelPatch { RemoveTags = [RegistryMapping.TagKey(r)] }));
        routes.Api("GET", "2.0/mlflow/registered-models/alias", GetByAliasAsync);
        routes.Api("POST", "2.0/mlflow/registered-models/alias", c => WriteAsync(c, static r => RegistryMapping.SetAlias(r)));
        routes.Api("DELETE", "2.0/mlflow/registered-models/alias", c => WriteAsync(c, static r => new ModelPatch { RemoveAliases = [RegistryMapping.Alias(r)] }));
        routes.Api("GET", "2.0/mlflow/registered-models/get-latest-versions", LatestVersionsAsync);
        routes.Api("POST", "2.0/mlflow/registered-models/get-latest-versions", LatestVersionsAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await models.CreateAsync(RegistryMapping.CreateModel(request), context.RequestAborted));
    }

    private async Task GetAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await models.GetAsync(request.RequiredText("name"), context.RequestAborted));
    }

    private async Task SearchAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var query = new ModelQuery
        {
            Filter = RegistrySearch.ParseModelFilter(request.Text("filter")),
            OrderBy = RegistrySearch.ParseModelOrder(request.Texts("order_by")),
            Limit = MlflowLimits.PageSize(request.Integer("max_results"), 100, ModelService.MaxModels),
            Offset = PageToken.Offset(request.Text("page_token")),
        };
        var page = await models.SearchAsync(query, context.RequestAborted);
        var next = page.HasMore ? PageToken.Of(query.Offset + page.Items.Count) : null;
        await MlflowReply.ListAsync(context, "registered_models", page.Items, RegistryWriter.FoundModel, next);
    }

    private async Task GetByAliasAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var (name, alias) = (request.RequiredText("name"), RegistryMapping.Alias(request));
        await ModelVersionCalls.ReplyAsync(context, await models.GetVersionByAliasAsync(name, alias, context.RequestAborted));
    }

    private async Task LatestVersionsAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var stages = RegistryMapping.Stages(request);
        var model = await models.GetAsync(request.RequiredText("name"), context.RequestAborted);
        await MlflowReply.ListAsync(context, "model_versions", RegistryMapping.LatestVersions(model, stages), RegistryWriter.Version);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await models.DeleteAsync(request.RequiredText("name"), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task PatchAsync(HttpContext context, Func<MlflowRequest, ModelPatch> map)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await models.UpdateAsync(request.RequiredText("name"), map(request), context.RequestAborted));
    }

    private async Task WriteAsync(HttpContext context, Func<MlflowRequest, ModelPatch> map)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await models.UpdateAsync(request.RequiredText("name"), map(request), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private static Task ReplyAsync(HttpContext context, RegisteredModel model) => MlflowReply.ObjectAsync(context, writer =>
    {
        writer.WritePropertyName("registered_model"u8);
        RegistryWriter.Model(writer, model);
    });
}
