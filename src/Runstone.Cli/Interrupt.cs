using System.Runtime.InteropServices;

namespace Runstone.Cli;

/// <summary>Turns Ctrl-C and a request to end into a cancelled token, and remembers which of them it was.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public CancellationToken Token => _source.Token;

    /// <summary>What the process returns when it ends because of the signal.</summary>
    public int ExitCode { get; private set; } = Errors.ExitCode.Interrupted;

    /// <summary>From here on the first signal cancels; a second one ends the process at once.</summary>
    public void Listen()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Cancel(c, Errors.ExitCode.Interrupted)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Cancel(c, Errors.ExitCode.Terminated)));
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext context, int exitCode)
    {
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        ExitCode = exitCode;
        _source.Cancel();
    }
}
