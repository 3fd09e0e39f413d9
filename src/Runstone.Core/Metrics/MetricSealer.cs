using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Runstone.Core.Jobs;

namespace Runstone.Core.Metrics;

/// <summary>
/// Seals the logs of a store as long as a node runs. The nodes of a store share the work without talking: each looks for runs that
/// are due and takes those whose lock <c>seal:&lt;run&gt;</c> is free. A run that fails is logged and left alone for a while.
/// </summary>
public sealed partial class MetricSealer
{
    private const int MaxRuns = 1000;

    private readonly ISealStore _store;
    private readonly IJobLock _locks;
    private readonly SealSignal _signal;
    private readonly SealerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Since when runs are known to be due, and until when failed ones are left alone: timestamps.</summary>
    private readonly ConcurrentDictionary<long, long> _due = [];
    private readonly ConcurrentDictionary<long, long> _failed = [];
    private long _unsealed;

    public MetricSealer(ISealStore store, IJobLock locks, SealSignal signal, SealerOptions options, TimeProvider time, ILogger<MetricSealer> logger)
    {
        (_store, _locks, _signal, _options, _time, _logger) = (store, locks, signal, options, time, logger);
    }

    /// <summary>Points of the whole store that were in no chunk when this node looked last.</summary>
    public long UnsealedPoints => Interlocked.Read(ref _unsealed);

    /// <summary>How long the run that waits longest has been due, as far as this node saw it.</summary>
    public TimeSpan Lag
    {
        get
        {
            var oldest = _due.Values.DefaultIfEmpty(long.MaxValue).Min();
            return oldest == long.MaxValue ? TimeSpan.Zero : _time.GetElapsedTime(oldest);
        }
    }

    /// <summary>Ends when the token is cancelled and the passes under way have stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _signal.WaitAsync(_options.Interval, _time, cancellationToken);
                while (await TryLookAsync(cancellationToken))
                    await Task.Delay(_options.LeastPause, _time, cancellationToken);
                await Task.Delay(_options.LeastPause, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Seals what is due now; false when nothing of it could be.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var found = await _store.ListUnsealedAsync(
            _options.Points, (now - _options.Idle).ToUnixTimeMilliseconds(), (now - _options.EndQuiet).ToUnixTimeMilliseconds(),
            MaxRuns + _failed.Count, cancellationToken);
        Remember(found);
        var isSealed = 0;
        if (_options.Workers > 0)
        {
            await Parallel.ForEachAsync(
                found.Where(r => !_failed.ContainsKey(r.RunNo)),
                new ParallelOptions { MaxDegreeOfParallelism = _options.Workers, CancellationToken = cancellationToken },
                async (run, token) =>
                {
                    if (await TrySealAsync(run.RunNo, token))
                        Interlocked.Exchange(ref isSealed, 1);
                });
        }

        Interlocked.Exchange(ref _unsealed, (await _store.CountUnsealedAsync(cancellationToken)).Points);
        return isSealed != 0;
    }

    private async Task<bool> TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LookAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogLookFailed(e);
            return false;
        }
    }

    private void Remember(IReadOnlyList<UnsealedRun> found)
    {
        var now = _time.GetTimestamp();
        foreach (var (run, until) in _failed)
        {
            if (until <= now)
                _failed.TryRemove(run, out _);
        }

        var due = found.Select(r => r.RunNo).ToHashSet();
        foreach (var run in _due.Keys)
        {
            if (!due.Contains(run))
                _due.TryRemove(run, out _);
        }

        foreach (var run in due)
            _due.TryAdd(run, now);
    }

    private async Task<bool> TrySealAsync(long runNo, CancellationToken cancellationToken)
    {
        try
        {
            var done = false;
            await _locks.TryRunAsync(
                FormattableString.Invariant($"seal:{runNo}"), async token => done = await SealAsync(runNo, token), cancellationToken);
            return done;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            SealTelemetry.Failed.Add(1);
            _failed[runNo] = _time.GetTimestamp() + (long)(_options.FailurePause.TotalSeconds * _time.TimestampFrequency);
            LogFailed(e, runNo, _options.FailurePause);
            return false;
        }
    }

    /// <summary>Pass after pass; false when another node did the work meanwhile.</summary>
    private async Task<bool> SealAsync(long runNo, CancellationToken cancellationToken)
    {
        var (started, points, chunks, passes) = (_time.GetTimestamp(), 0L, 0L, 0);
        SealOutcome outcome;
        do
        {
            var begun = _time.GetTimestamp();
            outcome = await _store.SealAsync(runNo, _options.Pass, cancellationToken);
            if (outcome == new SealOutcome(0, 0, 0, 0, More: true))
                return false;
            SealTelemetry.Time.Record(_time.GetElapsedTime(begun).TotalSeconds);
            SealTelemetry.Points.Add(outcome.Points);
            (points, chunks, passes) = (points + outcome.Points, chunks + outcome.Written, passes + 1);
        }
        while (outcome.More);
        _due.TryRemove(runNo, out _);
        LogSealed(runNo, points, chunks, passes, _time.GetElapsedTime(started).TotalSeconds);
        return true;
    }

    [LoggerMessage(1201, LogLevel.Debug, "Run number {Run} is sealed: {Points} points, {Chunks} chunks written in {Passes} passes and {Seconds:0.000} s.")]
    private partial void LogSealed(long run, long points, long chunks, int passes, double seconds);

    [LoggerMessage(1202, LogLevel.Error, "Run number {Run} could not be sealed; its log stays as it is, and it is tried again in {Pause}.")]
    private partial void LogFailed(Exception exception, long run, TimeSpan pause);

    [LoggerMessage(1203, LogLevel.Warning, "The store could not be asked for runs to seal; it is asked again.")]
    private partial void LogLookFailed(Exception exception);
}
