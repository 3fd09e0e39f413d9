using Microsoft.Extensions.Time.Testing;
using Runstone.Core.Ingest;

namespace Runstone.Core.Tests.Ingest;

public sealed class AllowanceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Who_finds_no_room_waits_in_order_and_is_let_in_as_others_leave()
    {
        var room = new Allowance(10, 100, _time);
        Assert.True(room.TryTake(1, 60));
        Assert.True(room.TryTake(1, 40));
        var large = room.TakeAsync(1, 80, Patience, default).AsTask();
        var small = room.TakeAsync(1, 10, Patience, default).AsTask();
        Assert.False(room.TryTake(1, 0));
        room.Return(1, 40);
        Assert.False(large.IsCompleted || small.IsCompleted);
        room.Return(1, 60);
        Assert.True(await large && await small);
        Assert.Equal((90, 0), (room.Bytes, room.Waiting));
    }

    [Fact]
    public async Task Waiting_ends_after_its_time_and_makes_way_for_smaller_ones()
    {
        var room = new Allowance(10, 100, _time);
        Assert.True(room.TryTake(1, 60));
        var large = room.TakeAsync(1, 80, Patience, default).AsTask();
        var small = room.TakeAsync(1, 10, TimeSpan.FromSeconds(5), default).AsTask();
        _time.Advance(Patience);
        Assert.False(await large);
        Assert.True(await small);
        Assert.Equal((70, 0), (room.Bytes, room.Waiting));
    }

    [Fact]
    public async Task Who_gives_up_holds_nothing()
    {
        var room = new Allowance(10, 100, _time);
        Assert.True(room.TryTake(1, 100));
        using var stop = new CancellationTokenSource();
        var waiting = room.TakeAsync(1, 10, Patience, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        room.Return(1, 100);
        Assert.Equal((0, 0), (room.Bytes, room.Waiting));
    }

    [Fact]
    public async Task What_is_larger_than_the_whole_is_let_in_alone()
    {
        var room = new Allowance(10, 100, _time);
        Assert.True(room.TryTake(1, 1000));
        Assert.False(room.TryTake(1, 1));
        var next = room.TakeAsync(1, 5000, Patience, default).AsTask();
        room.Return(1, 1000);
        Assert.True(await next);
        Assert.Equal(5000, room.Bytes);
    }

    [Fact]
    public async Task The_number_is_bounded_as_the_bytes_are_and_so_is_the_number_of_those_who_wait()
    {
        var room = new Allowance(2, 100, _time);
        Assert.True(room.TryTake(1, 1) && room.TryTake(1, 1));
        Assert.False(room.TryTake(1, 1));
        Assert.True(room.TryTake(0, 1));
        var waiting = Enumerable.Range(0, 2).Select(_ => room.TakeAsync(1, 1, Patience, default).AsTask()).ToList();
        Assert.False(await room.TakeAsync(1, 1, Patience, default));
        room.Return(2, 3);
        Assert.All(await Task.WhenAll(waiting), Assert.True);
    }

    [Fact]
    public async Task Nothing_is_lost_when_everybody_comes_and_goes_at_once()
    {
        var room = new Allowance(8, 100, TimeProvider.System);
        var most = 0L;
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var bytes = (i % 40) + 1;
            using var stop = new CancellationTokenSource();
            if (i % 7 == 0)
                stop.CancelAfter(TimeSpan.FromTicks(i));
            try
            {
                if (!room.TryTake(1, bytes) && !await room.TakeAsync(1, bytes, TimeSpan.FromTicks(i * 10), stop.Token))
                {
                    Interlocked.Increment(ref refused);
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            InterlockedMax(ref most, room.Bytes);
            await Task.Yield();
            room.Return(1, bytes);
        });
        Assert.InRange(most, 1, 100);
        Assert.Equal((0, 0), (room.Bytes, room.Waiting));
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
