using Runstone.Core.Errors;

namespace Runstone.Server.Hosting;

/// <summary>Catches what endpoints throw and answers with it. What is not foreseen is logged and becomes a 500 without details.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ResponseHeaders headers, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsUnanswered(context.Response))
                await ErrorMapping.WriteAsync(context, BadRequests.ExplainStatus(context), context.Response.StatusCode);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // Nobody is left to read an answer.
            context.Abort();
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, e);
        }
        catch (Exception e)
        {
            // The status is sent: cutting the connection is the only way to say that the answer is not complete.
            LogFailed(e, context.Request.Method, context.Request.Path);
            context.Abort();
        }
    }

    // Routing and binding answer with a bare status when no route has the path, the method, the parameters, or the kind or size of the body.
    private static bool IsUnanswered(HttpResponse response) => !response.HasStarted && response.ContentType is null && response.StatusCode
        is StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status415UnsupportedMediaType
        or StatusCodes.Status413PayloadTooLarge;

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        context.Response.Clear();
        headers.Add(context);
        switch (exception)
        {
            case RunstoneException known:
                return ErrorMapping.WriteAsync(context, known.Error);
            case BadHttpRequestException bad:
                return ErrorMapping.WriteAsync(context, BadRequests.Explain(bad), bad.StatusCode);
            default:
                LogFailed(exception, context.Request.Method, context.Request.Path);
                var error = new Error(ErrorCode.Unavailable, "The server failed unexpectedly; its log has the cause. Nothing is known to be wrong with the request.");
                return ErrorMapping.WriteAsync(context, error, StatusCodes.Status500InternalServerError);
        }
    }

    [LoggerMessage(2001, LogLevel.Error, "{Method} {Path} failed.")]
    private partial void LogFailed(Exception exception, string method, PathString path);
}
