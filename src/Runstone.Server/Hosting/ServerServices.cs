using Microsoft.Extensions.DependencyInjection.Extensions;
using Runstone.Core.Access;
using Runstone.Core.Artifacts;
using Runstone.Core.Comments;
using Runstone.Core.Console;
using Runstone.Core.Data;
using Runstone.Core.Experiments;
using Runstone.Core.Importance;
using Runstone.Core.Ingest;
using Runstone.Core.Jobs;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Reports;
using Runstone.Core.Runs;
using Runstone.Core.Stars;
using Runstone.Core.Views;
using Runstone.Server.Api;
using Runstone.Server.Compat;
using Runstone.Server.Data;

namespace Runstone.Server.Hosting;

/// <summary>Wires the domain to the storage engine and to the web.</summary>
internal static class ServerServices
{
    // While one group waits for the database's disk, others are made ready. A file has one writer anyway.
    private const int DatabaseWriters = 4;

    public static void Add(IServiceCollection services, ServerOptions options, ServerStorage storage)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServerClock>();
        services.AddSingleton<ServerDrain>();
        services.AddSingleton<ResponseHeaders>();
        services.AddSingleton<ServerFigures>();
        services.AddSingleton<PublicAddresses>();
        storage.Register(services);
        services.AddSingleton(new IngestOptions { Writers = options.Writers ?? (options.Database is null ? 1 : DatabaseWriters), QueueBytes = RequestMemory.ShareOfProcess(256L << 20) });
        services.AddSingleton(provider => RequestMemory.OfProcess(
            provider.GetRequiredService<IngestOptions>().QueueWait, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new SealerOptions { Points = options.SealPoints, Idle = options.SealIdle, Workers = options.SealWorkers });
        services.AddSingleton<SealSignal>();
        services.AddSingleton<MetricSealer>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<IngestService>();
        services.AddSingleton<ExperimentService>();
        services.AddSingleton<RunService>();
        services.AddSingleton<BulkEditService>();
        services.AddSingleton<ImportanceService>();
        services.AddSingleton<RunTableService>();
        services.AddSingleton<SubjectFinder>();
        services.AddSingleton<ViewService>();
        services.AddSingleton<StarService>();
        services.AddSingleton<CommentService>();
        services.AddSingleton<ReportService>();
        services.AddSingleton<MetricService>();
        services.AddSingleton<ConsoleService>();
        services.AddSingleton<ConsoleMerger>();
        services.AddSingleton<ErasureService>();
        services.AddSingleton<Retention>();
        services.AddSingleton<BlobLinks>();
        services.AddSingleton<IFileOwners, RunFiles>();
        services.AddSingleton<ArtifactService>();
        services.AddSingleton<LoggedModelService>();
        services.AddSingleton<NamedMediaReader>();
        services.AddSingleton<MediaService>();
        services.AddSingleton<ModelService>();
        services.AddSingleton<DataService>();
        services.AddSingleton<DataObjects>();
        services.AddSingleton<DataContent>();
        services.AddSingleton<PackIntake>();
        services.AddSingleton<StoreJobs>();
        services.AddHostedService<JobHost>();
        services.AddHostedService<SealHost>();
        services.AddHostedService<Live.NodeChanges>();
        AddWeb(services);
        ApiRoutes.AddServices(services);
        foreach (var adapter in CompatAdapters.All)
        {
            services.AddSingleton(adapter);
            adapter.AddServices(services);
        }
    }

    private static void AddWeb(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ServerJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }
}
