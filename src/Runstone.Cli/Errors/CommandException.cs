namespace Runstone.Cli.Errors;

/// <summary>A command cannot do what was asked, for a reason that the person who asked can remove.</summary>
internal sealed class CommandException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException Usage(string message) => new(Errors.ExitCode.Usage, message);

    public static CommandException NotFound(string message) => new(Errors.ExitCode.NotFound, message);
}
