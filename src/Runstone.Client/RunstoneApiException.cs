using System.Net;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>
/// A question to the server failed: it refused (<see cref="Problem"/> says why) or could not be reached. Only the query side throws
/// it; logging never does.
/// </summary>
public sealed class RunstoneApiException : Exception
{
    /// <summary>The value of <see cref="Code"/> when no server answered.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The value of <see cref="Code"/> when the answer is not what a Runstone server says.</summary>
    public const string UnexpectedAnswer = "unexpected_answer";

    internal RunstoneApiException(Problem problem, HttpStatusCode? statusCode, Exception? inner = null)
        : base(problem.Detail, inner) => (Problem, StatusCode) = (problem, statusCode);

    /// <summary>What the server said, or what the client makes of its silence.</summary>
    public Problem Problem { get; }

    /// <summary>The HTTP status; null when no server answered.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>
    /// The kind of error, snake case: <c>not_found</c>, <c>already_exists</c>, <c>invalid</c>, <c>conflict</c>, <c>forbidden</c>,
    /// <c>too_large</c>, <c>storage_full</c>, <c>unavailable</c>, <c>busy</c>, <c>unsupported</c>, <see cref="Unreachable"/>,
    /// <see cref="UnexpectedAnswer"/>.
    /// </summary>
    public string Code => Problem.Code;

    /// <summary>The field, parameter or path at fault; null when there is none.</summary>
    public string? Field => Problem.Field;

    /// <summary>What is wrong and what would be accepted.</summary>
    public string Detail => Problem.Detail;

    /// <summary>How long the server asks to wait before the request is sent again; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    internal static RunstoneApiException NotReachable(Uri address, Exception inner) =>
        Of(Unreachable, "No server answers", $"No server answers at {address}: {inner.Message} Start one, or set RUNSTONE_TRACKING_URI.", inner);

    internal static RunstoneApiException Unexpected(string detail, HttpStatusCode? status = null, Exception? inner = null) =>
        new(new Problem("urn:runstone:error:unexpected", "Unexpected answer", (int)(status ?? 0), detail, UnexpectedAnswer, null), status, inner);

    private static RunstoneApiException Of(string code, string title, string detail, Exception inner) =>
        new(new Problem("urn:runstone:error:" + code, title, 0, detail, code, null), null, inner);
}
