using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Runstone.Core.Artifacts;
using Runstone.Core.Runs;
using Runstone.Protocol;
using Runstone.Server.Hosting;

namespace Runstone.Server.Api;

internal static class ArtifactEndpoints
{
    // Segments before the path of a file: api, v1, runs, {id}, artifacts.
    private const int SegmentsBefore = 5;

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/runs/{id}/artifacts").WithTags("Artifacts");
        group.MapGet("", ListAsync).WithName("ListArtifacts").WithSummary("List a folder of a run, or all files below it");
        group.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], GetAsync).WithName("GetArtifact").WithSummary("Read a file or a part of it")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status307TemporaryRedirect);
        group.MapPut("/{**path}", PutAsync).WithName("PutArtifact").WithSummary("Upload a file of any size")
            .Accepts<Stream>("application/octet-stream", "*/*").WithMetadata(new DisableRequestSizeLimitAttribute(), StreamedBody.Instance);
        group.MapDelete("/{**path}", DeleteAsync).WithName("DeleteArtifact").WithSummary("Remove a file, or a folder with all below it");
    }

    private static async Task<Ok<ArtifactList>> ListAsync(
        string id, string? path, bool? recursive, string? after, int? limit, ArtifactService artifacts, RunService runs,
        CancellationToken cancellationToken)
    {
        await runs.GetAsync(id, cancellationToken);
        if (recursive != true)
            return TypedResults.Ok(new ArtifactList([.. (await artifacts.ListAsync(id, path ?? "", cancellationToken)).Select(ToInfo)]));
        var max = Words.Limit(limit, 1000, 10_000);
        var files = await artifacts.ListAllAsync(id, path ?? "", after ?? "", max + 1, cancellationToken);
        return TypedResults.Ok(new ArtifactList([.. files.Take(max).Select(ToInfo)], files.Count > max ? files[max - 1].Path : null));
    }

    private static async Task GetAsync(
        string id, string path, bool? download, bool? direct, HttpContext context, ArtifactService artifacts, RunService runs,
        CancellationToken cancellationToken)
    {
        path = ArtifactPath.Require(RawPath.After(context, SegmentsBefore));
        await runs.GetAsync(id, cancellationToken);
        await ArtifactDownload.SendAsync(context, artifacts, id, path, download == true, direct == true, cancellationToken);
    }

    private static async Task<Ok<UploadedArtifact>> PutAsync(
        string id, string path, HttpContext context, ArtifactService artifacts, CancellationToken cancellationToken)
    {
        path = RawPath.After(context, SegmentsBefore);
        var blob = await artifacts.PutAsync(id, path, context.Request.Body, cancellationToken);
        return TypedResults.Ok(new UploadedArtifact(path, blob.Size, blob.Sha256));
    }

    private static async Task<NoContent> DeleteAsync(
        string id, string path, HttpContext context, ArtifactService artifacts, CancellationToken cancellationToken)
    {
        path = RawPath.After(context, SegmentsBefore);
        await artifacts.DeleteAsync(id, path, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ArtifactInfo ToInfo(ArtifactEntry entry) => new(entry.Path, entry.IsFolder, entry.Size, entry.Sha256, entry.UpdatedAt);

    private static ArtifactInfo ToInfo(Artifact file) => new(file.Path, IsFolder: false, file.Blob.Size, file.Blob.Sha256, file.UpdatedAt);
}
