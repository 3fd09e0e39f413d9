using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Erases points, and says in answers about series what was erased of them.</summary>
internal static class ErasureEndpoints
{
    /// <summary>The number of erasures that an answer about series concerns; absent when there is none.</summary>
    public const string Header = "Runstone-Erased";

    /// <summary>Erasures that an answer lists, the first ones; the header tells of all.</summary>
    private const int MaxListed = 1000;

    public static void Map(IEndpointRouteBuilder group)
    {
        group.MapDelete("/runs/{id}/metrics", EraseAsync).WithName("EraseMetrics").WithSummary("Erase the points of one metric, or of all, for good");
        group.MapGet("/runs/{id}/metrics/erasures", ListAsync).WithName("ListErasures").WithSummary("What was erased of the metrics of a run");
    }

    /// <summary>What was erased of the series, noted in the header of the answer; null when nothing was.</summary>
    public static async Task<IReadOnlyList<ErasureInfo>?> NoteAsync(
        HttpResponse response, ErasureService erasures, IReadOnlyCollection<(string RunId, string Key)> series, CancellationToken cancellationToken)
    {
        var found = await erasures.ListAsync(series, cancellationToken);
        if (found.Count == 0)
            return null;
        response.Headers[Header] = found.Count.ToString(CultureInfo.InvariantCulture);
        return [.. found.Take(MaxListed).Select(ToInfo)];
    }

    private static async Task<Results<Ok<ErasureInfo>, NoContent>> EraseAsync(
        string id, string? key, bool? all, string? reason, ErasureService erasures, CancellationToken cancellationToken)
    {
        if (key is null != (all ?? false))
            throw new RunstoneException(Error.Invalid("key", "Name the metric to erase with 'key', or say 'all=true' to erase every metric of the run; not both."));
        var erased = await erasures.EraseAsync(id, key, reason ?? "", cancellationToken);
        return erased is null ? TypedResults.NoContent() : TypedResults.Ok(ToInfo(erased));
    }

    private static async Task<Ok<IReadOnlyList<ErasureInfo>>> ListAsync(
        string id, RunService runs, ErasureService erasures, CancellationToken cancellationToken)
    {
        await runs.GetAsync(id, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ErasureInfo>>([.. (await erasures.ListAsync(id, cancellationToken)).Select(ToInfo)]);
    }

    private static ErasureInfo ToInfo(MetricErasure erasure) =>
        new(erasure.RunId, erasure.Key, erasure.Points, erasure.Reason, erasure.Time, erasure.KeptSummaries);
}
