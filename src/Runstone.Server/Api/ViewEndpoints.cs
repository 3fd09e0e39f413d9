using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Access;
using Runstone.Core.Experiments;
using Runstone.Core.Views;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Saved views of an experiment, and what a person left on its page.</summary>
internal static class ViewEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/experiments/{id}").WithTags("Views");
        group.MapGet("/views", ListAsync).WithName("ListViews").WithSummary("List the saved views of an experiment, without their settings");
        group.MapPost("/views", CreateAsync).WithName("CreateView").WithSummary("Save a view");
        group.MapGet("/views/{viewId}", GetAsync).WithName("GetView").WithSummary("Read a saved view");
        group.MapPatch("/views/{viewId}", UpdateAsync).WithName("UpdateView").WithSummary("Rename a saved view or replace its settings");
        group.MapDelete("/views/{viewId}", DeleteAsync).WithName("DeleteView").WithSummary("Remove a saved view");
        group.MapPut("/default-view", SetDefaultAsync).WithName("SetDefaultView").WithSummary("Choose the view that the experiment opens with");
        group.MapGet("/workspace", GetWorkspaceAsync).WithName("GetWorkspace").WithSummary("Read what you left on the experiment's page");
        group.MapPut("/workspace", SetWorkspaceAsync).WithName("SetWorkspace").WithSummary("Replace what you left on the experiment's page");
    }

    private static async Task<Ok<IReadOnlyList<SavedViewInfo>>> ListAsync(
        string id, ExperimentService experiments, ViewService views, CancellationToken cancellationToken)
    {
        var experiment = await experiments.GetAsync(Words.ExperimentId(id, "id"), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<SavedViewInfo>>([.. (await views.ListAsync(experiment.Id, cancellationToken)).Select(v => ToInfo(v))]);
    }

    private static async Task<Created<SavedViewInfo>> CreateAsync(
        string id, CreateViewRequest request, ViewService views, CancellationToken cancellationToken)
    {
        var view = new NewView(Words.ExperimentId(id, "id"), Person.Default.Name, request.Name, request.Settings.GetRawText());
        var made = await views.CreateAsync(view, cancellationToken);
        return TypedResults.Created($"{ApiRoutes.Prefix}/experiments/{id}/views/{made.Id}", WithSettings(made));
    }

    private static async Task<Ok<SavedViewInfo>> GetAsync(string id, string viewId, ViewService views, CancellationToken cancellationToken) =>
        TypedResults.Ok(WithSettings(await views.GetAsync(Words.ExperimentId(id, "id"), Words.Number("viewId", viewId), cancellationToken)));

    private static async Task<Ok<SavedViewInfo>> UpdateAsync(
        string id, string viewId, UpdateViewRequest request, ViewService views, CancellationToken cancellationToken)
    {
        var patch = new ViewPatch { Name = request.Name, Settings = request.Settings?.GetRawText(), Revision = request.Revision };
        var changed = await views.UpdateAsync(Words.ExperimentId(id, "id"), Words.Number("viewId", viewId), patch, Person.Default, cancellationToken);
        return TypedResults.Ok(WithSettings(changed));
    }

    private static async Task<NoContent> DeleteAsync(string id, string viewId, ViewService views, CancellationToken cancellationToken)
    {
        await views.DeleteAsync(Words.ExperimentId(id, "id"), Words.Number("viewId", viewId), Person.Default, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> SetDefaultAsync(string id, DefaultViewRequest request, ViewService views, CancellationToken cancellationToken)
    {
        var view = request.ViewId is { } text ? Words.Number("viewId", text) : (long?)null;
        await views.SetDefaultAsync(Words.ExperimentId(id, "id"), view, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<WorkspaceInfo>, NoContent>> GetWorkspaceAsync(
        string id, ExperimentService experiments, ViewService views, CancellationToken cancellationToken)
    {
        var experiment = await experiments.GetAsync(Words.ExperimentId(id, "id"), cancellationToken);
        var left = await views.GetWorkspaceAsync(experiment.Id, Person.Default, cancellationToken);
        return left is null ? TypedResults.NoContent() : TypedResults.Ok(ToInfo(left));
    }

    private static async Task<Ok<WorkspaceInfo>> SetWorkspaceAsync(
        string id, SetWorkspaceRequest request, ViewService views, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await views.SetWorkspaceAsync(Words.ExperimentId(id, "id"), Person.Default, request.Settings.GetRawText(), cancellationToken)));

    private static SavedViewInfo ToInfo(SavedView view) =>
        new(Words.Of(view.Id), view.Name, view.Person, view.IsDefault, view.Revision, view.CreatedAt, view.UpdatedAt);

    private static SavedViewInfo WithSettings(SavedView view) => ToInfo(view) with { Settings = ToJson(view.Settings) };

    private static WorkspaceInfo ToInfo(Workspace workspace) => new(ToJson(workspace.Settings), workspace.Revision, workspace.UpdatedAt);

    private static JsonElement ToJson(string settings) => JsonElement.Parse(settings);
}
