using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Access;
using Runstone.Core.Stars;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>What a person starred.</summary>
internal static class StarEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/stars").WithTags("Stars");
        group.MapGet("/{kind}", ListAsync).WithName("ListStars").WithSummary("List what you starred, the newest first");
        group.MapPut("/{kind}/{id}", SetAsync).WithName("SetStar").WithSummary("Star a run, an experiment or a report");
        group.MapDelete("/{kind}/{id}", ClearAsync).WithName("ClearStar").WithSummary("Take a star away");
    }

    private static async Task<Ok<IReadOnlyList<StarInfo>>> ListAsync(string kind, int? limit, StarService stars, CancellationToken cancellationToken)
    {
        var found = await stars.ListAsync(Person.Default, Words.Kind(kind), Words.Limit(limit, 1000, StarService.MaxLimit), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<StarInfo>>([.. found.Select(s => new StarInfo(Words.Of(s.Subject.Kind), s.Subject.Id, s.StarredAt))]);
    }

    private static async Task<NoContent> SetAsync(string kind, string id, StarService stars, CancellationToken cancellationToken)
    {
        await stars.SetAsync(Person.Default, new Subject(Words.Kind(kind), id), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ClearAsync(string kind, string id, StarService stars, CancellationToken cancellationToken)
    {
        await stars.ClearAsync(Person.Default, new Subject(Words.Kind(kind), id), cancellationToken);
        return TypedResults.NoContent();
    }
}
