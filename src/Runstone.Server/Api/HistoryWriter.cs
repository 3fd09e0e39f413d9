using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;

namespace Runstone.Server.Api;

/// <summary>
/// Writes a series: as one JSON object, whose columns ask for the whole series in memory and is therefore bounded, or as lines
/// of JSON objects, block by block, however long it is.
/// </summary>
internal static class HistoryWriter
{
    public const string LinesType = "application/x-ndjson";

    /// <summary>Points that fit one JSON object.</summary>
    public const int MaxPoints = 1_000_000;

    private const int FlushEvery = 8192;

    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    public static bool WantsLines(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals(LinesType, StringComparison.OrdinalIgnoreCase));

    public static async Task WriteObjectAsync(
        HttpResponse response, IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> blocks, CancellationToken cancellationToken)
    {
        var points = new List<SeriesPoint>();
        await foreach (var block in blocks.WithCancellation(cancellationToken))
        {
            if (points.Count + block.Length > MaxPoints)
                throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The series has more than {MaxPoints} points; narrow it with 'from' and 'to', or ask for 'Accept: {LinesType}'.", "key"));
            points.AddRange(block.Span);
        }

        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter, Unchecked);
        json.WriteStartObject();
        await WriteColumnAsync("step", (j, p) => WriteStep(j, p.Step));
        await WriteColumnAsync("time", (j, p) => j.WriteNumberValue(p.Time));
        await WriteColumnAsync("value", (j, p) => WriteValue(j, p.Value));
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

    public static async Task WriteLinesAsync(
        HttpResponse response, IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> blocks, CancellationToken cancellationToken)
    {
        response.ContentType = LinesType;
        await using var json = new Utf8JsonWriter(response.BodyWriter, Unchecked);
        await foreach (var block in blocks.WithCancellation(cancellationToken))
        {
            WriteBlock(json, block.Span);
            json.Flush();
            json.Reset();
            "\n"u8.CopyTo(response.BodyWriter.GetSpan(1));
            response.BodyWriter.Advance(1);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private static void WriteBlock(Utf8JsonWriter json, ReadOnlySpan<SeriesPoint> points)
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
        json.WriteEndObject();
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

    private static void WriteValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
    }
}
