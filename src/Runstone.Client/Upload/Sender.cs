using System.Net;
using Runstone.Client.Api;
using Runstone.Client.Diagnostics;

namespace Runstone.Client.Upload;

/// <summary>What became of a request after all attempts.</summary>
internal enum SendResult
{
    /// <summary>Acknowledged.</summary>
    Sent,

    /// <summary>The server will never take this content.</summary>
    Refused,

    /// <summary>The server will not take anything of this run, or not from this client, as things stand.</summary>
    RunRefused,
}

/// <summary>Sends with retry: exponential backoff with jitter, as long as it takes. One for all runs of a client.</summary>
internal sealed class Sender(ApiTransport api, TimeProvider time, TimeSpan maxDelay, DiagnosticSink diagnostics)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);
    private readonly AsyncPulse _hurry = new();
    private int _isDown;
    private int _reach;
    private long _progress;

    /// <summary>Pulses when something got through, and when it shows whether the server can be reached.</summary>
    public AsyncPulse Changed { get; } = new();

    /// <summary>Grows when something gets through.</summary>
    public long Progress => Volatile.Read(ref _progress);

    /// <summary>Attempts were made, and nothing has ever answered.</summary>
    public bool IsUnreachable => (Reach)Volatile.Read(ref _reach) == Reach.Failed;

    /// <summary>Tries again at once to reach a server that did not answer.</summary>
    public void Hurry() => _hurry.Pulse();

    /// <summary>Something got through, part of a large file for instance.</summary>
    public void Advance()
    {
        Interlocked.Increment(ref _progress);
        Changed.Pulse();
    }

    /// <summary>Runs the request until it is acknowledged or refused. The exception is the reason of a refusal.</summary>
    public async Task<(SendResult Result, RunstoneApiException? Reason)> SendAsync(
        string runId, Func<CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await request(cancellationToken);
                MarkUp();
                Note(Reach.Answered);
                Advance();
                return (SendResult.Sent, null);
            }
            catch (RunstoneApiException e)
            {
                var hurry = _hurry.Next;
                Note(e.StatusCode is null ? Reach.Failed : Reach.Answered);
                if (Judge(e) is { } final)
                    return (final, e);
                MarkDown(runId, e);
                await WaitAsync(DelayOf(attempt, e.RetryAfter), e.StatusCode is null ? hurry : null, cancellationToken);
            }
        }
    }

    /// <summary>Whether sending again is pointless; null when it is not.</summary>
    internal static SendResult? Judge(RunstoneApiException e)
    {
        switch (e.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return SendResult.RunRefused;
            case HttpStatusCode.RequestEntityTooLarge:
                return SendResult.Refused;
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or null:
                return null;
        }

        // An answer without a problem body does not come from a Runstone server: a proxy, or another program on the port.
        if ((int)e.StatusCode is < 400 or >= 500 || string.Equals(e.Code, RunstoneApiException.UnexpectedAnswer, StringComparison.Ordinal))
            return string.Equals(e.Code, "unsupported", StringComparison.Ordinal) ? SendResult.Refused : null;
        return e.Field is "run_id" or "runId" or "experiment_id" or "experiment" ? SendResult.RunRefused : SendResult.Refused;
    }

    internal TimeSpan DelayOf(int attempt, TimeSpan? retryAfter)
    {
        var delay = TimeSpan.FromTicks(Math.Min(maxDelay.Ticks, FirstDelay.Ticks << Math.Min(attempt, 20)));
        delay *= 0.5 + (Random.Shared.NextDouble() / 2);
        if (retryAfter is { } asked && asked > delay)
            delay = asked < LongestRetryAfter ? asked : LongestRetryAfter;
        return delay;
    }

    private async Task WaitAsync(TimeSpan delay, Task? hurry, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = Task.Delay(delay, time, done.Token);
        await (hurry is null ? wait : Task.WhenAny(wait, hurry));
        await done.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Note(Reach reach)
    {
        // An answer once means that there is a server at the address.
        var before = reach == Reach.Answered
            ? Interlocked.Exchange(ref _reach, (int)reach)
            : Interlocked.CompareExchange(ref _reach, (int)reach, (int)Reach.Unknown);
        if (before != (int)reach)
            Changed.Pulse();
    }

    private void MarkDown(string runId, RunstoneApiException e)
    {
        if (Interlocked.Exchange(ref _isDown, 1) == 0)
        {
            diagnostics.Report(
                DiagnosticLevel.Warning, DiagnosticCodes.ServerUnavailable,
                $"{e.Message} Logging goes on; everything is kept on disk and sent later.", runId, e);
        }
    }

    private void MarkUp()
    {
        if (Volatile.Read(ref _isDown) == 1 && Interlocked.Exchange(ref _isDown, 0) == 1)
            diagnostics.Report(DiagnosticLevel.Information, DiagnosticCodes.ServerAvailable, $"{api.Address} answers again.");
    }

    private enum Reach
    {
        Unknown,
        Failed,
        Answered,
    }
}
