using Runstone.Core.Artifacts;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;
using Runstone.Server.Hosting;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>MLflow clients, unmodified: docs/compat/mlflow.md lists every call.</summary>
internal sealed class MlflowAdapter : ICompatAdapter
{
    private static readonly string[] Roots =
        ["/api/2.0", "/api/3.0", "/api/2.0mlflow", "/ajax-api", "/get-artifact", "/model-versions", "/graphql", "/gateway", "/v1/traces", "/version"];

    public string Name => "MLflow";

    public string Snippet(string address) => $"export MLFLOW_TRACKING_URI={address}";

    public bool Owns(PathString path) => Roots.Any(root => path.StartsWithSegments(root, StringComparison.Ordinal));

    public void AddServices(IServiceCollection services) => services.AddSingleton<IMediaNaming, MediaNaming>();

    public void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var calls = new MlflowRoutes(routes);
        var (runs, ingest) = (services.GetRequiredService<RunService>(), services.GetRequiredService<IngestService>());
        var (experiments, artifacts) = (services.GetRequiredService<ExperimentService>(), services.GetRequiredService<ArtifactService>());
        var models = services.GetRequiredService<ModelService>();
        var logged = services.GetRequiredService<LoggedModelService>();
        var places = new ArtifactPlaces(artifacts, services.GetRequiredService<IRunStore>(), logged);
        ServerCalls.Map(calls);
        new ExperimentCalls(experiments).Map(calls);
        new RunCalls(runs, experiments, ingest, services.GetRequiredService<IDatasetStore>()).Map(calls);
        new LogCalls(ingest).Map(calls);
        new MetricCalls(services.GetRequiredService<MetricService>()).Map(calls);
        new ArtifactCalls(artifacts, runs, places).Map(calls);
        new MultipartCalls(artifacts, places).Map(calls);
        new LoggedModelCalls(logged, experiments).Map(calls);
        new RegisteredModelCalls(models).Map(calls);
        new ModelVersionCalls(models, runs, logged).Map(calls);
        NotYetCalls.Map(calls);
    }

    public Task WriteErrorAsync(HttpContext context, Error error, int status) => MlflowErrors.WriteAsync(context, error, status);
}
