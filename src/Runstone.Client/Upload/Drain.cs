namespace Runstone.Client.Upload;

/// <summary>
/// How long the runs of a client wait for their upload before they leave the rest on disk. They share it: when one has waited in
/// vain, the next ones do not wait until something gets through again.
/// </summary>
internal sealed class Drain(Sender sender, TrackingClientOptions options)
{
    /// <summary>Enough for a server that is there; one that never answered is not worth more.</summary>
    private static readonly TimeSpan Unreachable = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private const long Never = -1;
    private long _gaveUpAt = Never;

    /// <summary>Waits for the uploads, <see cref="TrackingClientOptions.DrainTimeout"/> at most. Never fails.</summary>
    public Task WaitAsync(Task uploads) => WaitAsync(uploads, options.DrainTimeout);

    public async Task WaitAsync(Task uploads, TimeSpan patience)
    {
        sender.Hurry();
        var start = options.TimeProvider.GetTimestamp();
        while (!uploads.IsCompleted)
        {
            var changed = sender.Changed.Next;
            var left = Limit(patience) - options.TimeProvider.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || Volatile.Read(ref _gaveUpAt) == sender.Progress)
                break;
            using var done = new CancellationTokenSource();
            await Task.WhenAny(uploads, changed, Task.Delay(left, options.TimeProvider, done.Token));
            await done.CancelAsync();
        }

        if (!uploads.IsCompleted && Interlocked.Exchange(ref _gaveUpAt, sender.Progress) != sender.Progress)
            sender.Changed.Pulse();
    }

    private TimeSpan Limit(TimeSpan patience)
    {
        if (patience < TimeSpan.Zero || patience > Longest)
            return Longest;
        return sender.IsUnreachable && patience > Unreachable ? Unreachable : patience;
    }
}
