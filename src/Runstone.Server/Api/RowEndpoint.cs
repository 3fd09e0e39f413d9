using System.Globalization;
using System.Text.Json;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Runs;
using Runstone.Formats.Tables;
using Runstone.Protocol;
using Runstone.Server.Hosting;

namespace Runstone.Server.Api;

/// <summary>Shows rows of a file of a run that is a table.</summary>
internal static class RowEndpoint
{
    // Segments before the path of a file: api, v1, runs, {id}, rows.
    private const int SegmentsBefore = 5;
    private const int StandardLimit = 100;
    private const int MaxLimit = 1000;

    // Above it readers of JSON that know doubles alone take a whole number for its neighbour.
    private const long MaxExact = (1L << 53) - 1;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/runs/{id}/rows/{**path}", ReadAsync).WithTags("Artifacts")
        .WithName("ReadRows").WithSummary("Read rows of a file that is a table").Produces<RowPage>();

    private static async Task ReadAsync(
        string id, string path, string? entry, long? offset, int? limit, HttpContext context, ArtifactService artifacts, RunService runs, CancellationToken cancellationToken)
    {
        path = ArtifactPath.Require(RawPath.After(context, SegmentsBefore));
        if (offset < 0)
            throw Words.Rejected("offset", Words.Of(offset.Value), "a whole number from 0");
        var max = Words.Limit(limit, StandardLimit, MaxLimit);
        await runs.GetAsync(id, cancellationToken);
        var artifact = await artifacts.GetAsync(id, path, cancellationToken)
            ?? throw new RunstoneException(new Error(ErrorCode.NotFound, $"Run '{id}' has no file '{path}'.", "path"));
        var file = new TableFile(path, artifact.Blob.Size, (from, length, token) => artifacts.OpenAsync(artifact, from, length, token));
        var page = await TablePreview.ReadAsync(file, entry, offset ?? 0, max, cancellationToken);
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        Write(json, page, offset ?? 0);
    }

    private static void Write(Utf8JsonWriter json, TablePage page, long offset)
    {
        json.WriteStartObject();
        json.WriteString("format"u8, page.Format);
        json.WriteStartArray("columns"u8);
        foreach (var column in page.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, column.Name);
            json.WriteString("type"u8, Of(column.Type));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("offset"u8, offset);
        json.WriteStartArray("rows"u8);
        foreach (var row in page.Rows)
        {
            json.WriteStartArray();
            foreach (var cell in row)
                WriteCell(json, cell);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteBoolean("hasMore"u8, page.HasMore);
        if (page.Total is { } total)
            json.WriteNumber("total"u8, total);
        json.WriteStartArray("remarks"u8);
        foreach (var remark in page.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case double number:
                HistoryWriter.WriteValue(json, number);
                break;
            case long whole when whole is >= -MaxExact and <= MaxExact:
                json.WriteNumberValue(whole);
                break;
            case long or ulong:
                json.WriteStringValue(Convert.ToString(cell, CultureInfo.InvariantCulture));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case JsonElement { ValueKind: JsonValueKind.Number } number when IsLong(number.GetRawText()):
                json.WriteStringValue(number.GetRawText());
                break;
            case JsonElement value:
                value.WriteTo(json);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static bool IsLong(string digits) =>
        digits.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0 && !(long.TryParse(digits, CultureInfo.InvariantCulture, out var whole) && whole is >= -MaxExact and <= MaxExact);

    private static string Of(TableType type) => type switch
    {
        TableType.Number => "number",
        TableType.Boolean => "boolean",
        TableType.Mixed => "mixed",
        _ => "text",
    };
}
