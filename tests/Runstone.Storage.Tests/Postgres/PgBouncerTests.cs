using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Storage.Postgres;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.Postgres;

public sealed class PgBouncerIngestTests : IngestConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PooledUnderTest.OpenAsync();
}

public sealed class PgBouncerRunTests : RunConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PooledUnderTest.OpenAsync();
}

public sealed class PgBouncerTests
{
    [Fact]
    public async Task The_schema_is_made_and_jobs_are_locked_through_a_pooler()
    {
        await using var database = await PostgresServer.CreateAsync("template template0 encoding 'UTF8'");
        await using var one = await PooledUnderTest.OpenAsync(database);
        await using var two = await PooledUnderTest.OpenAsync(database);

        var refused = false;
        var ran = await one.Jobs.TryRunAsync(
            "job", async token => refused = !await two.Jobs.TryRunAsync("job", _ => Task.CompletedTask, token), TestContext.Current.CancellationToken);

        Assert.True(ran && refused);
    }
}

internal static class PooledUnderTest
{
    public static async Task<StoreUnderTest> OpenAsync()
    {
        var database = await PostgresServer.CreateAsync();
        return PostgresUnderTest.UnderTest(await OpenAsync(database), database);
    }

    public static async Task<PostgresStore> OpenAsync(PostgresTestDatabase database) => await PostgresStore.OpenAsync(
        new PostgresStoreOptions
        {
            ConnectionString = await PgBouncer.ThroughAsync(database.ConnectionString),
            ListenConnectionString = database.ConnectionString,
        },
        TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
}
