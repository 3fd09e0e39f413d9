using System.Security.Cryptography;
using System.Text.Json;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Runs;

/// <summary>A run that ended as finished because nothing else was said, and may turn out to have failed.</summary>
/// <param name="Session">What stood behind it.</param>
/// <param name="Opened">The moment (<see cref="ThrowMoments"/>) at which it started.</param>
/// <param name="Closed">The moment at which it ended.</param>
/// <param name="EndTime">Unix milliseconds of its end.</param>
internal sealed record EndedRun(RunSession Session, long Opened, long Closed, long EndTime)
{
    /// <summary>
    /// Writes the other end to an outbox of its own: the one of the run may be uploaded and gone already, or be on its way. False
    /// when it cannot be written.
    /// </summary>
    public bool TryWriteFailure(Exception exception)
    {
        var options = Session.Options;
        var end = new LogRequest
        {
            Status = RunStatuses.Failed,
            EndTime = EndTime,
            Tags = new Dictionary<string, string?>(StringComparer.Ordinal) { [Run.ErrorTag] = Run.ErrorText(exception) },
        };
        try
        {
            var meta = Session.Folder!.Meta with
            {
                Source = RandomNumberGenerator.GetHexString(32, lowercase: true),
                CreatedAt = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            };
            using var folder = OutboxFolder.Create(OutboxFolder.Home(options.HomeFolder), meta);
            using var writer = new OutboxWriter(folder, OutboxFormat.FirstSegmentBytes, options.TimeProvider, _ => { });
            return writer.Write(RecordType.End, JsonSerializer.SerializeToUtf8Bytes(end, RunstoneJson.Default.LogRequest));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Session.Report(DiagnosticLevel.Error, DiagnosticCodes.OutboxUnwritable, $"The run failed, but that cannot be written to disk: {e.Message}", e);
            return false;
        }
    }

    /// <summary>Sends what <see cref="TryWriteFailure"/> wrote, after the run itself; what does not get through stays for the next sync. Never fails.</summary>
    public async Task SendAsync(TimeSpan patience)
    {
        // The run itself is still on disk, and so it goes out before this with the next sync.
        if (Session.Client.Uploads.Sender.IsUnreachable)
            return;
        try
        {
            await Session.UploadEnded;
            var options = new OutboxSyncOptions
            {
                HomeFolder = Session.Options.HomeFolder,
                RunId = Session.RunId,
                Patience = patience,
                Client = Session.Options,
            };
            var results = await new OutboxSync(options).RunAsync();
            if (results.Any(r => r.Outcome != OutboxSyncOutcome.Synced))
                Session.Report(DiagnosticLevel.Warning, DiagnosticCodes.LeftForSync, "That the run failed is not uploaded yet. `runstone sync` sends it.");
        }
        catch (Exception e)
        {
            Session.Report(DiagnosticLevel.Error, DiagnosticCodes.InternalError, $"That the run failed was not sent: {e.Message} `runstone sync` tries again.", e);
        }
    }
}
