using System.Globalization;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Server.Api;

/// <summary>
/// Sends a file of a run: whole or a range, only when it changed, and so that whatever a user logged cannot act as a page of
/// this server.
/// </summary>
internal static class ArtifactDownload
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = CreateContentTypes();

    public static async Task SendAsync(
        HttpContext context, ArtifactService artifacts, string runId, string path, bool asAttachment, bool mayRedirect, CancellationToken cancellationToken)
    {
        var file = await artifacts.GetAsync(runId, path, cancellationToken) ?? throw new RunstoneException(new Error(
            ErrorCode.NotFound, $"Run '{runId}' has no file '{path}'. If it is a folder, list it with ?path=.", "path"));
        var (request, response) = (context.Request, context.Response);
        var tag = $"\"{file.Blob.Sha256}\"";
        SetHeaders(response, file, tag, asAttachment);
        if (MatchesAny(request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        // The address is signed for GET; the client repeats its headers there, Range included.
        if (mayRedirect && HttpMethods.IsGet(request.Method) && await artifacts.SignReadAsync(file, cancellationToken) is { } signed)
        {
            response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            response.Headers.Location = signed.Address.AbsoluteUri;
            response.Headers.CacheControl = "no-store";
            return;
        }

        var range = ByteRange.Choose(request.Headers.Range, request.Headers.IfRange, tag, file.Blob.Size);
        if (range is { IsSatisfiable: false })
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Blob.Size}");
            return;
        }

        await SendBytesAsync(context, artifacts, file, range, cancellationToken);
    }

    private static async Task SendBytesAsync(
        HttpContext context, ArtifactService artifacts, Artifact file, ByteRange? range, CancellationToken cancellationToken)
    {
        var response = context.Response;
        var (offset, length) = range is null ? (0, file.Blob.Size) : (range.Offset, range.Length);
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{file.Blob.Size}");
        }

        response.ContentLength = length;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        await using var content = await artifacts.OpenAsync(file, offset, length, cancellationToken);
        await content.CopyToAsync(response.Body, cancellationToken);
    }

    private static void SetHeaders(HttpResponse response, Artifact file, string tag, bool asAttachment)
    {
        var headers = response.Headers;
        headers.ETag = tag;
        headers.AcceptRanges = "bytes";
        headers.CacheControl = "private, no-cache";
        headers.ContentSecurityPolicy = "sandbox";
        response.ContentType = TypeOf(file.Path);
        if (asAttachment)
        {
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(file.Path[(file.Path.LastIndexOf('/') + 1)..]);
            headers.ContentDisposition = disposition.ToString();
        }
    }

    private static bool MatchesAny(Microsoft.Extensions.Primitives.StringValues header, string tag) =>
        EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags)
        && tags.Any(t => t.Tag == "*" || t.Tag.Equals(tag, StringComparison.Ordinal));

    private static string TypeOf(string path)
    {
        if (!ContentTypes.TryGetContentType(path, out var type))
            return "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) || type == "application/json" ? type + "; charset=utf-8" : type;
    }

    private static FileExtensionContentTypeProvider CreateContentTypes()
    {
        var types = new FileExtensionContentTypeProvider();
        foreach (var extension in (string[])[".log", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".diff", ".patch", ".py", ".r", ".sh", ".sql", ".tsv"])
            types.Mappings[extension] = "text/plain";
        types.Mappings[".md"] = "text/markdown";
        types.Mappings[".jsonl"] = "application/x-ndjson";
        types.Mappings[".ipynb"] = "application/json";
        types.Mappings[".parquet"] = "application/vnd.apache.parquet";
        return types;
    }
}
