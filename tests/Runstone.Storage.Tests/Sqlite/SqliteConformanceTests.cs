using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Storage.Sql;
using Runstone.Storage.Sqlite;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.Sqlite;

public sealed class SqliteIngestTests : IngestConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRunTests : RunConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRunPagingTests : RunPagingConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRunTextTests : RunTextConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRunTableTests : RunTableConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRunTreeTests : RunTreeConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRunGroupingTests : RunGroupingConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRunColumnTests : RunColumnConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteFilterTests : FilterConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteMetricTests : MetricConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteTextTests : TextConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteExperimentTests : ExperimentConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteArtifactTests : ArtifactConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteModelTests : ModelConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteIngestModelTests : IngestModelConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteBlobReferenceTests : BlobReferenceConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteSealTests : SealConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteSealerTests : SealerConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteLongLogTests : LongLogConformance
{
    /// <summary>Measured: 1.2.</summary>
    protected override double MostBytesWritten => 3;

    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteGroupTests : GroupConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteLongSeriesTests : LongSeriesConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteSealedReadTests : SealedReadConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteErasureTests : ErasureConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteLoggedModelTests : LoggedModelConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteViewTests : ViewConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteCommentTests : CommentConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteMediaTests : MediaConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteReportTests : ReportConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteConsoleTests : ConsoleConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteDataTests : DataConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteDataObjectTests : DataObjectConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRetentionTests : RetentionConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => SqliteUnderTest.OpenAsync();
}

internal static class SqliteUnderTest
{
    public static async Task<StoreUnderTest> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("runstone-");
        var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "runstone.db") }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return new StoreUnderTest(
            store.Experiments, store.Runs, store.Metrics, store.Datasets, store.Artifacts, store.Models, store.Ingest,
            async () =>
            {
                await store.DisposeAsync();
                folder.Delete(recursive: true);
            })
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
            Jobs = new LocalJobLock(),
            Execute = sql => store.Database.TransactAsync(
                async session =>
                {
                    await session.ExecuteAsync(SqlText.Fixed(sql), CancellationToken.None);
                    return true;
                },
                CancellationToken.None),
            Numbers = sql => store.Database.QueryAsync(SqlText.Fixed(sql), row => row.Int64(0), CancellationToken.None),
        };
    }
}
