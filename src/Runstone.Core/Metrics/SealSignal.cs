using System.Threading.Channels;

namespace Runstone.Core.Metrics;

/// <summary>How the ingest path tells the sealer of its node that a log has grown long; asking often costs nothing.</summary>
public sealed class SealSignal(SealerOptions options)
{
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Tells how many points of a run are not sealed.</summary>
    public void Tell(long tailPoints)
    {
        if (tailPoints >= options.Points)
            _asked.Writer.TryWrite(true);
    }

    /// <summary>Returns when it is asked to look, or after the pause.</summary>
    internal async Task WaitAsync(TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = _asked.Reader.WaitToReadAsync(end.Token).AsTask();
        await Task.WhenAny(asked, Task.Delay(pause, time, end.Token));
        await end.CancelAsync();
        _asked.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
