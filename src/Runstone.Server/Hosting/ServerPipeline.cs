using OpenTelemetry.Trace;
using Runstone.Server.Api;

namespace Runstone.Server.Hosting;

/// <summary>The order in which a request passes through the server, and all routes.</summary>
internal static class ServerPipeline
{
    public static void Map(WebApplication app)
    {
        app.UseMiddleware<RequestIdentity>();
        if (app.Services.GetService<TracerProvider>() is not null)
            app.UseMiddleware<RequestSpan>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseMiddleware<HostGuard>();
        app.UseRouting();
        app.UseMiddleware<WebPage>();
        app.UseMiddleware<RequestMemoryGuard>();
        HealthEndpoints.Map(app);
        ApiRoutes.Map(app);
        foreach (var adapter in app.Services.GetServices<ICompatAdapter>())
            adapter.Map(app);

        // Last, so that what is measured is made before the exporter, and the exporter ends before it.
        Telemetry.Map(app);
    }
}
