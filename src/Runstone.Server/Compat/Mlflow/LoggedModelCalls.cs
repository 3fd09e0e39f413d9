using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Formats.Mlflow;
using Runstone.Formats.Mlflow.Search;
using Runstone.Server.Hosting;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Calls about logged models. Which one is meant stands in the path.</summary>
internal sealed class LoggedModelCalls(LoggedModelService models, ExperimentService experiments)
{
    private const string Root = "2.0/mlflow/logged-models";
    private const string One = Root + "/<model_id>";

    /// <summary>Segments before the key of a tag: api, version, mlflow, logged-models, the id, tags.</summary>
    private const int TagDepth = 6;

    public void Map(MlflowRoutes routes)
    {
        routes.Api("POST", Root, CreateAsync);
        routes.Api("POST", Root + "/search", SearchAsync);
        routes.Api("GET", One, async context => await ReplyAsync(context, await models.GetAsync(IdOf(context), context.RequestAborted)));
        routes.Api("PATCH", One, FinishAsync);
        routes.Api("DELETE", One, DeleteAsync);
        routes.Api("POST", One + "/params", AddParamsAsync);
        routes.Api("PATCH", One + "/tags", SetTagsAsync);
        routes.Api("DELETE", One + "/tags/<tag_key>", RemoveTagAsync);
        routes.Api("GET", One + "/artifacts/directories", ListFilesAsync);
        routes.Only("GET", $"/ajax-api/{One}/artifacts/files", GetFileAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var experiment = await experiments.GetAsync(request.ExperimentId(required: true), context.RequestAborted);
        await ReplyAsync(context, await models.CreateAsync(LoggedModelMapping.Create(request, models.NewId(), experiment), context.RequestAborted));
    }

    private async Task SearchAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var query = LoggedModelSearch.Parse(request);
        var page = await models.SearchAsync(query, context.RequestAborted);
        await MlflowReply.ListAsync(context, "models", page.Items, LoggedModelWriter.Model, LoggedModelSearch.Next(request, query, page));
    }

    private async Task FinishAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await ReplyAsync(context, await models.FinishAsync(IdOf(context), LoggedModelMapping.Status(request), context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await models.DeleteAsync(IdOf(context), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task AddParamsAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await models.AddParamsAsync(IdOf(context), LoggedModelMapping.Params(request), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task SetTagsAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await models.SetTagsAsync(IdOf(context), request.Tags("tags"), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task RemoveTagAsync(HttpContext context)
    {
        await models.RemoveTagAsync(IdOf(context), RawPath.After(context, TagDepth), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task ListFilesAsync(HttpContext context)
    {
        var path = ArtifactAddress.Check(MlflowBinding.FromQuery(context).Text("artifact_directory_path") ?? "");
        var model = await models.GetAsync(IdOf(context), context.RequestAborted);
        await ArtifactCalls.ReplyAsync(context, model.Location, await models.Files.ListAsync(model.Id, path, context.RequestAborted));
    }

    private async Task GetFileAsync(HttpContext context)
    {
        var path = ArtifactAddress.Check(MlflowBinding.FromQuery(context).RequiredText("artifact_file_path"));
        var model = await models.GetAsync(IdOf(context), context.RequestAborted);
        var file = await models.Files.GetAsync(model.Id, path, context.RequestAborted) ?? throw ArtifactCalls.NoSuchArtifact(path);
        await ArtifactDownload.SendAsync(context, models.Files, file);
    }

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["model_id"]!;

    private static Task ReplyAsync(HttpContext context, LoggedModel model) => MlflowReply.ObjectAsync(context, writer =>
    {
        writer.WritePropertyName("model"u8);
        LoggedModelWriter.Model(writer, model);
    });
}
