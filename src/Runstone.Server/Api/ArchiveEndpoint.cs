using Microsoft.Net.Http.Headers;
using Runstone.Core.Artifacts;
using Runstone.Core.Runs;

namespace Runstone.Server.Api;

/// <summary>Sends files of a run as one zip file, which is made while it is sent.</summary>
internal static class ArchiveEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/runs/{id}/archive", SendAsync).WithTags("Artifacts")
        .WithName("GetArchive").WithSummary("Read a folder of a run, or all its files, as one zip file")
        .Produces(StatusCodes.Status200OK, contentType: "application/zip");

    private static async Task SendAsync(
        string id, string? path, HttpContext context, ArtifactService artifacts, RunService runs, CancellationToken cancellationToken)
    {
        await runs.GetAsync(id, cancellationToken);
        var folder = await artifacts.GetFolderAsync(id, path ?? "", cancellationToken);
        var response = context.Response;
        response.ContentType = "application/zip";
        response.ContentLength = folder.Zip.Length;
        response.Headers.CacheControl = "no-store";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(folder.Name + ".zip");
        response.Headers.ContentDisposition = disposition.ToString();
        await folder.Zip.WriteAsync(response.Body, i => artifacts.OpenAsync(folder.Files[i], offset: 0, length: null, cancellationToken), cancellationToken);
    }
}
