namespace Runstone.Storage.Tests.Postgres;

/// <summary>Background work of many nodes.</summary>
public sealed class PostgresJobLockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_node_works_at_a_time_and_others_are_told()
    {
        await using var database = await PostgresServer.CreateAsync();
        await using var one = await database.OpenAsync();
        await using var two = await database.OpenAsync();

        var ran = await one.Jobs.TryRunAsync(
            "job",
            async token =>
            {
                Assert.False(await two.Jobs.TryRunAsync("job", _ => throw new InvalidOperationException("ran"), token));
                Assert.False(await one.Jobs.TryRunAsync("job", _ => throw new InvalidOperationException("ran"), token));
                Assert.True(await two.Jobs.TryRunAsync("other", _ => Task.CompletedTask, token));
            },
            Token);

        Assert.True(ran);
        Assert.True(await two.Jobs.TryRunAsync("job", _ => Task.CompletedTask, Token));
        await Assert.ThrowsAsync<FormatException>(() => two.Jobs.TryRunAsync("job", _ => throw new FormatException(), Token));
        Assert.True(await one.Jobs.TryRunAsync("job", _ => Task.CompletedTask, Token));
    }

    [Fact]
    public async Task A_lost_connection_cancels_the_work_and_frees_the_lock()
    {
        await using var database = await PostgresServer.CreateAsync();
        await using var one = await database.OpenAsync();
        await using var two = await database.OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.Jobs.TryRunAsync(
            "job",
            async lost =>
            {
                await database.QueryAsync<bool>("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
                await Task.Delay(Timeout.Infinite, lost);
            },
            Token));

        Assert.True(await two.Jobs.TryRunAsync("job", _ => Task.CompletedTask, Token));
    }

    [Fact]
    public async Task Work_ends_with_the_callers_patience()
    {
        await using var database = await PostgresServer.CreateAsync();
        await using var store = await database.OpenAsync();
        using var patience = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Jobs.TryRunAsync(
            "job",
            async token =>
            {
                await patience.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
            },
            patience.Token));

        Assert.True(await store.Jobs.TryRunAsync("job", _ => Task.CompletedTask, Token));
    }
}
