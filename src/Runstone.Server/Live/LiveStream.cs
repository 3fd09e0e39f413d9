using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Runstone.Core.Ingest;
using Runstone.Protocol;
using Runstone.Server.Api;
using Runstone.Server.Hosting;

namespace Runstone.Server.Live;

/// <summary>
/// Writes changes to one client. A change after a silence goes out at once; after that at most four events a second, each with
/// all that changed meanwhile.
/// </summary>
internal sealed class LiveStream(HttpResponse response, ChangeSubscription subscription, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);

    private static readonly (ChangeKinds Kind, string Word)[] Kinds =
    [
        (ChangeKinds.Created, "created"), (ChangeKinds.Facts, "facts"), (ChangeKinds.Params, "params"), (ChangeKinds.Tags, "tags"),
        (ChangeKinds.Metrics, "metrics"), (ChangeKinds.Artifacts, "artifacts"), (ChangeKinds.Inputs, "inputs"),
        (ChangeKinds.Comments, "comments"), (ChangeKinds.Console, "console"), (ChangeKinds.Media, "media"),
    ];

    private readonly PipeWriter _writer = response.BodyWriter;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await WriteCommentAsync(": open\n\n"u8.ToArray(), cancellationToken);
        while (true)
        {
            var changes = await WaitAsync(cancellationToken);
            if (changes is null)
            {
                await WriteCommentAsync(": ping\n\n"u8.ToArray(), cancellationToken);
                continue;
            }

            await WriteAsync(changes, cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>The next changes; null when there were none for a while.</summary>
    private async Task<IReadOnlyCollection<RunChange>?> WaitAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PingAfter, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await subscription.NextAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task WriteAsync(IReadOnlyCollection<RunChange> changes, CancellationToken cancellationToken)
    {
        var data = new LiveChanges([.. changes.Select(ToWire)], Overflow: changes.Count == 0);
        _writer.Write("event: changes\ndata: "u8);
        _writer.Write(JsonSerializer.SerializeToUtf8Bytes(data, ServerJson.Context.LiveChanges));
        _writer.Write("\n\n"u8);
        await _writer.FlushAsync(cancellationToken);
    }

    private async Task WriteCommentAsync(ReadOnlyMemory<byte> comment, CancellationToken cancellationToken) =>
        await _writer.WriteAsync(comment, cancellationToken);

    private static LiveChange ToWire(RunChange change) => new(
        Words.Of(change.ExperimentId), change.RunId, [.. Kinds.Where(k => change.Kinds.HasFlag(k.Kind)).Select(k => k.Word)]);
}
