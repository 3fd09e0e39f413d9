using System.Runtime.InteropServices;
using Runstone.Protocol;

namespace Runstone.Client.Runs;

/// <summary>Ends the runs that are open when the process is stopped, exits or crashes.</summary>
internal static class ProcessWatch
{
    /// <summary>How long a process that ends is held up for the upload; the rest is on disk.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(3);

    private static readonly Lock Gate = new();
    private static readonly Dictionary<RunSession, Run> Open = [];
    private static List<PosixSignalRegistration>? s_signals;

    public static void Add(Run run)
    {
        lock (Gate)
        {
            Open[run.Session] = run;
            if (s_signals is not null)
                return;
            s_signals = [];
            AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAll(Environment.ExitCode == 0 ? RunStatuses.Finished : RunStatuses.Failed, null);
            AppDomain.CurrentDomain.UnhandledException += (_, e) => EndAll(RunStatuses.Failed, e.ExceptionObject as Exception);
            foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
                Register(signal);
        }
    }

    public static void Remove(RunSession session)
    {
        lock (Gate)
            Open.Remove(session);
    }

    private static void Register(PosixSignal signal)
    {
        try
        {
            s_signals!.Add(PosixSignalRegistration.Create(signal, _ => OnSignal()));
        }
        catch (Exception e) when (e is PlatformNotSupportedException or IOException)
        {
            // This system has no such signal.
        }
    }

    // The program may handle the signal itself and go on, so the log stays open: only the status is written.
    private static void OnSignal()
    {
        foreach (var run in Snapshot())
            run.MarkStatus(RunStatuses.Killed);
        Wait(Snapshot().Select(r => (Task)r.FlushAsync(LastPatience)));
    }

    private static void EndAll(string status, Exception? exception)
    {
        var runs = Snapshot();
        foreach (var run in runs)
        {
            if (exception is not null)
                run.Fail(exception);
            run.Session.End(run.StatusOr(status));
        }

        Wait(runs.Select(r => r.Session.UploadEnded));
    }

    private static Run[] Snapshot()
    {
        lock (Gate)
            return [.. Open.Values];
    }

    private static void Wait(IEnumerable<Task> uploads) => Task.WaitAll([.. uploads], LastPatience);
}
