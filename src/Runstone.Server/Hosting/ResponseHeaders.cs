namespace Runstone.Server.Hosting;

/// <summary>The headers of every answer.</summary>
internal sealed class ResponseHeaders(ServerDrain drain)
{
    public const string RequestId = "X-Request-Id";

    public void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "SAMEORIGIN";
        headers[RequestId] = context.TraceIdentifier;
        if (drain.IsDraining)
            headers.Connection = "close";
    }
}
