using Microsoft.AspNetCore.Http.Features;

namespace Runstone.Server.Hosting;

/// <summary>
/// Lets a request with a body begin only when there is memory for the body, and holds that memory until its end. What comes in
/// faster than the store writes it is refused instead of kept.
/// </summary>
internal sealed class RequestMemoryGuard(RequestDelegate next, RequestMemory memory)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<StreamedBody>() is null
            ? HoldAsync(context)
            : next(context);

    private async Task HoldAsync(HttpContext context)
    {
        var length = context.Request.ContentLength;
        var body = length is null ? new GrowingBody(context.Request.Body, memory) : null;
        await memory.TakeAsync(length ?? RequestMemory.Step, more: false, context.RequestAborted);
        try
        {
            if (body is not null)
                context.Request.Body = body;
            await next(context);
        }
        finally
        {
            memory.Return(length ?? body!.Taken);
        }
    }
}
