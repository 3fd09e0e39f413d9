using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Runstone.Core.Artifacts;
using Runstone.Core.Comments;
using Runstone.Core.Console;
using Runstone.Core.Data;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Jobs;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Reports;
using Runstone.Core.Runs;
using Runstone.Core.Stars;
using Runstone.Core.Views;
using Runstone.Storage.Sql;
using Runstone.Storage.Sql.Consoles;
using Runstone.Storage.Sql.Erasing;
using Runstone.Storage.Sql.Sealing;

namespace Runstone.Storage.Postgres;

/// <summary>The engine of many nodes: every storage contract but the blobs, on one PostgreSQL database that any number of them share.</summary>
public sealed partial class PostgresStore : IAsyncDisposable
{
    private readonly PostgresConnections _connections;
    private readonly PostgresIngestStore _ingest;

    private PostgresStore(PostgresConnections connections, PostgresStoreOptions options, TimeProvider time, ILogger logger)
    {
        _connections = connections;
        var node = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var database = new PostgresDatabase(connections, options.RetryFor, time);
        _ingest = new PostgresIngestStore(database, node, options.RetryFor, time, logger);
        Experiments = new SqlExperimentStore(database);
        Runs = new SqlRunStore(database);
        Metrics = new SqlMetricStore(database);
        Seals = new SqlSealStore(database);
        Erasures = new SqlErasureStore(database, Seals);
        Datasets = new SqlDatasetStore(database);
        Artifacts = new SqlArtifactStore(database, ArtifactSql.Runs);
        Models = new SqlModelStore(database);
        LoggedModels = new SqlLoggedModelStore(database);
        LoggedModelFiles = new SqlArtifactStore(database, ArtifactSql.LoggedModels);
        BlobReferences = new SqlBlobReferenceStore(database);
        Views = new SqlViewStore(database);
        Stars = new SqlStarStore(database);
        Comments = new SqlCommentStore(database);
        Reports = new SqlReportStore(database);
        Consoles = new SqlConsoleStore(database);
        Media = new SqlMediaStore(database);
        Data = new SqlDataStore(database);
        DataObjects = new SqlDataObjectStore(database);
        Changes = new PostgresChangeBus(connections, database, node, time, logger);
        Jobs = new PostgresJobLock(database);
        Database = database;
    }

    public IExperimentStore Experiments { get; }

    public IRunStore Runs { get; }

    public IMetricStore Metrics { get; }

    public ISealStore Seals { get; }

    public IErasureStore Erasures { get; }

    public IDatasetStore Datasets { get; }

    public IArtifactStore Artifacts { get; }

    public IModelStore Models { get; }

    public ILoggedModelStore LoggedModels { get; }

    /// <summary>The files of logged models, by ids of models.</summary>
    public IArtifactStore LoggedModelFiles { get; }

    public IBlobReferenceStore BlobReferences { get; }

    public IViewStore Views { get; }

    public IStarStore Stars { get; }

    public ICommentStore Comments { get; }

    public IReportStore Reports { get; }

    public IDataStore Data { get; }

    public IDataObjectStore DataObjects { get; }

    public IConsoleStore Consoles { get; }

    public IMediaStore Media { get; }

    public IIngestStore Ingest => _ingest;

    public IChangeBus Changes { get; }

    public IJobLock Jobs { get; }

    /// <summary>Hosts and database, for people: no secrets.</summary>
    public string Place => _connections.Place;

    internal SqlDatabase Database { get; }

    /// <summary>
    /// Checks the database and brings its schema up to date; of nodes that start together one does. Throws
    /// <see cref="RunstoneException"/> with <see cref="ErrorCode.Invalid"/> for a connection string that is none, else with
    /// <see cref="ErrorCode.Unavailable"/>: it cannot be reached, is too old, read-only or of a newer version.
    /// </summary>
    public static Task<PostgresStore> OpenAsync(
        PostgresStoreOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(options, SchemaUse.Upgrade, time, loggers, cancellationToken);

    /// <summary>The same, which does with another schema what <paramref name="use"/> says.</summary>
    internal static async Task<PostgresStore> OpenAsync(
        PostgresStoreOptions options, SchemaUse use, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger<PostgresStore>();
        bool pooled;
        await using (var first = PostgresConnections.Create(options, pooled: true))
        {
            try
            {
                pooled = await PostgresCheck.RunAsync(first.Pool, first.Place, cancellationToken);
                await new PostgresMigrations(first.Pool, first.Place, logger).RunAsync(use, cancellationToken);
            }
            catch (Exception e) when (PostgresErrors.IsOfDriver(e))
            {
                throw PostgresErrors.Describe(e, first.Place);
            }
        }

        var connections = PostgresConnections.Create(options, pooled);
        if (pooled && options.ListenConnectionString is null)
            LogPooler(logger, connections.Place);
        return new PostgresStore(connections, options, time, logger);
    }

    /// <summary>Closes all connections; work that still runs must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ingest.DisposeAsync();
        await _connections.DisposeAsync();
    }

    [LoggerMessage(2103, LogLevel.Warning, "{Place} leads through a pooler. Unless that keeps a connection for a session, live changes of other nodes do not arrive: name a direct address with --database-listen.")]
    private static partial void LogPooler(ILogger logger, string place);
}
