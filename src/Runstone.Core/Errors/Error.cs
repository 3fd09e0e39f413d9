namespace Runstone.Core.Errors;

/// <summary>The closed set of ways in which a request can fail. Every edge maps it in one place.</summary>
public enum ErrorCode
{
    /// <summary>What the request names does not exist.</summary>
    NotFound,

    /// <summary>What the request wants to create exists.</summary>
    AlreadyExists,

    /// <summary>The request itself is wrong; sending it again will not help.</summary>
    Invalid,

    /// <summary>The request is well formed but the state of what it names forbids it (deleted, ended, already set).</summary>
    Conflict,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>A documented limit is exceeded.</summary>
    TooLarge,

    /// <summary>The disk or quota is full; nothing of the request was kept.</summary>
    StorageFull,

    /// <summary>The server cannot do this now; the same request may succeed later.</summary>
    Unavailable,

    /// <summary>Too much is waiting to be written; the same request succeeds after a pause.</summary>
    Busy,

    /// <summary>The server does not have this feature.</summary>
    Unsupported,
}

/// <summary>
/// One failure: what is wrong (<see cref="Message"/>), where (<see cref="Field"/>). A noun that needs more than text, because a
/// vendor phrases it differently, derives a record that carries the facts (see <c>RunErrors</c>).
/// </summary>
/// <param name="Code">The kind of failure.</param>
/// <param name="Message">A sentence for a person: what is wrong and what would be accepted.</param>
/// <param name="Field">The field, parameter or path at fault, as the domain names it; null when there is none.</param>
public record Error(ErrorCode Code, string Message, string? Field = null)
{
    /// <summary>The request is wrong in <paramref name="field"/>.</summary>
    public static Error Invalid(string field, string message) => new(ErrorCode.Invalid, message, field);
}

/// <summary>Carries an <see cref="Error"/> out of a use case. Thrown by services, mapped once at each edge.</summary>
public sealed class RunstoneException(Error error, Exception? inner = null) : Exception(error.Message, inner)
{
    /// <summary>The failure.</summary>
    public Error Error { get; } = error;
}
