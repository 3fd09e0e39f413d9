namespace Runstone.Cli.Errors;

/// <summary>What the process returns; docs/how-to/use-the-command-line.md lists the same.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Unreachable = 4;
    public const int Refused = 5;
    public const int Interrupted = 130;
    public const int OutputClosed = 141;
    public const int Terminated = 143;

    public static readonly IReadOnlyList<int> All = [Ok, Failure, Usage, NotFound, Unreachable, Refused, Interrupted, OutputClosed, Terminated];
}
