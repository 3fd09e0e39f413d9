using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Media;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Reads what runs logged to be looked at; it is logged with <c>/runs/{id}/log</c>.</summary>
internal static class MediaEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Media");
        group.MapGet("/runs/{id}/media", KeysAsync).WithName("ListMediaKeys").WithSummary("List the media keys of a run");
        group.MapGet("/runs/{id}/media/items", ItemsAsync).WithName("ListMedia").WithSummary("Read the items of a key by step, page by page or some of them");
        group.MapPost("/media/keys", KeysOfRunsAsync).WithName("ListMediaKeysOfRuns").WithSummary("List the media keys of several runs together");
        group.MapPost("/media/compare", CompareAsync).WithName("CompareMedia").WithSummary("Read what several runs had under a key at a step");
    }

    private static async Task<Ok<IReadOnlyList<MediaKeyInfo>>> KeysAsync(string id, MediaService media, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<MediaKeyInfo>>([.. (await media.ListKeysAsync(id, cancellationToken)).Select(k => ToInfo([k]))]);

    private static async Task<Ok<IReadOnlyList<MediaKeyInfo>>> KeysOfRunsAsync(MediaKeysRequest request, MediaService media, CancellationToken cancellationToken)
    {
        RequireIds(request.RunIds);
        var keys = (await media.ListKeysAsync(request.RunIds, cancellationToken)).GroupBy(k => (k.Key, k.Type))
            .OrderBy(g => g.Key.Key, StringComparer.Ordinal).ThenBy(g => g.Key.Type);
        return TypedResults.Ok<IReadOnlyList<MediaKeyInfo>>([.. keys.Select(g => ToInfo([.. g]))]);
    }

    private static async Task<Ok<MediaItemPage>> ItemsAsync(
        string id, string key, double? from, double? to, int? samples, int? limit, string? pageToken, MediaService media, CancellationToken cancellationToken)
    {
        var query = new MediaQuery(id, key) { From = Words.Step("from", from), To = Words.Step("to", to) };
        if (samples is not null)
        {
            if (limit is not null || pageToken is not null)
                throw new RunstoneException(Error.Invalid("samples", "A sample has no pages: leave out 'limit' and 'pageToken'."));
            if (samples is < 1 or > MediaService.MaxSamples)
                throw Words.Rejected("samples", Words.Of(samples.Value), $"a whole number from 1 to {MediaService.MaxSamples}");
            var sample = await media.SampleAsync(query, samples.Value, cancellationToken);
            return TypedResults.Ok(new MediaItemPage(ToInfos(sample.Items), Covers: new MediaCoverage(sample.Steps, sample.AllItems)));
        }

        var fingerprint = string.Join('\n', id, key, query.From?.ToString(), query.To?.ToString());
        var after = MediaToken.Decode(pageToken, fingerprint);
        var page = await media.ListAsync(query, after, Words.Limit(limit, 100, MediaService.MaxLimit), cancellationToken);
        var next = page.HasMore ? MediaToken.Encode(new MediaPosition(page.Items[^1].Item.Step, page.Items[^1].Id), fingerprint) : null;
        return TypedResults.Ok(new MediaItemPage(ToInfos(page.Items), next));
    }

    private static async Task<Ok<IReadOnlyList<MediaOfRun>>> CompareAsync(MediaCompareRequest request, MediaService media, CancellationToken cancellationToken)
    {
        RequireIds(request.RunIds);
        var found = await media.CompareAsync(request.RunIds, request.Key, Words.Step("step", request.Step), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<MediaOfRun>>([.. request.RunIds.Zip(found, (run, items) => new MediaOfRun(run, ToInfos(items)))]);
    }

    private static void RequireIds(IReadOnlyList<string> ids)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids[i] is null)
                throw ExperimentMapping.Null($"runIds[{i}]");
        }
    }

    private static MediaKeyInfo ToInfo(IReadOnlyList<MediaKey> parts) => new(
        parts[0].Key, Words.Of(parts[0].Type), parts.Sum(p => p.Count), parts.Min(p => p.First).ToDouble(), parts.Max(p => p.Last).ToDouble(),
        parts.Max(p => p.LastTime), parts.Count);

    private static MediaItemInfo[] ToInfos(IReadOnlyList<StoredMedia> items) => [.. items.Select(m => new MediaItemInfo(
        Words.Of(m.Id), m.Item.Key, m.Item.Step.ToDouble(), m.Item.Time, Words.Of(m.Item.Type), m.Item.Path, m.Preview, m.Item.Caption,
        m.Item.Data is { } data ? JsonElement.Parse(data) : null))];
}
