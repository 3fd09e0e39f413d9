using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Answers a search as a file, stretch by stretch, so that memory does not grow with it.</summary>
internal static class RunExportEndpoint
{
    private const string IdColumn = RunFields.Id;

    public static async Task ExportAsync(
        string? format, RunExportRequest request, HttpResponse response, RunTableService tables, CancellationToken cancellationToken)
    {
        var isParquet = format switch
        {
            null or "csv" => false,
            "parquet" => true,
            _ => throw Words.Rejected("format", format, "csv or parquet"),
        };
        var query = RunMapping.ToQuery(new SearchRunsRequest
        {
            ExperimentIds = request.ExperimentIds,
            Filter = request.Filter,
            OrderBy = request.OrderBy,
            Lifecycle = request.Lifecycle,
        });
        query = query with { Filter = RunGroupMapping.Within(query.Filter, request.Within), Roots = request.Roots };
        string[] names = [.. (request.Columns ?? []).Select(c => c ?? "").Prepend(IdColumn).Distinct(StringComparer.Ordinal)];
        var fields = RunFilterParser.ParseColumns(names);
        var stretches = tables.ReadAllAsync(query, fields, cancellationToken);

        // What is refused is refused before the first byte: the answer begins with the first stretch.
        await using var reading = stretches.GetAsyncEnumerator(cancellationToken);
        await reading.MoveNextAsync();
        response.Headers.ContentDisposition = $"attachment; filename=\"runs.{(isParquet ? "parquet" : "csv")}\"";
        response.ContentType = isParquet ? RunParquet.MediaType : $"{RunCsv.MediaType}; charset=utf-8; header=present";
        if (isParquet)
            await RunParquet.WriteAsync(response.BodyWriter, names, fields, reading, cancellationToken);
        else
            await RunCsv.WriteAsync(response.BodyWriter, names, fields, reading, cancellationToken);
    }

    /// <summary>Whether the numbers of the field are times in Unix milliseconds.</summary>
    public static bool IsTime(Field field) => field is { Kind: FieldKind.Attribute, Key: RunFields.StartTime or RunFields.EndTime };

    /// <summary>Whether the numbers of the field are whole.</summary>
    public static bool IsWhole(Field field) => field is { Kind: FieldKind.Attribute, Key: RunFields.Duration or RunColumnFields.Children };

    /// <summary>The time; null when it lies outside the years 1 to 9999, as clients may send.</summary>
    public static DateTime? Time(double milliseconds) =>
        milliseconds >= MinTime && milliseconds <= MaxTime ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds).UtcDateTime : null;

    private static readonly double MinTime = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly double MaxTime = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
