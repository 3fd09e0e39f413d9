using System.Globalization;
using Runstone.Core.Data;
using Runstone.Core.Errors;
using Runstone.Protocol.Data;
using Runstone.Server.Data;

namespace Runstone.Server.Api;

/// <summary>Sends the bytes of files and objects of data versions.</summary>
internal static class DatasetFileEndpoint
{
    private const string Forever = "public, max-age=31536000, immutable";

    public static async Task SendAsync(
        string name, string version, string path, HttpContext context, DataService datasets, DataContent content, DataObjects objects, CancellationToken cancellationToken)
    {
        var found = await content.FindAsync(await datasets.ResolveAsync(name, version, cancellationToken), path, cancellationToken);
        if (found.File is not { } file)
            throw new RunstoneException(Missing(name, version, path, found.Entry));
        var (request, response) = (context.Request, context.Response);
        var tag = $"\"{file.Sha256}\"";
        response.Headers.ETag = tag;
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "application/octet-stream";
        var range = ByteRange.Choose(request.Headers.Range, request.Headers.IfRange, tag, file.Size);
        if (range is { IsSatisfiable: false })
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Size}");
            return;
        }

        var (offset, length) = range is null ? (0, file.Size) : (range.Offset, range.Length);
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{file.Size}");
        }

        response.ContentLength = length;
        if (!HttpMethods.IsHead(request.Method))
            await objects.CopyAsync(file, offset, length, response.Body, cancellationToken);
    }

    public static async Task SendObjectAsync(string sha256, HttpContext context, DataObjects objects, CancellationToken cancellationToken)
    {
        var bytes = await objects.ReadAsync(DataObjects.Id(sha256), cancellationToken)
            ?? throw new RunstoneException(new Error(ErrorCode.NotFound, $"There is no object {sha256}.", "sha256"));
        context.Response.Headers.CacheControl = Forever;
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, cancellationToken);
    }

    private static Error Missing(string name, string version, string path, TreeEntry? entry) => entry switch
    {
        null => new Error(ErrorCode.NotFound, $"The version '{version}' of '{name}' has no file '{path}'. If it is a folder, list it.", "path"),
        { Address: { } address } => new Error(ErrorCode.NotFound, $"'{path}' is a reference; its bytes are at {address}, not here.", "path"),
        _ => new Error(ErrorCode.Unavailable, $"The content of '{path}' ({entry.Sha256}) is not there. Run `runstone admin check`.", "path"),
    };
}
