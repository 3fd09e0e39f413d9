using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Runstone.Core.Jobs;

namespace Runstone.Core.Tests.Jobs;

/// <summary>Jobs are done again and again, whatever happened last time, and stop with the server.</summary>
public sealed class JobRunnerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_tried_again_after_a_failure()
    {
        using var stop = new CancellationTokenSource();
        var count = 0;
        var running = Start(new Job("j", Interval, _ => Say($"try {++count}", count == 1 ? new InvalidOperationException("first") : null)), stop.Token);

        await NextAsync("try 1");
        await NextAsync("try 2");
        await NextAsync("try 3");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_job_that_takes_too_long_is_stopped_and_tried_again()
    {
        using var stop = new CancellationTokenSource();
        var running = Start(
            new Job("j", Interval, async token =>
            {
                await Say("begins", null);
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            })
            {
                Limit = TimeSpan.FromMinutes(1),
            },
            stop.Token);

        await NextAsync("begins");
        await NextAsync("begins");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_job_of_another_node_is_passed_over()
    {
        using var stop = new CancellationTokenSource();
        var locks = new Locks { IsFree = false, Tried = name => _events.Writer.TryWrite("tried " + name) };
        var running = new JobRunner([new Job("j", Interval, _ => Say("work", null))], locks, _time, NullLogger<JobRunner>.Instance).RunAsync(stop.Token);

        await NextAsync("tried j");
        locks.IsFree = true;
        await NextAsync("tried j");
        await NextAsync("work");
        await stop.CancelAsync();
        await running;
    }

    private Task Start(Job job, CancellationToken cancellationToken) =>
        new JobRunner([job], new Locks { IsFree = true }, _time, NullLogger<JobRunner>.Instance).RunAsync(cancellationToken);

    private Task Say(string text, Exception? failure)
    {
        _events.Writer.TryWrite(text);
        return failure is null ? Task.CompletedTask : Task.FromException(failure);
    }

    /// <summary>Lets time pass until something happens.</summary>
    private async Task NextAsync(string expected)
    {
        while (!_events.Reader.TryPeek(out _))
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(expected, await _events.Reader.ReadAsync(Token));
    }

    private sealed class Locks : IJobLock
    {
        public bool IsFree { get; set; }

        public Action<string>? Tried { get; init; }

        public async Task<bool> TryRunAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
        {
            Tried?.Invoke(name);
            if (!IsFree)
                return false;
            await work(cancellationToken);
            return true;
        }
    }
}
