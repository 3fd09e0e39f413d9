using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Access;
using Runstone.Core.Errors;
using Runstone.Core.Reports;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Reports and their versions.</summary>
internal static class ReportEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/reports").WithTags("Reports");
        group.MapGet("", ListAsync).WithName("ListReports").WithSummary("List reports, the one saved last first, without their bodies");
        group.MapPost("", CreateAsync).WithName("CreateReport").WithSummary("Begin a report");
        group.MapGet("/{reportId}", GetAsync).WithName("GetReport").WithSummary("Read the newest version of a report");
        group.MapPatch("/{reportId}", UpdateAsync).WithName("UpdateReport").WithSummary("Delete or restore a report");
        group.MapGet("/{reportId}/versions", ListVersionsAsync).WithName("ListReportVersions").WithSummary("List the versions of a report, the newest first, without their bodies");
        group.MapPost("/{reportId}/versions", SaveAsync).WithName("SaveReport").WithSummary("Save the next version of a report");
        group.MapGet("/{reportId}/versions/{number:int}", GetVersionAsync).WithName("GetReportVersion").WithSummary("Read a version of a report");
    }

    private static async Task<Ok<ReportPage>> ListAsync(
        string? experimentId, string? lifecycle, int? limit, string? pageToken, ReportService reports, CancellationToken cancellationToken)
    {
        var max = Words.Limit(limit, 100, ReportService.MaxLimit);
        var query = new ReportQuery
        {
            ExperimentId = experimentId is null ? null : Words.ExperimentId(experimentId),
            Lifecycle = Words.View(lifecycle),
            Limit = max + 1,
            After = ToPosition(pageToken),
        };
        var found = await reports.ListAsync(query, cancellationToken);
        var page = found.Take(max).ToList();
        return TypedResults.Ok(new ReportPage([.. page.Select(ToInfo)], found.Count > max ? ToToken(page[^1]) : null));
    }

    private static async Task<Created<ReportInfo>> CreateAsync(CreateReportRequest request, ReportService reports, CancellationToken cancellationToken)
    {
        var experiment = request.ExperimentId is null ? (long?)null : Words.ExperimentId(request.ExperimentId);
        var made = await reports.CreateAsync(experiment, Person.Default, new ReportText(request.Title, request.Body), cancellationToken);
        return TypedResults.Created($"{ApiRoutes.Prefix}/reports/{made.Id}", ToInfo(made));
    }

    private static async Task<Ok<ReportInfo>> GetAsync(string reportId, ReportService reports, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await reports.GetAsync(Id(reportId), cancellationToken)));

    private static async Task<Ok<ReportInfo>> UpdateAsync(
        string reportId, UpdateReportRequest request, ReportService reports, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await reports.SetLifecycleAsync(Id(reportId), Words.Lifecycle(request.Lifecycle)!.Value, cancellationToken)));

    private static async Task<Ok<IReadOnlyList<ReportVersionInfo>>> ListVersionsAsync(
        string reportId, int? below, int? limit, ReportService reports, CancellationToken cancellationToken)
    {
        var found = await reports.ListVersionsAsync(Id(reportId), below, Words.Limit(limit, 100, ReportService.MaxLimit), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ReportVersionInfo>>([.. found.Select(ToInfo)]);
    }

    private static async Task<Ok<ReportInfo>> SaveAsync(
        string reportId, SaveReportRequest request, ReportService reports, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await reports.SaveAsync(Id(reportId), request.On, Person.Default, new ReportText(request.Title, request.Body), cancellationToken)));

    private static async Task<Ok<ReportVersionInfo>> GetVersionAsync(
        string reportId, int number, ReportService reports, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await reports.GetVersionAsync(Id(reportId), number, cancellationToken)));

    private static long Id(string text) => Words.Number("reportId", text);

    // A place in the order, so that reports that are saved meanwhile neither repeat nor hide others.
    private static string ToToken(Report last) => string.Create(CultureInfo.InvariantCulture, $"{last.Newest.SavedAt}-{last.Id}");

    private static ReportPosition? ToPosition(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        var dash = token.LastIndexOf('-');
        return dash > 0
            && long.TryParse(token.AsSpan(0, dash), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
            && long.TryParse(token.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new ReportPosition(time, id)
            : throw new RunstoneException(Error.Invalid("pageToken", "The page token was not made by this server; send the one of the page before, unchanged."));
    }

    private static ReportInfo ToInfo(Report report) => new(
        Words.Of(report.Id), report.ExperimentId is { } experiment ? Words.Of(experiment) : null, Words.Of(report.Lifecycle), report.CreatedAt, ToInfo(report.Newest));

    private static ReportVersionInfo ToInfo(ReportVersion version) => new(version.Number, version.Person, version.SavedAt, version.Title, version.Body);
}
