using System.Buffers;
using System.Diagnostics;

namespace Runstone.Server.Hosting;

/// <summary>
/// Gives a request the id under which the client, the log and the answer speak of it, and logs one line a request when asked to
/// be verbose.
/// </summary>
internal sealed partial class RequestIdentity(RequestDelegate next, TimeProvider time, ILogger<RequestIdentity> logger)
{
    private const int MaxLength = 64;
    private const string Tag = "runstone.request.id";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[ResponseHeaders.RequestId];
        context.TraceIdentifier = given.Count == 1 && IsValid(given[0]) ? given[0]! : context.TraceIdentifier.Replace(':', '-');
        Activity.Current?.SetTag(Tag, context.TraceIdentifier);
        return logger.IsEnabled(LogLevel.Information) ? LoggedAsync(context) : next(context);
    }

    /// <summary>The id of the request in which the caller runs; null outside of requests.</summary>
    public static string? Current
    {
        get
        {
            for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            {
                if (activity.GetTagItem(Tag) is string id)
                    return id;
            }

            return null;
        }
    }

    private static bool IsValid(string? id) => id is { Length: > 0 and <= MaxLength } && !id.AsSpan().ContainsAnyExcept(Allowed);

    private async Task LoggedAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            // The template, not the path: the log is not to be filled by whoever makes up addresses.
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "-";
            LogAnswered(
                context.Request.Method, route, context.Response.StatusCode, time.GetElapsedTime(started).TotalMilliseconds,
                context.Request.ContentLength, context.Response.ContentLength, context.TraceIdentifier);
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds:0.0} ms, {BytesIn} bytes in, {BytesOut} bytes out, {RequestId}")]
    private partial void LogAnswered(
        string method, string route, int status, double milliseconds, long? bytesIn, long? bytesOut, string requestId);
}
