using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Runstone.Client.Media;

/// <summary>The data of items as the server wants them (docs/formats/media.md).</summary>
internal static class MediaJson
{
    public static JsonElement Text(string text, bool markdown) => Write(json =>
    {
        json.WriteString("text", text);
        if (markdown)
            json.WriteString("format", "markdown");
    });

    public static JsonElement Table(MediaTable table) => Write(json => WriteTable(json, table));

    public static JsonElement Histogram(HistogramBins bins) => Write(json =>
    {
        WriteNumbers(json, "edges", bins.Edges);
        WriteNumbers(json, "counts", bins.Counts);
        if (bins.Missing > 0)
            json.WriteNumber("missing", bins.Missing);
    });

    public static JsonElement Matrix(ConfusionCounts matrix) => Write(json =>
    {
        WriteTexts(json, "labels", matrix.Labels);
        json.WriteStartArray("counts");
        foreach (var row in matrix.Counts)
        {
            json.WriteStartArray();
            foreach (var count in row)
                json.WriteNumberValue(count);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (matrix.Examples is not { } examples)
            return;
        json.WriteStartObject("rows");
        WriteTable(json, examples);
        WritePlaces(json, "actual", matrix.Actual);
        WritePlaces(json, "predicted", matrix.Predicted);
        json.WriteEndObject();
    });

    public static JsonElement Roc(IReadOnlyList<RocCurve> curves) => Curves(curves, (json, curve) =>
    {
        WriteLabel(json, curve.Label);
        WriteNumbers(json, "falsePositiveRate", curve.FalsePositiveRate);
        WriteNumbers(json, "truePositiveRate", curve.TruePositiveRate);
        WriteNumbers(json, "thresholds", curve.Thresholds);
        json.WriteNumber("auc", curve.Auc);
        json.WriteNumber("positives", curve.Positives);
        json.WriteNumber("negatives", curve.Negatives);
    });

    public static JsonElement PrecisionRecall(IReadOnlyList<PrCurve> curves) => Curves(curves, (json, curve) =>
    {
        WriteLabel(json, curve.Label);
        WriteNumbers(json, "recall", curve.Recall);
        WriteNumbers(json, "precision", curve.Precision);
        WriteNumbers(json, "thresholds", curve.Thresholds);
        json.WriteNumber("averagePrecision", curve.AveragePrecision);
        json.WriteNumber("positives", curve.Positives);
        json.WriteNumber("negatives", curve.Negatives);
    });

    private static JsonElement Curves<T>(IReadOnlyList<T> curves, Action<Utf8JsonWriter, T> write) => Write(json =>
    {
        json.WriteStartArray("curves");
        foreach (var curve in curves)
        {
            json.WriteStartObject();
            write(json, curve);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteTable(Utf8JsonWriter json, MediaTable table)
    {
        WriteTexts(json, "columns", table.Columns);
        json.WriteStartArray("rows");
        foreach (var row in table.Rows)
        {
            json.WriteStartArray();
            foreach (var cell in row)
                WriteCell(json, cell);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteCell(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case double number:
                WriteNumber(json, number);
                break;
            case float number when !float.IsFinite(number):
                WriteNumber(json, number);
                break;
            case float number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(cell, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case IFormattable value:
                json.WriteStringValue(value.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(cell.ToString());
                break;
        }
    }

    private static void WriteLabel(Utf8JsonWriter json, string? label)
    {
        if (label is not null)
            json.WriteString("label", label);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            WriteNumber(json, number);
        json.WriteEndArray();
    }

    private static void WritePlaces(Utf8JsonWriter json, string name, IReadOnlyList<int> places)
    {
        json.WriteStartArray(name);
        foreach (var place in places)
            json.WriteNumberValue(place);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }

    private static JsonElement Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }
}
