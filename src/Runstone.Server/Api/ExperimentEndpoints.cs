using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

internal static class ExperimentEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/experiments").WithTags("Experiments");
        group.MapGet("", SearchAsync).WithName("ListExperiments").WithSummary("List or search experiments");
        group.MapPost("", CreateAsync).WithName("CreateExperiment").WithSummary("Create an experiment, or get the one of that name");
        group.MapGet("/{id}", GetAsync).WithName("GetExperiment").WithSummary("Read an experiment");
        group.MapPatch("/{id}", UpdateAsync).WithName("UpdateExperiment").WithSummary("Rename, tag, describe, archive, delete or restore an experiment");
        group.MapGet("/{id}/values", RunColumnEndpoints.ValuesAsync).WithName("ListValues").WithSummary("List the values of a field, the most frequent first");
        group.MapGet("/{id}/keys", KeysAsync).WithName("ListKeys").WithSummary("List the metric, param and tag keys in use");
    }

    private static async Task<Ok<ExperimentPage>> SearchAsync(
        string? filter, string[]? orderBy, string? lifecycle, int? limit, string? pageToken, bool? summary,
        ExperimentService experiments, CancellationToken cancellationToken)
    {
        var fingerprint = string.Join('\n', [filter, lifecycle, .. orderBy ?? []]);
        var query = new ExperimentQuery
        {
            Filter = ExperimentFilterParser.Parse(filter),
            OrderBy = ExperimentFilterParser.ParseOrder(orderBy ?? []),
            Lifecycle = Words.View(lifecycle),
            Limit = Words.Limit(limit, 100, 1000),
            Offset = PageToken.Decode(pageToken, fingerprint),
        };
        var page = await experiments.SearchAsync(query, cancellationToken);
        var rows = summary == true
            ? (await experiments.SummariseAsync([.. page.Items.Select(e => e.Id)], cancellationToken)).Select(ExperimentMapping.ToInfo)
            : page.Items.Select(ExperimentMapping.ToInfo);
        return TypedResults.Ok(new ExperimentPage([.. rows.Select(ExperimentMapping.ToListed)], PageToken.Next(page.HasMore, query.Offset, page.Items.Count, fingerprint)));
    }

    private static async Task<Results<Created<ExperimentInfo>, Ok<ExperimentInfo>>> CreateAsync(
        CreateExperimentRequest request, ExperimentService experiments, CancellationToken cancellationToken)
    {
        try
        {
            var made = await experiments.CreateAsync(ExperimentMapping.ToNew(request), cancellationToken);
            return TypedResults.Created($"{ApiRoutes.Prefix}/experiments/{made.Id}", ExperimentMapping.ToInfo(made));
        }
        catch (RunstoneException e) when (request.GetOrCreate && e.Error is ExperimentNameTaken)
        {
            return TypedResults.Ok(ExperimentMapping.ToInfo(await experiments.GetOrCreateAsync(request.Name, cancellationToken)));
        }
    }

    private static async Task<Ok<ExperimentInfo>> GetAsync(
        string id, bool? summary, ExperimentService experiments, CancellationToken cancellationToken)
    {
        var experiment = await experiments.GetAsync(Words.ExperimentId(id, "id"), cancellationToken);
        if (summary != true)
            return TypedResults.Ok(ExperimentMapping.ToInfo(experiment));
        var summaries = await experiments.SummariseAsync([experiment.Id], cancellationToken);
        return TypedResults.Ok(ExperimentMapping.ToInfo(summaries[0]));
    }

    private static async Task<Ok<ExperimentInfo>> UpdateAsync(
        string id, UpdateExperimentRequest request, ExperimentService experiments, CancellationToken cancellationToken)
    {
        var patch = ExperimentMapping.ToPatch(request);
        return TypedResults.Ok(ExperimentMapping.ToInfo(await experiments.UpdateAsync(Words.ExperimentId(id, "id"), patch, cancellationToken)));
    }

    private static async Task<Ok<KeyList>> KeysAsync(
        string id, string? contains, int? limit, ExperimentService experiments, RunService runs, CancellationToken cancellationToken)
    {
        var max = Words.Limit(limit, 2000, 200_000);
        var experiment = await experiments.GetAsync(Words.ExperimentId(id, "id"), cancellationToken);
        var metrics = await ListAsync(FieldKind.Metric);
        var @params = await ListAsync(FieldKind.Param);
        var tags = await ListAsync(FieldKind.Tag);
        var truncated = metrics.Count > max || @params.Count > max || tags.Count > max;
        return TypedResults.Ok(new KeyList([.. metrics.Take(max)], [.. @params.Take(max)], [.. tags.Take(max)], truncated));

        // One more than wanted tells whether there are more.
        Task<IReadOnlyList<string>> ListAsync(FieldKind kind) =>
            runs.ListKeysAsync([experiment.Id], kind, contains ?? "", max + 1, cancellationToken);
    }
}
