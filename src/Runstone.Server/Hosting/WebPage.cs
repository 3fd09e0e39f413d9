using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Runstone.Server.Hosting;

/// <summary>
/// Serves the built page: its files, compressed as the build left them, and <c>index.html</c> for every address that the page
/// itself understands. When the page was not built, a page that says how to build it.
/// </summary>
internal sealed class WebPage
{
    private const string Policy =
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        + "font-src 'self' data:; frame-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'";

    // The frame in which what a run logged may run: without an origin, so that it is no part of the page, and without the network.
    private const string FrameName = "frame.html";
    private const string FramePolicy =
        "sandbox allow-scripts; default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; "
        + "media-src data: blob:; font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

    // Addresses of programs; a program that mistypes one must not get HTML.
    private static readonly PathString[] Programs = ["/api", "/ajax-api", "/openapi", "/health", "/version"];

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly RequestDelegate _next;
    private readonly IReadOnlyList<ICompatAdapter> _adapters;
    private readonly IFileProvider _files;

    [ActivatorUtilitiesConstructor]
    public WebPage(RequestDelegate next, IEnumerable<ICompatAdapter> adapters)
        : this(next, adapters, Path.Combine(AppContext.BaseDirectory, "wwwroot"))
    {
    }

    public WebPage(RequestDelegate next, IEnumerable<ICompatAdapter> adapters, string root)
    {
        _next = next;
        _adapters = [.. adapters];
        _files = Directory.Exists(root) ? new PhysicalFileProvider(root) : new NullFileProvider();
    }

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.GetEndpoint() is not null || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            return _next(context);
        var file = _files.GetFileInfo(request.Path.Value ?? "");
        if (file.Exists && !file.IsDirectory)
            return SendFileAsync(context, file, request.Path.Value!);
        return IsPageAddress(request) ? SendIndexAsync(context) : _next(context);
    }

    private bool IsPageAddress(HttpRequest request) =>
        request.Path == "/" || (!Array.Exists(Programs, p => request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase))
        && !_adapters.Any(a => a.Owns(request.Path))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));

    private Task SendIndexAsync(HttpContext context)
    {
        var index = _files.GetFileInfo("index.html");
        return index.Exists ? SendFileAsync(context, index, "index.html") : SendMissingAsync(context);
    }

    private static async Task SendMissingAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        await using var page = typeof(WebPage).Assembly.GetManifestResourceStream("Runstone.Server.PageMissing.html")!;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = page.Length;
        context.Response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsGet(context.Request.Method))
            await page.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task SendFileAsync(HttpContext context, IFileInfo file, string path)
    {
        var response = context.Response;

        // By the file that is sent: one file has many addresses (//frame.html).
        response.Headers.ContentSecurityPolicy = file.Name.Equals(FrameName, StringComparison.OrdinalIgnoreCase) ? FramePolicy : Policy;
        response.ContentType = ContentTypes.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        if (response.ContentType.StartsWith("text/", StringComparison.Ordinal))
            response.ContentType += "; charset=utf-8";

        // Names below assets/ hold a hash of the content.
        response.Headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        var sent = ChooseEncoding(context, file, path);
        var tag = $"\"{sent.LastModified.UtcTicks:x}-{sent.Length:x}\"";
        response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentLength = sent.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await response.SendFileAsync(sent, context.RequestAborted);
    }

    private IFileInfo ChooseEncoding(HttpContext context, IFileInfo file, string path)
    {
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        foreach (var (name, extension) in (ReadOnlySpan<(string, string)>)[("br", ".br"), ("gzip", ".gz")])
        {
            var compressed = _files.GetFileInfo(path + extension);
            if (!compressed.Exists || !accepted.Any(a => a.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && a.Quality is null or > 0))
                continue;
            context.Response.Headers.ContentEncoding = name;
            return compressed;
        }

        return file;
    }
}
