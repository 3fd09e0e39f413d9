using Runstone.Storage.Postgres;
using Runstone.Storage.Sql;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.Postgres;

public sealed class PostgresIngestTests : IngestConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRunTests : RunConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRunPagingTests : RunPagingConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRunTextTests : RunTextConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRunTableTests : RunTableConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRunTreeTests : RunTreeConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRunGroupingTests : RunGroupingConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRunColumnTests : RunColumnConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresFilterTests : FilterConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresMetricTests : MetricConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresExperimentTests : ExperimentConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresArtifactTests : ArtifactConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresModelTests : ModelConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresIngestModelTests : IngestModelConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresBlobReferenceTests : BlobReferenceConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresSealTests : SealConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresSealerTests : SealerConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresLongLogTests : LongLogConformance
{
    /// <summary>Measured: 35, most of it the parameters of the newest values.</summary>
    protected override double MostBytesWritten => 60;

    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresGroupTests : GroupConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresLongSeriesTests : LongSeriesConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresSealedReadTests : SealedReadConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresErasureTests : ErasureConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresTextTests : TextConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresLoggedModelTests : LoggedModelConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresViewTests : ViewConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresCommentTests : CommentConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresMediaTests : MediaConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresReportTests : ReportConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresConsoleTests : ConsoleConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresDataTests : DataConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresDataObjectTests : DataObjectConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRetentionTests : RetentionConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => PostgresUnderTest.OpenAsync();
}

internal static class PostgresUnderTest
{
    public static async Task<StoreUnderTest> OpenAsync()
    {
        var database = await PostgresServer.CreateAsync();
        return UnderTest(await database.OpenAsync(), database);
    }

    public static StoreUnderTest UnderTest(PostgresStore store, PostgresTestDatabase database) => Node(
        store,
        database,
        async () =>
        {
            await store.DisposeAsync();
            await database.DisposeAsync();
        });

    private static StoreUnderTest Node(PostgresStore store, PostgresTestDatabase database, Func<ValueTask> close) => new(
        store.Experiments, store.Runs, store.Metrics, store.Datasets, store.Artifacts, store.Models, store.Ingest, close)
    {
        BlobReferences = store.BlobReferences,
        LoggedModels = store.LoggedModels,
        LoggedModelFiles = store.LoggedModelFiles,
        Seals = store.Seals,
        Erasures = store.Erasures,
        Views = store.Views,
        Stars = store.Stars,
        Comments = store.Comments,
        Reports = store.Reports,
        Consoles = store.Consoles,
        Media = store.Media,
        Data = store.Data,
        DataObjects = store.DataObjects,
        Jobs = store.Jobs,
        Execute = sql => store.Database.TransactAsync(
            async session =>
            {
                await session.ExecuteAsync(SqlText.Fixed(sql), CancellationToken.None);
                return true;
            },
            CancellationToken.None),
        Numbers = sql => store.Database.QueryAsync(SqlText.Fixed(sql), row => row.Int64(0), CancellationToken.None),
        Another = async () =>
        {
            var other = await database.OpenAsync();
            return Node(other, database, other.DisposeAsync);
        },
    };
}
