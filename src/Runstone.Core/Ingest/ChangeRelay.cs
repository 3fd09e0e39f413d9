using Microsoft.Extensions.Logging;

namespace Runstone.Core.Ingest;

/// <summary>
/// Joins the feeds of all nodes: sends what this one changed, merged by run, at most every <see cref="Pause"/>, and tells the
/// subscribers here what others changed. Nothing of the bus' troubles reaches those who write; after an outage everybody is told
/// that anything may have changed.
/// </summary>
public sealed partial class ChangeRelay : IAsyncDisposable
{
    /// <summary>The shortest time between two messages.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(5);

    private readonly ChangeFeed _feed;
    private readonly IChangeBus _bus;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeRelay> _logger;
    private readonly ChangeSubscription _changes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private readonly Task _listening;

    public ChangeRelay(ChangeFeed feed, IChangeBus bus, TimeProvider time, ILogger<ChangeRelay> logger)
    {
        (_feed, _bus, _time, _logger) = (feed, bus, time, logger);
        _changes = feed.Subscribe(new ChangeFilter(), localOnly: true);
        _sending = Task.Run(SendAllAsync);
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Stops listening and sends what is left to send, once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await Task.WhenAll(_sending, _listening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_changes.Take() is { } rest && await TrySendAsync(rest) is { } fault)
            LogSendFailed(fault);
        _changes.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        while (true)
        {
            var changes = await _changes.NextAsync(_stop.Token);
            if (await TrySendAsync(changes) is { } fault)
            {
                LogSendFailed(fault);
                await SayEverythingAsync();
            }

            await Task.Delay(Pause, _time, _stop.Token);
        }
    }

    /// <summary>What could not be sent is not kept: once the bus works again, the others are told to look at everything.</summary>
    private async Task SayEverythingAsync()
    {
        do
        {
            await Task.Delay(RetryAfter, _time, _stop.Token);
            _changes.Take();
        }
        while (await TrySendAsync([]) is not null);
        LogSendsAgain();
    }

    private async Task<Exception?> TrySendAsync(IReadOnlyCollection<RunChange> changes)
    {
        using var limit = new CancellationTokenSource(SendTime, _time);
        try
        {
            await _bus.SendAsync(changes, limit.Token);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private async Task ListenAsync()
    {
        var failed = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _bus.ListenAsync(Receive, _stop.Token);
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                if (!failed)
                    LogListenFailed(e);
                failed = true;
            }

            await Task.Delay(RetryAfter, _time, _stop.Token);
            _feed.PublishRemote([]);
        }

        void Receive(IReadOnlyCollection<RunChange> changes)
        {
            if (failed)
                LogListensAgain();
            failed = false;
            _feed.PublishRemote(changes);
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "Changes cannot be sent to the other nodes; their pages show what this node writes late. Writing goes on.")]
    private partial void LogSendFailed(Exception exception);

    [LoggerMessage(1102, LogLevel.Information, "Changes are sent to the other nodes again.")]
    private partial void LogSendsAgain();

    [LoggerMessage(1103, LogLevel.Warning, "Changes of the other nodes do not arrive; pages of this node show them late.")]
    private partial void LogListenFailed(Exception exception);

    [LoggerMessage(1104, LogLevel.Information, "Changes of the other nodes arrive again.")]
    private partial void LogListensAgain();
}
