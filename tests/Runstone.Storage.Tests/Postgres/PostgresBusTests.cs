using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Runstone.Core.Ingest;
using Runstone.Storage.Postgres;

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

    [Fact]
    public async Task A_lost_connection_is_told_with_the_address_that_was_listened_on()
    {
        await using var database = await PostgresServer.CreateAsync();
        var listen = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "localhost" };
        using var log = new Warnings();
        await using var store = await PostgresStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, ListenConnectionString = listen.ConnectionString }, TimeProvider.System, log, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var heard = Channel.CreateUnbounded<IReadOnlyCollection<RunChange>>();
        var listening = store.Changes.ListenAsync(c => heard.Writer.TryWrite(c), stop.Token);
        await ListenersAsync(database, 1);

        await database.QueryAsync<bool>($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}' and query ilike 'listen%'");
        Assert.Empty(await heard.Reader.ReadAsync(Token));

        Assert.Contains($" on localhost:{listen.Port}/{database.Name} is lost", Assert.Single(log.Texts), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    private static async Task ListenersAsync(PostgresTestDatabase database, long expected)
    {
        while ((await database.QueryAsync<long>(
            $"select count(*) from pg_stat_activity where datname = '{database.Name}' and query ilike 'listen%' and state = 'idle'"))[0] < expected)
            Token.ThrowIfCancellationRequested();
    }

    /// <summary>Keeps what is warned of.</summary>
    private sealed class Warnings : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Texts.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
