using Microsoft.AspNetCore.Http.Features;
using Runstone.Core.Errors;

namespace Runstone.Server.Hosting;

/// <summary>
/// Lets a request with a body begin only when there is memory for the body, and holds that memory until its end. What comes in
/// faster than the store writes it is refused instead of kept.
/// </summary>
internal sealed class RequestMemoryGuard(RequestDelegate next, RequestMemory memory, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<StreamedBody>() is null
            ? HoldAsync(context)
            : next(context);

    private async Task HoldAsync(HttpContext context)
    {
        var length = context.Request.ContentLength;
        var body = length is null ? new GrowingBody(context.Request.Body, memory) : null;
        try
        {
            await memory.TakeAsync(length ?? RequestMemory.Step, more: false, context.RequestAborted);
        }
        catch (RunstoneException)
        {
            await DiscardAsync(context.Request);
            throw;
        }

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

    // A client that still sends when the connection closes sees a broken connection instead of the answer.
    private async Task DiscardAsync(HttpRequest request)
    {
        if (request.Headers.Expect.Count > 0)
            return;
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, request.HttpContext.RequestAborted);
        try
        {
            await request.Body.CopyToAsync(Stream.Null, either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Too slow, too large or gone.
        }
    }
}
