using System.Diagnostics.Tracing;

namespace Runstone.Client.Diagnostics;

/// <summary>Passes diagnostics to the user's callback and to the event source, once each kind and run where that is enough.</summary>
internal sealed class DiagnosticSink(Action<ClientDiagnostic>? callback)
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string Code, string? RunId)> _told = [];

    public void Report(DiagnosticLevel level, string code, string message, string? runId = null, Exception? exception = null)
    {
        RunstoneEventSource.Log.Write(level, code, message, runId);
        var diagnostic = new ClientDiagnostic(level, code, message, runId, exception);
        lock (_lock)
        {
            try
            {
                if (callback is not null)
                    callback(diagnostic);
                else if (level != DiagnosticLevel.Information)
                    Console.Error.WriteLine("runstone: " + message);
            }
            catch (Exception e)
            {
                RunstoneEventSource.Log.Write(DiagnosticLevel.Error, DiagnosticCodes.InternalError, "The diagnostics callback failed: " + e.Message, runId);
            }
        }
    }

    /// <summary>Reports the first time only.</summary>
    public void ReportOnce(DiagnosticLevel level, string code, string message, string? runId = null, Exception? exception = null)
    {
        lock (_lock)
        {
            if (!_told.Add((code, runId)))
                return;
        }

        Report(level, code, message, runId, exception);
    }
}

/// <summary>The event source "Runstone-Client".</summary>
[EventSource(Name = "Runstone-Client")]
internal sealed class RunstoneEventSource : EventSource
{
    public static readonly RunstoneEventSource Log = new();

    [NonEvent]
    public void Write(DiagnosticLevel level, string code, string message, string? runId)
    {
        if (!IsEnabled())
            return;
        if (level == DiagnosticLevel.Information)
            Information(code, message, runId ?? "");
        else if (level == DiagnosticLevel.Warning)
            Warning(code, message, runId ?? "");
        else
            Error(code, message, runId ?? "");
    }

    [Event(1, Level = EventLevel.Informational)]
    public void Information(string code, string message, string runId) => WriteEvent(1, code, message, runId);

    [Event(2, Level = EventLevel.Warning)]
    public void Warning(string code, string message, string runId) => WriteEvent(2, code, message, runId);

    [Event(3, Level = EventLevel.Error)]
    public void Error(string code, string message, string runId) => WriteEvent(3, code, message, runId);
}
