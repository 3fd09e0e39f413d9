using System.Threading.Channels;
using Runstone.Core.Ingest;

namespace Runstone.Storage.Tests.Postgres;

/// <summary>Changes between nodes.</summary>
public sealed class PostgresBusTests
{
    private static readonly RunChange Change = new(7, "r1", ChangeKinds.Metrics);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_node_sends_the_others_receive_also_after_a_lost_connection()
    {
        await using var database = await PostgresServer.CreateAsync();
        await using var one = await database.OpenAsync();
        await using var two = await database.OpenAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (first, second) = (Channel.CreateUnbounded<IReadOnlyCollection<RunChange>>(), Channel.CreateUnbounded<IReadOnlyCollection<RunChange>>());
        Task[] listening =
        [
            one.Changes.ListenAsync(c => first.Writer.TryWrite(c), stop.Token),
            two.Changes.ListenAsync(c => second.Writer.TryWrite(c), stop.Token),
        ];
        await ListenersAsync(database, 2);

        await one.Changes.SendAsync([Change], Token);
        Assert.Equal([Change], await second.Reader.ReadAsync(Token));
        await two.Changes.SendAsync([], Token);
        Assert.Empty(await first.Reader.ReadAsync(Token));

        // Both learn that they may have missed something, and then hear again.
        await database.QueryAsync<bool>($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}' and query ilike 'listen%'");
        Assert.Empty(await first.Reader.ReadAsync(Token));
        Assert.Empty(await second.Reader.ReadAsync(Token));
        await two.Changes.SendAsync([Change], Token);
        Assert.Equal([Change], await first.Reader.ReadAsync(Token));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(listening));
        Assert.False(second.Reader.TryRead(out _));
    }

    private static async Task ListenersAsync(PostgresTestDatabase database, long expected)
    {
        while ((await database.QueryAsync<long>(
            $"select count(*) from pg_stat_activity where datname = '{database.Name}' and query ilike 'listen%' and state = 'idle'"))[0] < expected)
            Token.ThrowIfCancellationRequested();
    }
}
