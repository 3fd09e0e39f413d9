using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Protocol;

namespace Runstone.Server.Hosting;

/// <summary>The one place where failures become answers of the native API: RFC 9457 problem details.</summary>
internal static class ErrorMapping
{
    private const string ContentType = "application/problem+json";

    public static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.AlreadyExists or ErrorCode.Conflict => StatusCodes.Status409Conflict,
        ErrorCode.Invalid => StatusCodes.Status400BadRequest,
        ErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCode.StorageFull => StatusCodes.Status507InsufficientStorage,
        ErrorCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorCode.Busy => StatusCodes.Status429TooManyRequests,
        ErrorCode.Unsupported => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static Problem ToProblem(Error error, int status, string requestId)
    {
        var code = WordOf(error.Code);
        return new Problem($"urn:runstone:error:{code}", TitleOf(error.Code), status, error.Message, code, FieldOf(error.Field), requestId);
    }

    public static string WordOf(ErrorCode code) => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    /// <summary>Answers with the error in the format of whoever owns the path.</summary>
    public static Task WriteAsync(HttpContext context, Error error, int? status = null)
    {
        var shown = status ?? StatusOf(error.Code);
        var owner = context.RequestServices.GetServices<ICompatAdapter>().FirstOrDefault(a => a.Owns(context.Request.Path));
        return owner is null ? WriteProblemAsync(context, error, shown) : owner.WriteErrorAsync(context, error, shown);
    }

    private static Task WriteProblemAsync(HttpContext context, Error error, int status)
    {
        context.Response.StatusCode = status;
        RetryAdvice.Add(context.Response, error);
        return context.Response.WriteAsJsonAsync(ToProblem(error, status, context.TraceIdentifier), ServerJson.Context.Problem, ContentType, CancellationToken.None);
    }

    // The domain names fields as its own language does; the native API writes them in camel case.
    private static string? FieldOf(string? field) =>
        field is null || !field.Contains('_', StringComparison.Ordinal) ? field : string.Concat(field.Split('_').Select(
            (word, i) => i == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static string TitleOf(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => "Not found",
        ErrorCode.AlreadyExists => "Already exists",
        ErrorCode.Invalid => "The request is wrong",
        ErrorCode.Conflict => "Not possible in the present state",
        ErrorCode.Forbidden => "Not allowed",
        ErrorCode.TooLarge => "Too large",
        ErrorCode.StorageFull => "Out of space",
        ErrorCode.Unavailable => "Not available now",
        ErrorCode.Busy => "Too much at once",
        ErrorCode.Unsupported => "Not supported",
        _ => "Error",
    };
}
