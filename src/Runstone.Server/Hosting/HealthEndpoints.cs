using Microsoft.AspNetCore.Mvc;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;

namespace Runstone.Server.Hosting;

/// <summary>Probes for supervisors and balancers.</summary>
internal static class HealthEndpoints
{
    /// <summary>How long the store may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", Live).ExcludeFromDescription().DisableHttpMetrics();
        routes.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription().DisableHttpMetrics();
    }

    private static IResult Live() => TypedResults.Text("live");

    // Ready means that the store answers and that the server is going to stay.
    private static async Task<IResult> ReadyAsync(
        [FromServices] IExperimentStore experiments, [FromServices] ServerDrain drain, [FromServices] TimeProvider time, CancellationToken cancellationToken)
    {
        if (drain.IsDraining)
            return TypedResults.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable);
        try
        {
            await experiments.GetAsync(0, cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return TypedResults.Text("ready");
        }
        catch (TimeoutException)
        {
            throw new RunstoneException(new Error(ErrorCode.Unavailable, $"The store did not answer within {Patience.TotalSeconds:0} seconds."));
        }
    }
}
