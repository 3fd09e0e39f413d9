using System.Collections;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Runstone.Server.Hosting;

/// <summary>
/// Offers the figures of all parts at <see cref="MetricsPath"/>, and sends them and traces of requests to a collector when one
/// is named: by the option, or by the variables that OpenTelemetry defines for it.
/// </summary>
internal static class Telemetry
{
    public const string MetricsPath = "/metrics";

    private const string VariablePrefix = "OTEL_";

    private static readonly string[] Meters =
    [
        "Runstone.Core", ServerFigures.MeterName, "Runstone.Storage", "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
    ];

    // Variables of OpenTelemetry that name a collector; without one of them or the option nothing is sent.
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    public static void Add(WebApplicationBuilder builder, ServerOptions options)
    {
        // OpenTelemetry reads its variables from the configuration, which holds nothing else.
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(v => ((string)v.Key).StartsWith(VariablePrefix, StringComparison.Ordinal))
            .ToDictionary(v => (string)v.Key, v => (string?)v.Value, StringComparer.Ordinal);
        builder.Configuration.AddInMemoryCollection(variables);
        var send = options.Otlp is not null || Endpoints.Any(variables.ContainsKey);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(r => r.AddService("runstone", serviceVersion: RunstoneServer.Version));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters).AddPrometheusExporter();
            if (send)
                metrics.AddOtlpExporter(exporter => Direct(exporter, options, "v1/metrics"));
        });
        if (!send)
            return;

        // The server's span of a request is described as OpenTelemetry does only when it is asked to.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        telemetry.WithTracing(tracing => tracing
            .AddSource("Microsoft.AspNetCore", "Npgsql", "Runstone.Core")
            .AddOtlpExporter(exporter => Direct(exporter, options, "v1/traces")));
    }

    public static void Map(WebApplication app)
    {
        // Made at once, so that the first answer shows its figures too.
        app.Services.GetRequiredService<ServerFigures>();
        app.MapPrometheusScrapingEndpoint(MetricsPath).ExcludeFromDescription().DisableHttpMetrics();
    }

    private static void Direct(OtlpExporterOptions exporter, ServerOptions options, string path)
    {
        if (options.Otlp is not { } collector)
            return;
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}
