using Microsoft.AspNetCore.Mvc;
using Runstone.Core.Experiments;

namespace Runstone.Server.Hosting;

/// <summary>Probes for supervisors.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", Live).ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
    }

    private static IResult Live() => TypedResults.Text("live");

    // Ready means that the store answers; a failure becomes a 5xx by the error mapping.
    private static async Task<IResult> ReadyAsync([FromServices] IExperimentStore experiments, CancellationToken cancellationToken)
    {
        await experiments.GetAsync(0, cancellationToken);
        return TypedResults.Text("ready");
    }
}
