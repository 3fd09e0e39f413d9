using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;
using Runstone.Server.Hosting;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Listing, and the proxy through which clients move files. Content is never held in memory.</summary>
internal sealed class ArtifactCalls(ArtifactService artifacts, RunService runs, ArtifactPlaces places)
{
    /// <summary>Bytes of a file that the page of the original may upload.</summary>
    private const long MaxPageUpload = 10L << 20;

    /// <summary>Seconds; what object stores allow.</summary>
    private const int MaxExpiration = 7 * 24 * 3600;

    // Segments before the artifact path: api, version, mlflow-artifacts and one (artifacts, presigned) or two (mpu, create).
    private const int ProxyDepth = 4;

    public void Map(MlflowRoutes routes)
    {
        routes.Api("GET", "2.0/mlflow/artifacts/list", ListAsync);
        routes.Api("GET", "2.0/mlflow-artifacts/artifacts", ListProxyAsync);
        routes.Api("GET", "2.0/mlflow-artifacts/artifacts/<path:artifact_path>", DownloadAsync);
        routes.Upload("PUT", "2.0/mlflow-artifacts/artifacts/<path:artifact_path>", UploadAsync);
        routes.Api("DELETE", "2.0/mlflow-artifacts/artifacts/<path:artifact_path>", DeleteAsync);
        routes.Api("GET", "2.0/mlflow-artifacts/presigned/<path:artifact_path>", PresignAsync);
        routes.Api("POST", "2.0/mlflow/artifacts/presigned-upload-url", PresignUploadAsync);
        routes.Only("GET", "/get-artifact", GetOfRunAsync);
        routes.Only("POST", "/ajax-api/2.0/mlflow/upload-artifact", UploadToRunAsync).WithMetadata(StreamedBody.Instance);
    }

    private async Task ListAsync(HttpContext context)
    {
        var request = MlflowBinding.FromQuery(context);
        var run = await runs.GetAsync(request.RunId(), context.RequestAborted);
        var entries = await artifacts.ListAsync(run.Id, ArtifactAddress.Check(request.Text("path") ?? ""), context.RequestAborted);
        await ReplyAsync(context, MlflowNames.ArtifactUriOf(run), entries);
    }

    /// <summary>What lies in a folder, by full paths, below the address of all of it.</summary>
    public static async Task ReplyAsync(HttpContext context, string root, IReadOnlyList<ArtifactEntry> entries)
    {
        await using var writer = MlflowReply.Begin(context);
        writer.WriteStartObject();
        writer.WriteString("root_uri"u8, root);
        if (entries.Count > 0)
        {
            writer.WriteStartArray("files"u8);
            foreach (var entry in entries)
            {
                MlflowWriter.File(writer, entry, entry.Path);
                await MlflowReply.FlushWhenFullAsync(context, writer);
            }

            writer.WriteEndArray();
        }

        await MlflowReply.EndAsync(context, writer);
    }

    private async Task ListProxyAsync(HttpContext context)
    {
        var path = ArtifactAddress.Check(MlflowBinding.FromQuery(context).Text("path") ?? "");
        var place = await places.FindAsync(path, context.RequestAborted);
        IReadOnlyList<ArtifactEntry> entries = place is { } found
            ? await found.Files.ListAsync(found.OwnerId, found.Path, context.RequestAborted) : [];
        await MlflowReply.ListAsync(context, "files", entries, static (writer, entry) =>
            MlflowWriter.File(writer, entry, entry.Path[(entry.Path.LastIndexOf('/') + 1)..]));
    }

    private async Task DownloadAsync(HttpContext context)
    {
        var path = PathOf(context, ProxyDepth);
        var file = await places.FindAsync(path, context.RequestAborted) is { } place ? await place.GetAsync(context.RequestAborted) : null;
        await ArtifactDownload.SendAsync(context, artifacts, file ?? throw NoSuchArtifact(path));
    }

    private async Task GetOfRunAsync(HttpContext context)
    {
        var request = MlflowBinding.FromQuery(context);
        var run = await runs.GetAsync(request.RunId(), context.RequestAborted);
        var path = ArtifactAddress.Check(request.RequiredText("path"));
        await ArtifactDownload.SendAsync(
            context, artifacts, await artifacts.GetAsync(run.Id, path, context.RequestAborted) ?? throw NoSuchArtifact(path));
    }

    private async Task UploadAsync(HttpContext context)
    {
        var place = await places.RequireAsync(PathOf(context, ProxyDepth), context.RequestAborted);
        AllowAnySize(context);
        await place.Files.PutAsync(place.OwnerId, place.Path, context.Request.Body, context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task UploadToRunAsync(HttpContext context)
    {
        var request = MlflowBinding.FromQuery(context);
        var (runId, path) = (request.RunId(), ArtifactAddress.Check(request.RequiredText("path")));
        if (context.Request.ContentLength is not <= MaxPageUpload)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, "Artifact size is too large. Max size is 10MB.", "body"));
        await artifacts.PutAsync(runId, path, context.Request.Body, context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    /// <summary>Deleting what is not there is no error.</summary>
    private async Task DeleteAsync(HttpContext context)
    {
        var place = await places.FindAsync(PathOf(context, ProxyDepth), context.RequestAborted);
        if (place is { Path.Length: > 0 } found)
            await found.Files.DeleteAsync(found.OwnerId, found.Path, context.RequestAborted);
        else if (place is { } root)
            await DeleteAllAsync(root, context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private static async Task DeleteAllAsync(ArtifactPlace root, CancellationToken cancellationToken)
    {
        foreach (var entry in await root.Files.ListAsync(root.OwnerId, "", cancellationToken))
            await root.Files.DeleteAsync(root.OwnerId, entry.Path, cancellationToken);
    }

    /// <summary>A signed address of the object store; else a plain one of this server. Downloads from either support ranges.</summary>
    private async Task PresignAsync(HttpContext context)
    {
        var path = PathOf(context, ProxyDepth);
        var file = await places.FindAsync(path, context.RequestAborted) is { } place ? await place.GetAsync(context.RequestAborted) : null;
        if (file is null)
            throw NoSuchArtifact(path);
        var signed = await artifacts.SignReadAsync(file, context.RequestAborted);
        await MlflowReply.ObjectAsync(context, writer =>
        {
            writer.WriteString("url"u8, signed?.Address.AbsoluteUri ?? ProxyAddress(context.Request, path));
            writer.WriteNumber("file_size"u8, file.Blob.Size);
        });
    }

    /// <summary>
    /// An address of this server always: nobody tells it when an upload to such an address is done, and it would never come to
    /// know of one past it.
    /// </summary>
    private async Task PresignUploadAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var run = await runs.GetWritableAsync(request.RunId(), context.RequestAborted);
        var path = ArtifactAddress.Check(request.RequiredText("path"));
        if (request.Integer("expiration") is { } seconds and not (>= 1 and <= MaxExpiration))
            throw MlflowRequest.InvalidValue(seconds.ToString(CultureInfo.InvariantCulture), "expiration", $"Use 1 to {MaxExpiration} seconds.");
        var folder = ArtifactAddress.FolderOf(run) ?? throw new RunstoneException(new Error(
            ErrorCode.Unsupported, $"The artifacts of run '{run.Id}' are kept at {MlflowNames.ArtifactUriOf(run)}, which this server does not write to.", "run_id"));
        await MlflowReply.ObjectAsync(context, writer =>
        {
            writer.WriteString("presigned_url"u8, ProxyAddress(context.Request, $"{folder}/{path}"));
            writer.WriteStartObject("headers"u8);
            writer.WriteEndObject();
        });
    }

    private static string ProxyAddress(HttpRequest request, string path) =>
        $"{AddressOf(request)}/api/2.0/mlflow-artifacts/artifacts/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>Scheme and host under which the client reaches the server.</summary>
    public static string AddressOf(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<PublicAddresses>().For(request);

    /// <summary>The artifact path of the request, after so many segments.</summary>
    public static string PathOf(HttpContext context, int depth) => ArtifactAddress.Check(RawPath.After(context, depth));

    /// <summary>A file may have any size; what bounds it is the disk.</summary>
    public static void AllowAnySize(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
    }

    public static RunstoneException NoSuchArtifact(string path) =>
        new(new Error(ErrorCode.NotFound, $"No such artifact: '{path}'", "path"));
}
