using Microsoft.AspNetCore.Http.Features;
using Runstone.Core.Errors;

namespace Runstone.Server.Hosting;

/// <summary>
/// What holds for every request while the server has no access control: it must be meant for this server (a name that an
/// attacker resolves to its address is not), may change something only when it does not come from another site's page, and its
/// path must not climb out of a folder.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, PublicAddresses addresses, ResponseHeaders headers)
{
    /// <summary>Bytes of a request's body, artifact uploads excepted.</summary>
    public const long MaxBodySize = 64L << 20;

    public Task InvokeAsync(HttpContext context)
    {
        headers.Add(context);
        return Check(context.Request) is { } error ? ErrorMapping.WriteAsync(context, error) : next(context);
    }

    private Error? Check(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (RawPath.FindDotSegment(target) is { } path)
            return Error.Invalid("path", $"The path '{path}' is not allowed: it contains a segment '.' or '..'.");
        if (IsProbe(request.Path))
            return null;
        if (!addresses.Knows(request.Host))
            return new Error(ErrorCode.Forbidden, $"The host '{request.Host}' is not this server. Use {addresses.Accepted}; whoever runs the server adds others with --public-url.", "Host");
        return IsForeign(request)
            ? new Error(ErrorCode.Forbidden, $"A page of {request.Headers.Origin} may not change anything here. Send the request without an Origin header, or from this server's own page.", "Origin")
            : null;
    }

    // Probes of supervisors address the server by whatever name they know; these answers reveal and change nothing.
    private static bool IsProbe(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal) || path == "/version" || path == Telemetry.MetricsPath;

    private bool IsForeign(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        var origin = request.Headers.Origin;
        return origin.Count > 0 && !addresses.IsOwnPage(origin.ToString(), request.Scheme, request.Host);
    }
}
