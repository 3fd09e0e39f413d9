using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Runstone.Protocol;
using Scalar.AspNetCore;

namespace Runstone.Server.Api;

/// <summary>The native API (docs/formats/api-v1.md): its routes, its document and the page to browse it.</summary>
internal static class ApiRoutes
{
    public const string Prefix = "/api/v1";

    public static void AddServices(IServiceCollection services) => services.AddSingleton<MetricBatchDecoder>().AddSingleton<MetricBatchEndpoint>()
        .AddOpenApi("v1", openApi =>
    {
        openApi.ShouldInclude = call => call.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Runstone";
            document.Info.Version = "v1";
            document.Info.Description = "The native API of Runstone: experiments, runs, metrics, artifacts, live changes.";
            return Task.CompletedTask;
        });
        openApi.AddSchemaTransformer(AllowNull);
        openApi.AddOperationTransformer((operation, _, _) =>
        {
            // No repeatable parameter of this API has to be there.
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
                parameter.Required &= parameter.Schema?.Type?.HasFlag(JsonSchemaType.Array) != true;
            return Task.CompletedTask;
        });
    });

    // A number that may also be the text "NaN" is described as a choice, from which the generator leaves out null.
    private static Task AllowNull(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo?.PropertyType == typeof(double?) && schema.AnyOf is { Count: > 0 } choices)
            choices.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
        return Task.CompletedTask;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Prefix);
        foreach (var status in (int[])[400, 403, 404, 409, 413, 429, 503, 507])
            api.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
        ServerEndpoints.Map(api);
        ExperimentEndpoints.Map(api);
        ViewEndpoints.Map(api);
        StarEndpoints.Map(api);
        CommentEndpoints.Map(api);
        ReportEndpoints.Map(api);
        RunEndpoints.Map(api);
        ImportanceEndpoint.Map(api);
        MetricEndpoints.Map(api);
        MetricBatchEndpoint.Map(api);
        ConsoleEndpoints.Map(api);
        MediaEndpoints.Map(api);
        ArtifactEndpoints.Map(api);
        ArchiveEndpoint.Map(api);
        RowEndpoint.Map(api);
        UploadEndpoints.Map(api);
        DatasetEndpoints.Map(api);
        Live.LiveEndpoints.Map(api);
        routes.MapOpenApi();
        routes.MapScalarApiReference("/docs/api", page =>
        {
            page.Title = "Runstone API";
            page.DefaultFonts = false;

            // Nothing that calls or advertises a service elsewhere: the server may stand where there is no other network.
            page.Telemetry = false;
            page.HideClientButton = true;
            page.DisableAgent().DisableMcp().HideDeveloperTools();
        });
    }
}
