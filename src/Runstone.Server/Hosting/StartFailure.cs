namespace Runstone.Server.Hosting;

/// <summary>What the process returns; listed in the help text.</summary>
internal static class ExitCodes
{
    public const int Stopped = 0;
    public const int Unexpected = 1;
    public const int WrongOptions = 2;
    public const int CannotListen = 3;
    public const int Storage = 4;
}

/// <summary>The server cannot start, for a reason that the person who starts it can remove.</summary>
/// <param name="exitCode">One of the exit codes in the help text.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class StartFailure(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
