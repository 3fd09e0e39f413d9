using Runstone.Client.Diagnostics;
using Runstone.Client.Outbox;

namespace Runstone.Client.Upload;

/// <summary>Remembers what is acknowledged, on disk and for those who wait for it; removes segments that are through.</summary>
internal sealed class SentTracker
{
    private readonly OutboxFolder _folder;
    private readonly DiagnosticSink _diagnostics;
    private readonly Lock _lock = new();
    private SentState _state;
    private long _rejected;

    public SentTracker(OutboxFolder folder, DiagnosticSink diagnostics)
    {
        (_folder, _diagnostics) = (folder, diagnostics);
        _state = folder.ReadSent();
    }

    /// <summary>Pulses after every acknowledgement.</summary>
    public AsyncPulse Changed { get; } = new();

    public SentState State => Volatile.Read(ref _state);

    /// <summary>Whether the records before this one, and the files among them, are acknowledged or set aside.</summary>
    public bool Reaches(long ordinal) => State is var state && state.Log.Ordinal >= ordinal && state.Files.Ordinal >= ordinal;

    /// <summary>Records that were set aside.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>The batch that ends there is about to be sent.</summary>
    public void Begin(OutboxPosition end) => Change(s => s with { Pending = end });

    /// <summary>Everything before is acknowledged, files excepted.</summary>
    public void Acknowledge(OutboxPosition end) => Change(s => s with { Log = end, Pending = null });

    /// <summary>All files before are acknowledged.</summary>
    public void AcknowledgeFiles(OutboxPosition end) => Change(s => s with { Files = end });

    /// <summary>Sets a record aside and says so once.</summary>
    public void Reject(RejectedRecord record, Exception? reason)
    {
        Interlocked.Increment(ref _rejected);
        try
        {
            lock (_lock)
                _folder.AppendRejected(record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ReportUnwritable(e);
        }

        _diagnostics.ReportOnce(
            DiagnosticLevel.Error, DiagnosticCodes.RecordRejected,
            $"A record of the run was set aside for good: {record.Detail} It and any other one are in {_folder.RejectedPath}.",
            _folder.Meta.RunId, reason);
    }

    private void Change(Func<SentState, SentState> change)
    {
        lock (_lock)
        {
            var before = Math.Min(_state.Log.Segment, _state.Files.Segment);
            Volatile.Write(ref _state, change(_state));
            try
            {
                _folder.WriteSent(_state);
                for (var number = before; number < Math.Min(_state.Log.Segment, _state.Files.Segment); number++)
                    RemoveSegment(number);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The server knows the sequence numbers: what is sent again after a crash is not doubled.
                ReportUnwritable(e);
            }
        }

        Changed.Pulse();
    }

    private void RemoveSegment(int number)
    {
        try
        {
            File.Delete(_folder.SegmentPath(number));
        }
        catch (IOException)
        {
            // Still mapped somewhere; it goes with the folder.
        }
    }

    private void ReportUnwritable(Exception e) =>
        _diagnostics.ReportOnce(
            DiagnosticLevel.Error, DiagnosticCodes.OutboxUnwritable, $"{_folder.Path} cannot be written: {e.Message}", _folder.Meta.RunId, e);
}
