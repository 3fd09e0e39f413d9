using Microsoft.Extensions.Time.Testing;
using Runstone.Client.Api;
using Runstone.Client.Diagnostics;
using Runstone.Client.Upload;

namespace Runstone.Client.Tests;

/// <summary>How long runs wait for their upload, on a clock of the test.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _upload = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly ApiTransport _api;
    private readonly Sender _sender;
    private readonly Drain _drain;

    public DrainTests()
    {
        var options = new TrackingClientOptions { TimeProvider = _time };
        _api = new ApiTransport([new Uri(Nowhere.Address)], options);
        _sender = new Sender(_api, _time, options.MaxRetryDelay, new DiagnosticSink(_ => { }));
        _drain = new Drain(_sender, options);
    }

    [Fact]
    public async Task A_server_that_never_answered_is_worth_two_seconds_for_all_runs_together()
    {
        var sending = RefuseAsync();
        var first = _drain.WaitAsync(_upload.Task);
        var second = _drain.WaitAsync(_upload.Task);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(first.IsCompleted || second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await first;
        await second;
        Assert.True(_drain.WaitAsync(_upload.Task).IsCompleted);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_server_that_answered_once_is_worth_the_whole_time()
    {
        await _sender.SendAsync("run", _ => Task.CompletedTask, _stop.Token);
        var sending = RefuseAsync();
        var wait = _drain.WaitAsync(_upload.Task);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await wait;
        Assert.True(_drain.WaitAsync(_upload.Task).IsCompleted);

        // Something gets through again.
        await _sender.SendAsync("run", _ => Task.CompletedTask, _stop.Token);
        wait = _drain.WaitAsync(_upload.Task);
        Assert.False(wait.IsCompleted);
        _upload.SetResult();
        await wait;
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_wait_lets_the_client_try_again_at_once()
    {
        var attempts = 0;
        var sending = _sender.SendAsync(
            "run",
            _ => attempts++ == 0 ? throw RunstoneApiException.NotReachable(_api.Address, new IOException("refused")) : Task.CompletedTask,
            _stop.Token);
        Assert.False(sending.IsCompleted);
        await _drain.WaitAsync(sending);
        Assert.Equal((SendResult.Sent, 2), ((await sending).Result, attempts));
    }

    public void Dispose()
    {
        _stop.Dispose();
        _api.Dispose();
    }

    private Task RefuseAsync() => _sender.SendAsync(
        "run", _ => throw RunstoneApiException.NotReachable(_api.Address, new IOException("refused")), _stop.Token);
}
