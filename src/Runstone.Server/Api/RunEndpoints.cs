using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

internal static class RunEndpoints
{
    private const int CountedUpTo = 10_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/runs").WithTags("Runs");
        group.MapPost("", CreateAsync).WithName("CreateRun").WithSummary("Create a run, or resume one");
        group.MapPost("/search", SearchAsync).WithName("SearchRuns").WithSummary("Search, sort and page runs");
        group.MapPost("/table", RunTableEndpoint.TableAsync).WithName("ReadRunTable").WithSummary("Search runs for a wide table, column by column")
            .Produces<RunTablePage>();
        group.MapPost("/groups", RunGroupEndpoint.GroupAsync).WithName("GroupRuns").WithSummary("Group the runs of a search by what they agree in, with figures of each group");
        group.MapPost("/columns", RunColumnEndpoints.ColumnsAsync).WithName("DescribeRunColumns").WithSummary("Say of each column of a search's newest runs what its values are");
        group.MapPost("/export", RunExportEndpoint.ExportAsync).WithName("ExportRuns").WithSummary("Write a search as a CSV or Parquet file")
            .Produces<string>(StatusCodes.Status200OK, RunCsv.MediaType, RunParquet.MediaType);
        group.MapPost("/lifecycle", RunBulkEndpoints.SetLifecycleAsync).WithName("SetRunsLifecycle").WithSummary("Archive, delete or restore many runs");
        group.MapPost("/tags", RunBulkEndpoints.TagAsync).WithName("TagRuns").WithSummary("Set and remove tags of many runs");
        group.MapGet("/{id}", GetAsync).WithName("GetRun").WithSummary("Read a run with all but histories and files");
        group.MapPatch("/{id}", UpdateAsync).WithName("UpdateRun").WithSummary("Change the facts of a run, delete or restore it");
        group.MapPost("/{id}/log", LogAsync).WithName("Log").WithSummary("Log params, metrics, tags, inputs and status in one request");
    }

    private static async Task<Results<Created<RunInfo>, Ok<RunInfo>>> CreateAsync(
        CreateRunRequest request, RunService runs, ExperimentService experiments, IngestService ingest, CancellationToken cancellationToken)
    {
        if (request is { Resume: true, Id: not null } && await ResumeAsync(request.Id, ingest, cancellationToken) is { } resumed)
            return TypedResults.Ok(RunMapping.ToInfo(resumed));
        var experiment = await FindExperimentAsync(request, experiments, cancellationToken);
        try
        {
            var run = await runs.CreateAsync(RunMapping.ToBatch(request, request.Id ?? runs.NewId(), experiment), cancellationToken);
            return TypedResults.Created($"{ApiRoutes.Prefix}/runs/{run.Id}", RunMapping.ToInfo(run));
        }
        catch (RunstoneException e) when (request.Resume && e.Error is RunAlreadyExists)
        {
            // Two processes of one run started together; the other one made it.
            var run = await ResumeAsync(request.Id!, ingest, cancellationToken);
            return TypedResults.Ok(RunMapping.ToInfo(run ?? throw new RunstoneException(new RunNotFound(request.Id!))));
        }
    }

    private static async Task<Run?> ResumeAsync(string id, IngestService ingest, CancellationToken cancellationToken)
    {
        var outcome = await ingest.SubmitAsync(
            new IngestBatch(id) { Patch = new RunPatch { Status = RunStatus.Running } }, cancellationToken);
        return outcome.Error is null or RunNotFound ? outcome.Run : throw new RunstoneException(outcome.Error);
    }

    private static async Task<long> FindExperimentAsync(
        CreateRunRequest request, ExperimentService experiments, CancellationToken cancellationToken) => request switch
        {
            { ExperimentId: not null, Experiment: null } => Words.ExperimentId(request.ExperimentId),
            { ExperimentId: null, Experiment: not null } => (await experiments.GetOrCreateAsync(request.Experiment, cancellationToken)).Id,
            { ExperimentId: null } => throw new RunstoneException(Error.Invalid("experiment", "Give 'experiment' (a name) or 'experimentId'.")),
            _ => throw new RunstoneException(Error.Invalid("experiment", "Give only one of 'experiment' and 'experimentId'.")),
        };

    private static async Task<Ok<RunPage>> SearchAsync(SearchRunsRequest request, RunService runs, CancellationToken cancellationToken)
    {
        var fingerprint = RunMapping.Fingerprint(request);
        var query = RunMapping.ToQuery(request);
        query = query with { After = RunPageToken.Decode(request.PageToken, fingerprint, query.OrderBy, "pageToken") };
        var page = await runs.SearchAsync(query, cancellationToken);
        var next = page.Next is null ? null : RunPageToken.Encode(page.Next, fingerprint);
        var (total, isExact) = request.Count ? await CountAsync(query, page.Items.Count, page.HasMore, CountedUpTo, runs, cancellationToken) : (null, null);
        return TypedResults.Ok(new RunPage([.. page.Items.Select(RunMapping.ToRow)], next, total, isExact));
    }

    /// <summary>How many runs match, and whether that is all of them. The last page that is told by its rows is not counted again.</summary>
    public static async Task<(long? Total, bool? IsExact)> CountAsync(
        RunQuery query, int shown, bool hasMore, long ceiling, RunService runs, CancellationToken cancellationToken)
    {
        var isLast = query.After is null && !hasMore && (shown > 0 || query.Offset == 0);
        var found = isLast ? query.Offset + shown : await runs.CountAsync(query, ceiling + 1, cancellationToken);
        return (Math.Min(found, ceiling), found <= ceiling);
    }

    private static async Task<Ok<RunDetailsInfo>> GetAsync(string id, RunService runs, CancellationToken cancellationToken)
    {
        var details = await runs.GetDetailsAsync(id, cancellationToken);
        var children = await runs.ListChildrenAsync(id, cancellationToken);
        return TypedResults.Ok(RunMapping.ToDetails(details, children));
    }

    private static async Task<Ok<RunInfo>> UpdateAsync(
        string id, UpdateRunRequest request, IngestService ingest, TimeProvider time, CancellationToken cancellationToken)
    {
        var run = await ingest.WriteAsync(RunMapping.ToBatch(request, id, time), cancellationToken);
        return TypedResults.Ok(RunMapping.ToInfo(run));
    }

    private static async Task<Ok<LogResponse>> LogAsync(
        string id, LogRequest request, IngestService ingest, TimeProvider time, CancellationToken cancellationToken)
    {
        var batch = LogMapping.ToBatch(id, request, time.GetUtcNow().ToUnixTimeMilliseconds());
        var outcome = await ingest.SubmitAsync(batch, cancellationToken);
        return outcome.Error is null
            ? TypedResults.Ok(new LogResponse(batch.Metrics.Points.Length, outcome.Replayed))
            : throw new RunstoneException(outcome.Error);
    }
}
