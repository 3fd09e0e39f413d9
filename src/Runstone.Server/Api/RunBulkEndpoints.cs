using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;
using Runstone.Server.Hosting;

namespace Runstone.Server.Api;

/// <summary>One change of many runs: of some, or of all that a search finds, call by call.</summary>
internal static class RunBulkEndpoints
{
    private const int MaxTags = 100;
    private const int ListedFailures = 20;

    public static Task<Ok<BulkResponse>> SetLifecycleAsync(SetRunsLifecycleRequest request, BulkEditService bulk, CancellationToken cancellationToken)
    {
        var edit = new BulkEdit { Lifecycle = Words.Lifecycle(request.Lifecycle) };
        return ApplyAsync(request.Search, request.RunIds, request.Limit, request.PageToken, edit, bulk, cancellationToken);
    }

    public static Task<Ok<BulkResponse>> TagAsync(TagRunsRequest request, BulkEditService bulk, CancellationToken cancellationToken)
    {
        if (request.Tags.Count is < 1 or > MaxTags)
            throw new RunstoneException(Error.Invalid("tags", $"{request.Tags.Count} tags were given; 1 to {MaxTags} are possible."));
        var edit = new BulkEdit { Tags = ExperimentMapping.SetTags(request.Tags), RemoveTags = ExperimentMapping.RemovedTags(request.Tags) };
        return ApplyAsync(request.Search, request.RunIds, request.Limit, request.PageToken, edit, bulk, cancellationToken);
    }

    private static async Task<Ok<BulkResponse>> ApplyAsync(
        BulkSearch? search, IReadOnlyList<string>? runIds, int? limit, string? pageToken, BulkEdit edit, BulkEditService bulk, CancellationToken cancellationToken)
    {
        switch (search, runIds)
        {
            case (null, { } ids):
                return Answer(await bulk.ApplyAsync([.. ids.Select(id => id ?? "").Distinct(StringComparer.Ordinal)], edit, cancellationToken), "");
            case ({ } found, null):
                var table = ToTable(found);
                var fingerprint = RunTableEndpoint.Fingerprint(table);
                var query = RunTableEndpoint.ToQuery(table) with { Limit = Words.Limit(limit, BulkEditService.MaxRuns, BulkEditService.MaxRuns) };
                query = query with { After = RunPageToken.Decode(pageToken, fingerprint, query.OrderBy, "pageToken") };
                return Answer(await bulk.ApplyAsync(query, edit, cancellationToken), fingerprint);
            default:
                throw new RunstoneException(Error.Invalid("search", "Give either 'search' or 'runIds'."));
        }
    }

    private static RunTableRequest ToTable(BulkSearch search) => search.ExperimentIds is { Count: > 0 }
        ? new RunTableRequest { ExperimentIds = search.ExperimentIds, Filter = search.Filter, Lifecycle = search.Lifecycle, Within = search.Within }
        : throw new RunstoneException(Error.Invalid("search.experimentIds", "Name at least one experiment: a change of many runs never means all of a server."));

    private static Ok<BulkResponse> Answer(BulkOutcome outcome, string fingerprint) => TypedResults.Ok(new BulkResponse(
        outcome.Changed,
        outcome.Failures.Count,
        [.. outcome.Failures.Take(ListedFailures).Select(f => new BulkFailureInfo(f.RunId, ErrorMapping.WordOf(f.Error.Code), f.Error.Message))],
        outcome.Next is null ? null : RunPageToken.Encode(outcome.Next, fingerprint)));
}
