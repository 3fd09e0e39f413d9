using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Importance;
using Runstone.Core.Query;
using Runstone.Protocol;

namespace Runstone.Server.Api;

internal static class ImportanceEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/runs/importance", MeasureAsync).WithTags("Runs")
        .WithName("MeasureImportance").WithSummary("Say which params a metric depends on");

    private static async Task<Ok<ImportanceResponse>> MeasureAsync(
        ImportanceRequest request, ImportanceService importance, CancellationToken cancellationToken)
    {
        var search = request.Search ?? new RunSearch();
        var query = new RunQuery
        {
            ExperimentIds = [.. (search.ExperimentIds ?? []).Select(id => Words.ExperimentId(id ?? "", "search.experimentIds"))],
            Filter = RunFilterParser.Parse(search.Filter),
            Lifecycle = Words.View(search.Lifecycle),
        };
        if (request.Params?.Any(p => p is null) == true)
            throw new RunstoneException(Error.Invalid("params", "A key of a param is null; a text is expected."));
        var report = await importance.MeasureAsync(query, RunFilterParser.ParseColumns([request.Metric])[0], request.Params, cancellationToken);
        return TypedResults.Ok(new ImportanceResponse(report.Runs, report.Complete, report.Explained, [.. report.Params.Select(ToInfo)]));
    }

    private static ParamImportanceInfo ToInfo(ParamImportance param) =>
        new(param.Key, param.Kind == ParamKind.Number ? "number" : "category", param.Importance, param.Correlation, param.Runs);
}
