using Runstone.Client;

namespace Runstone.Cli.Errors;

/// <summary>The end of a command that failed.</summary>
/// <param name="ExitCode">One of <see cref="Errors.ExitCode"/>.</param>
/// <param name="Message">What is wrong and what to do; null when there is nothing to say.</param>
internal sealed record ErrorReport(int ExitCode, string? Message)
{
    /// <summary>The one place where failures become exit codes and messages.</summary>
    public static ErrorReport Of(Exception exception, Interrupt interrupt) => exception switch
    {
        OutputClosedException => new(Errors.ExitCode.OutputClosed, null),
        OperationCanceledException when interrupt.Token.IsCancellationRequested => new(interrupt.ExitCode, "stopped before the end."),
        CommandException e => new(e.ExitCode, e.Message),
        RunstoneApiException e => new(CodeOf(e), MessageOf(e)),
        UnauthorizedAccessException or IOException => new(Errors.ExitCode.Failure, exception.Message),
        _ => new(Errors.ExitCode.Failure, $"a mistake in this program, please report it: {exception}"),
    };

    private static int CodeOf(RunstoneApiException exception) => exception.Code switch
    {
        RunstoneApiException.Unreachable or "unavailable" => Errors.ExitCode.Unreachable,
        RunstoneApiException.UnexpectedAnswer => Errors.ExitCode.Failure,
        "not_found" => Errors.ExitCode.NotFound,
        "invalid" => Errors.ExitCode.Usage,
        _ => Errors.ExitCode.Refused,
    };

    private static string MessageOf(RunstoneApiException exception) => exception.Code switch
    {
        RunstoneApiException.Unreachable => $"{exception.Detail} 'runstone serve' starts one, --server <address> names another.",
        RunstoneApiException.UnexpectedAnswer => $"{exception.Detail} Check the address given with --server or RUNSTONE_TRACKING_URI.",
        _ => exception.Detail,
    };
}
