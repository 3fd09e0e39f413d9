using Runstone.Core.Errors;

namespace Runstone.Server.Hosting;

/// <summary>Tells clients when to send a request again that failed for reasons that pass.</summary>
internal static class RetryAdvice
{
    private const string Seconds = "1";

    /// <summary>Adds the header <c>Retry-After</c> when the answer says that the server is busy or not available.</summary>
    public static void Add(HttpResponse response, Error error)
    {
        if (error.Code == ErrorCode.Busy || (error.Code == ErrorCode.Unavailable && response.StatusCode == StatusCodes.Status503ServiceUnavailable))
            response.Headers.RetryAfter = Seconds;
    }

    /// <summary>The same for an answer with several results of which one is this failure.</summary>
    public static void AddToPart(HttpResponse response, Error error)
    {
        if (error.Code is ErrorCode.Busy or ErrorCode.Unavailable)
            response.Headers.RetryAfter = Seconds;
    }
}
