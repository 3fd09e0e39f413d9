using System.Text.Json;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>Uploads the files of an outbox, in order, once the run exists on the server.</summary>
internal sealed class FileLane(OutboxFolder folder, UploadContext context, SentTracker sent, Func<long?> written)
{
    private readonly AsyncPulse _more = new();
    private readonly MovingBytes _moving = new(sent.Changed, context.Sender);

    public bool MetDamage { get; private set; }

    /// <summary>Looks at the log again.</summary>
    public void Hurry() => _more.Pulse();

    /// <summary>Completes when all files before the record are through.</summary>
    public async Task ReachAsync(long ordinal, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = sent.Changed.Next;
            if (sent.State.Files.Ordinal >= ordinal)
                return;
            Hurry();
            await changed.WaitAsync(cancellationToken);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var reader = new OutboxReader(folder, sent.State.Files, _ => MetDamage = true);
        while (true)
        {
            var more = _more.Next;
            var last = written();
            if (sent.State.Log.Ordinal == 0)
            {
                // The run is created by the first record of the log.
                await Task.WhenAny(more, sent.Changed.Next, Task.Delay(context.Options.UploadInterval, context.Options.TimeProvider, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }

            var before = reader.Position;
            while (Next(reader) is { } found)
            {
                if (found.File is { } file)
                    await UploadAsync(file, found.Ordinal, cancellationToken);
                else
                    Reject(found.Ordinal, found.Text, "unreadable", "The record is not one of this version.");
                sent.AcknowledgeFiles(reader.Position);
                before = reader.Position;
            }

            if (reader.Position != before)
                sent.AcknowledgeFiles(reader.Position);
            if (last is null)
                return;
            await more.WaitAsync(cancellationToken);
        }
    }

    // Positions move over all records; the caller hears of files only.
    private static (long Ordinal, OutboxFile? File, string Text)? Next(OutboxReader reader)
    {
        while (reader.TryRead(out var record))
        {
            if (record.Type != RecordType.File)
                continue;
            var text = System.Text.Encoding.UTF8.GetString(record.Payload);
            try
            {
                return (record.Ordinal, JsonSerializer.Deserialize(text, OutboxJson.Default.OutboxFile), text);
            }
            catch (JsonException)
            {
                return (record.Ordinal, null, text);
            }
        }

        return null;
    }

    private async Task UploadAsync(OutboxFile file, long ordinal, CancellationToken cancellationToken)
    {
        var runId = folder.Meta.RunId;
        var local = file.Staged is null ? file.Source! : folder.StagedPath(file.Staged);
        SendResult result;
        RunstoneApiException? reason;
        try
        {
            (result, reason) = await context.Sender.SendAsync(
                runId, ct => context.Artifacts.UploadAsync(runId, file.Path, local, _moving, ct), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // It is the file and not the network, so another attempt would end in the same way.
            context.Diagnostics.Report(
                DiagnosticLevel.Error, DiagnosticCodes.FileUnreadable,
                $"The artifact '{file.Path}' cannot be uploaded: {e.Message} Log it with ArtifactStaging.Copy when the file does not stay.", runId, e);
            Reject(ordinal, JsonSerializer.Serialize(file, OutboxJson.Default.OutboxFile), "unreadable", e.Message);
            return;
        }

        if (result == SendResult.Sent && file.Media is { } item)
            (result, reason) = await context.Sender.SendAsync(runId, ct => context.Runs.LogAsync(runId, RequestOf(item, ordinal), ct), cancellationToken);
        if (result != SendResult.Sent)
        {
            Reject(ordinal, JsonSerializer.Serialize(file, OutboxJson.Default.OutboxFile), reason!.Code, reason.Detail);
            return;
        }

        if (file.Staged is not null)
            Remove(local);
        else
            WarnWhenChanged(file, local, runId);
    }

    /// <summary>A source of its own: its numbers are those of file records, which the other lane does not wait for.</summary>
    private LogRequest RequestOf(MediaItemRequest item, long ordinal) => new() { Media = [item], Source = folder.Meta.Source + ".m", Sequence = ordinal };

    private static void Remove(string staged)
    {
        try
        {
            File.Delete(staged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It goes with the folder.
        }
    }

    private void WarnWhenChanged(OutboxFile file, string local, string runId)
    {
        var now = new FileInfo(local);
        // One that is gone was read to its end before.
        if (!now.Exists)
            return;
        if (now.Length != file.Size || new DateTimeOffset(now.LastWriteTimeUtc).ToUnixTimeMilliseconds() != file.ModifiedAt)
        {
            context.Diagnostics.Report(
                DiagnosticLevel.Warning, DiagnosticCodes.FileChanged,
                $"{local} changed after it was logged; the newer content was uploaded as '{file.Path}'. Log it with ArtifactStaging.Copy to keep what it was.", runId);
        }
    }

    private void Reject(long ordinal, string text, string code, string detail) => sent.Reject(
        new RejectedRecord(ordinal, nameof(RecordType.File), text, code, null, detail, context.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()),
        null);

    /// <summary>A large file that is on its way is progress, though nothing is acknowledged yet.</summary>
    private sealed class MovingBytes(AsyncPulse changed, Sender sender) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            changed.Pulse();
            sender.Advance();
        }
    }
}
