using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Runstone.Protocol;

namespace Runstone.Client.Runs;

/// <summary>
/// Ends the runs that are open when the process is stopped, exits or crashes, and corrects those that an exception ended before it
/// was known that nobody would catch it.
/// </summary>
internal static class ProcessWatch
{
    /// <summary>Runs that ended and are remembered for a crash; older ones stay as they are.</summary>
    private const int MaxEnded = 1_000;

    /// <summary>How long a process that ends is held up for the upload; the rest is on disk.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan CrashPatience = TimeSpan.FromSeconds(5);
    private static readonly Lock Gate = new();
    private static readonly Dictionary<RunSession, (Run Run, long Opened)> Open = [];
    private static readonly LinkedList<EndedRun> Ended = [];
    private static readonly ConditionalWeakTable<TrackingClient, object> Clients = [];
    private static List<PosixSignalRegistration>? s_signals;

    /// <summary>The client may have something to say at the end of the process.</summary>
    public static void Add(TrackingClient client) => Clients.TryAdd(client, client);

    public static void Add(Run run)
    {
        lock (Gate)
        {
            Open[run.Session] = (run, ThrowMoments.Open());
            // A run that is resumed ends anew.
            Forget(run.Id);
            if (s_signals is not null)
                return;
            s_signals = [];
            ThrowMoments.Listen();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => OnExit();
            AppDomain.CurrentDomain.UnhandledException += (_, e) => OnCrash(e.ExceptionObject as Exception);
            foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
                Register(signal);
        }
    }

    /// <summary>The run ends.</summary>
    /// <param name="session">The run.</param>
    /// <param name="endTime">Unix milliseconds.</param>
    /// <param name="isAssumed">Nobody said how it ends.</param>
    public static void Remove(RunSession session, long endTime, bool isAssumed)
    {
        lock (Gate)
        {
            if (!Open.Remove(session, out var open))
                return;
            var closed = ThrowMoments.Close();
            if (!isAssumed || session.Folder is null)
                return;
            Ended.AddLast(new EndedRun(session, open.Opened, closed, endTime));
            if (Ended.Count > MaxEnded)
                Ended.RemoveFirst();
        }
    }

    private static void Forget(string runId)
    {
        for (var node = Ended.First; node is not null;)
        {
            var next = node.Next;
            if (string.Equals(node.Value.Session.RunId, runId, StringComparison.Ordinal))
                Ended.Remove(node);
            node = next;
        }
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
        var runs = Snapshot();
        foreach (var run in runs)
            run.MarkStatus(RunStatuses.Killed);
        Task.WaitAll([.. runs.Select(r => (Task)r.FlushAsync(LastPatience))], LastPatience);
    }

    private static void OnExit()
    {
        var status = Environment.ExitCode == 0 ? RunStatuses.Finished : RunStatuses.Failed;
        var runs = Snapshot();
        foreach (var run in runs)
            run.Session.End(run.StatusOr(status));
        Task.WaitAll([.. runs.Select(LastDrainAsync)], LastPatience);
        ReportLeft();
    }

    // Everything is on disk before anything is waited for.
    private static void OnCrash(Exception? exception)
    {
        var runs = Snapshot();
        foreach (var run in runs)
        {
            if (exception is not null)
                run.Fail(exception);
            run.Session.End(run.StatusOr(RunStatuses.Failed));
        }

        var failed = exception is null ? [] : EndedBy(exception).Where(r => r.TryWriteFailure(exception)).ToList();
        Task.WaitAll([.. runs.Select(LastDrainAsync), .. failed.Select(r => r.SendAsync(CrashPatience))], CrashPatience);
        ReportLeft();
    }

    private static Task LastDrainAsync(Run run) => run.Session.Client.Drain.WaitAsync(run.Session.UploadEnded, LastPatience);

    private static void ReportLeft()
    {
        foreach (var (client, _) in Clients)
            client.ReportLeft();
    }

    private static List<EndedRun> EndedBy(Exception exception)
    {
        lock (Gate)
            return [.. Ended.Where(r => ThrowMoments.WasThrown(exception, r.Opened, r.Closed))];
    }

    private static Run[] Snapshot()
    {
        lock (Gate)
            return [.. Open.Values.Select(o => o.Run)];
    }
}
