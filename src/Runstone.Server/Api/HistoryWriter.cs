using System.Text;
using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Reading;
using Runstone.Protocol;
using Runstone.Server.Hosting;

namespace Runstone.Server.Api;

/// <summary>
/// Writes a series: as one JSON object, whose columns ask for all of it in memory and is therefore bounded, or block by block, as
/// lines of JSON objects or as bytes, however long it is.
/// </summary>
internal static class HistoryWriter
{
    public const string LinesType = "application/x-ndjson";

    /// <summary>Points that fit one JSON object.</summary>
    public const int MaxPoints = 1_000_000;

    private const int FlushEvery = 8192;

    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    public static bool Accepts(HttpRequest request, string type) =>
        request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));

    public static async Task WriteObjectAsync(
        HttpResponse response, HistoryPage page, IReadOnlyList<ErasureInfo>? erased, CancellationToken cancellationToken)
    {
        var (points, texts) = (new List<SeriesPoint>(), new List<MetricText>());
        await foreach (var (block, found) in page.TextBlocksAsync(cancellationToken))
        {
            if (points.Count + block.Length > MaxPoints)
                throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The series has more than {MaxPoints} points; narrow it with 'from' and 'to', page it with 'limit', or ask for 'Accept: {LinesType}' or '{PointsFormat.MediaType}'.", "key"));
            texts.AddRange(found.Select(t => t with { Point = points.Count + t.Point }));
            points.AddRange(block.Span);
        }

        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter, Unchecked);
        json.WriteStartObject();
        await WriteColumnAsync("step", (j, p) => WriteStep(j, p.Step));
        await WriteColumnAsync("time", (j, p) => j.WriteNumberValue(p.Time));
        await WriteColumnAsync("value", (j, p) => WriteValue(j, p.Value));
        WriteTexts(json, texts);
        WriteToken(json, page.NextPageToken);
        if (erased is not null)
        {
            json.WritePropertyName("erased"u8);
            JsonSerializer.Serialize(json, erased, ServerJson.Context.IReadOnlyListErasureInfo);
        }

        json.WriteEndObject();

        async Task WriteColumnAsync(string name, Action<Utf8JsonWriter, SeriesPoint> write)
        {
            json.WriteStartArray(name);
            for (var i = 0; i < points.Count; i++)
            {
                write(json, points[i]);
                if (i % FlushEvery == FlushEvery - 1)
                    await FlushAsync(json, response, cancellationToken);
            }

            json.WriteEndArray();
        }
    }

    public static async Task WriteLinesAsync(HttpResponse response, HistoryPage page, CancellationToken cancellationToken)
    {
        response.ContentType = LinesType;
        await using var json = new Utf8JsonWriter(response.BodyWriter, Unchecked);
        await foreach (var (block, texts) in page.TextBlocksAsync(cancellationToken))
        {
            WriteBlock(json, block.Span, texts);
            await EndLineAsync(json, response, cancellationToken);
        }

        if (page.NextPageToken is null)
            return;
        json.WriteStartObject();
        WriteToken(json, page.NextPageToken);
        json.WriteEndObject();
        await EndLineAsync(json, response, cancellationToken);
    }

    public static async Task WriteBytesAsync(HttpResponse response, HistoryPage page, CancellationToken cancellationToken)
    {
        var (format, body) = (new PointsFormat(), response.BodyWriter);
        response.ContentType = PointsFormat.MediaType;
        PointsFormat.WriteHeader(body);
        await foreach (var block in page.BlocksAsync(cancellationToken))
        {
            format.WriteBlock(body, block.Span);
            await body.FlushAsync(cancellationToken);
        }

        PointsFormat.WriteEnd(body, Encoding.ASCII.GetBytes(page.NextPageToken ?? ""));
        await body.FlushAsync(cancellationToken);
    }

    private static async Task EndLineAsync(Utf8JsonWriter json, HttpResponse response, CancellationToken cancellationToken)
    {
        json.Flush();
        json.Reset();
        "\n"u8.CopyTo(response.BodyWriter.GetSpan(1));
        response.BodyWriter.Advance(1);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static void WriteToken(Utf8JsonWriter json, string? token)
    {
        if (token is not null)
            json.WriteString("nextPageToken"u8, token);
    }

    private static void WriteBlock(Utf8JsonWriter json, ReadOnlySpan<SeriesPoint> points, IReadOnlyList<MetricText> texts)
    {
        json.WriteStartObject();
        json.WriteStartArray("step"u8);
        foreach (ref readonly var point in points)
            WriteStep(json, point.Step);
        json.WriteEndArray();
        json.WriteStartArray("time"u8);
        foreach (ref readonly var point in points)
            json.WriteNumberValue(point.Time);
        json.WriteEndArray();
        json.WriteStartArray("value"u8);
        foreach (ref readonly var point in points)
            WriteValue(json, point.Value);
        json.WriteEndArray();
        WriteTexts(json, texts);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, IReadOnlyList<MetricText> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray("texts"u8);
        foreach (var (point, text) in texts)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, point);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static async Task FlushAsync(Utf8JsonWriter json, HttpResponse response, CancellationToken cancellationToken)
    {
        json.Flush();
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static void WriteStep(Utf8JsonWriter json, Step step)
    {
        if (step.Micros == 0)
            json.WriteNumberValue(step.Whole);
        else
            json.WriteNumberValue(step.Whole + (step.Micros / 1_000_000m));
    }

    public static void WriteValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
    }
}
