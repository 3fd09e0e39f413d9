using Microsoft.Extensions.DependencyInjection.Extensions;
using Runstone.Core.Artifacts;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Protocol;
using Runstone.Server.Api;
using Runstone.Server.Compat;

namespace Runstone.Server.Hosting;

/// <summary>Wires the domain to the storage engine and to the web.</summary>
internal static class ServerServices
{
    public static void Add(IServiceCollection services, ServerOptions options, ServerStorage storage)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServerClock>();
        storage.Register(services);
        services.AddSingleton(new IngestOptions());
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<IngestService>();
        services.AddSingleton<ExperimentService>();
        services.AddSingleton<RunService>();
        services.AddSingleton<MetricService>();
        services.AddSingleton<ArtifactService>();
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
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RunstoneJson.Default);
            json.SerializerOptions.DefaultIgnoreCondition = RunstoneJson.Default.Options.DefaultIgnoreCondition;
            json.SerializerOptions.NumberHandling = RunstoneJson.Default.Options.NumberHandling;
            json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.RespectNullableAnnotations = true;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }
}
