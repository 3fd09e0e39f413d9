using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client;

/// <content>How calls become records.</content>
public sealed partial class Run
{
    /// <summary>Every integer of magnitude up to this one is a double.</summary>
    private const long MaxExact = 1L << 53;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    internal static bool TrySplit(decimal step, out long whole, out int micros)
    {
        (whole, micros) = (0, 0);
        var floor = decimal.Floor(step);
        if (floor < long.MinValue || floor > long.MaxValue - 1)
            return false;
        whole = (long)floor;
        micros = (int)decimal.Round((step - floor) * 1_000_000m);
        if (micros == 1_000_000)
            (whole, micros) = (whole + 1, 0);
        return true;
    }

    /// <summary>Writes a status without ending the log, for a signal after which the process may go on or not.</summary>
    internal void MarkStatus(string status)
    {
        _status ??= status;
        Write(RecordType.Facts, new LogRequest { Status = status, EndTime = Now }, RunstoneJson.Default.LogRequest);
    }

    /// <summary>The status that was decided on, or this one.</summary>
    internal string StatusOr(string status) => _status ?? status;

    internal void Write<T>(RecordType type, T content, JsonTypeInfo<T> json)
    {
        try
        {
            if (_writer is not null && _writer.Write(type, JsonSerializer.SerializeToUtf8Bytes(content, json)))
                _session.WroteRecord(type);
            else
                NotWritten();
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or JsonException or OutOfMemoryException)
        {
            _session.Report(DiagnosticLevel.Error, DiagnosticCodes.InvalidCall, $"A value cannot be written: {e.Message}", e);
        }
    }

    private void WritePoint(string key, long step, int micros, long time, double value)
    {
        if (key is null || _writer is null || !_writer.WritePoint(key, step, micros, time, value))
            PointNotWritten(key);
    }

    private void WritePoint(string key, long step, int micros, long time, long value)
    {
        if (value is >= -MaxExact and <= MaxExact || (Int128)(double)value == value)
            WritePoint(key, step, micros, time, (double)value);
        else if (key is null || _writer is null || !_writer.WritePoint(key, step, micros, time, PointPayload.OfWhole(value), RecordType.Integer))
            PointNotWritten(key);
    }

    private void PointNotWritten(string? key)
    {
        if (key is null)
            Ignore(DiagnosticCodes.InvalidCall, "A metric was logged with null as its key.");
        else
            NotWritten();
    }

    private void NotWritten()
    {
        if (_writer is null)
            _session.CountDropped();
        else if (_writer.IsClosed)
            _session.ReportOnce(DiagnosticLevel.Warning, DiagnosticCodes.RunHasEnded, "Something was logged after the run had ended; it is ignored.");
    }

    private void WriteParam(string key, string value) => Write(
        RecordType.Facts, new LogRequest { Params = new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value } }, RunstoneJson.Default.LogRequest);

    private void ReportParam(string key, Exception e) => _session.Report(
        DiagnosticLevel.Warning, DiagnosticCodes.InvalidCall, $"The param '{key}' is left out: reading it failed ({e.Message}).", e);

    private bool CheckKey(string? key, string method)
    {
        if (!string.IsNullOrEmpty(key))
            return true;
        Ignore(DiagnosticCodes.InvalidCall, $"{method} was called without a key.");
        return false;
    }

    private void Ignore(string code, string message) => _session.ReportOnce(DiagnosticLevel.Warning, code, message + " The call is ignored.");
}
