using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.StaticFiles;
using Runstone.Core.Artifacts;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Sends a file, whole or one range of it, as a download that no browser runs.</summary>
internal static class ArtifactDownload
{
    private const int BufferSize = 128 * 1024;

    // Shown as plain text whatever they hold, as the original does.
    private static readonly HashSet<string> TextExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".log", ".err", ".cfg", ".conf", ".cnf", ".cf", ".ini", ".properties", ".prop", ".hocon", ".toml", ".yaml", ".yml",
        ".xml", ".json", ".js", ".py", ".py3", ".csv", ".tsv", ".md", ".rst",
    };

    private static readonly FileExtensionContentTypeProvider Types = new();

    public static async Task SendAsync(HttpContext context, ArtifactService artifacts, Artifact artifact)
    {
        var name = artifact.Path[(artifact.Path.LastIndexOf('/') + 1)..];
        var tag = $"\"{artifact.Blob.Sha256}\"";
        var (offset, length) = (0L, artifact.Blob.Size);
        var headers = context.Response.Headers;
        headers.AcceptRanges = "bytes";
        headers.ETag = tag;
        if (RangeOf(context.Request, tag) is { } range)
        {
            (offset, length) = Resolve(range, artifact.Blob.Size);
            if (length <= 0)
            {
                context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{artifact.Blob.Size}");
                return;
            }

            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{artifact.Blob.Size}");
        }

        await using var content = await artifacts.OpenAsync(artifact, offset, length, context.RequestAborted);
        context.Response.ContentType = TypeOf(name);
        context.Response.ContentLength = length;
        headers.ContentDisposition = DispositionOf(name);
        await content.CopyToAsync(context.Response.Body, BufferSize, context.RequestAborted);
    }

    private static string TypeOf(string name)
    {
        if (TextExtensions.Contains(Path.GetExtension(name)) || name is "MLmodel" or "MLproject")
            return "text/plain";
        return Types.TryGetContentType(name, out var type) ? type : "application/octet-stream";
    }

    private static string DispositionOf(string name)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        if (name.All(c => char.IsAscii(c) && !char.IsControl(c) && c is not ('"' or '\\')))
            disposition.FileName = $"\"{name}\"";
        else
            disposition.FileNameStar = name;
        return disposition.ToString();
    }

    /// <summary>The one range asked for; several ranges, or a range of another version of the file, mean the whole file.</summary>
    private static RangeItemHeaderValue? RangeOf(HttpRequest request, string tag)
    {
        if (request.Headers.IfRange is { Count: > 0 } condition && condition != tag)
            return null;
        return RangeHeaderValue.TryParse(request.Headers.Range, out var value) && value is { Unit: "bytes", Ranges.Count: 1 }
            ? value.Ranges.First() : null;
    }

    /// <summary>Where the range begins and how long it is; a length of 0 is outside of the file.</summary>
    private static (long Offset, long Length) Resolve(RangeItemHeaderValue range, long size)
    {
        if (range.From is not { } from)
        {
            var suffix = Math.Min(range.To ?? 0, size);
            return (size - suffix, suffix);
        }

        return from >= size ? (0, 0) : (from, Math.Min(range.To ?? long.MaxValue, size - 1) - from + 1);
    }
}
