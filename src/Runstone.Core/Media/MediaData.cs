using System.Text;
using System.Text.Json;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Core.Media;

/// <summary>The shapes of data, one a type (docs/formats/media.md), and their bounds.</summary>
public static class MediaData
{
    /// <summary>Bytes of the data of an item, as UTF-8.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Levels of arrays and objects in the data.</summary>
    public const int MaxDepth = 32;

    public const int MaxColumns = 1000;
    public const int MaxRows = 100_000;
    public const int MaxBins = 10_000;
    public const int MaxClasses = 500;
    public const int MaxCurves = 100;
    public const int MaxCurvePoints = 10_000;

    /// <summary>Characters of a label: of a column, a class, a curve.</summary>
    public const int MaxLabel = 500;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private static readonly string[] CellFiles = ["image", "audio", "video"];

    /// <summary>Whether items of the type hold their content here, in a file, or in either.</summary>
    public static bool MayHaveData(MediaType type) => type > MediaType.Html;

    /// <inheritdoc cref="MayHaveData"/>
    public static bool MayHaveFile(MediaType type) => type is <= MediaType.Table or MediaType.Plotly;

    /// <summary>The first thing wrong with the data; the field names the place, beginning with <paramref name="field"/>. Null when it may be kept.</summary>
    public static Error? Check(MediaType type, string data, string field)
    {
        var bytes = Encoding.UTF8.GetByteCount(data);
        if (bytes > MaxBytes)
            return new Error(ErrorCode.TooLarge, $"The data has {bytes} bytes; at most {MaxBytes} are kept. Log a file instead, or less of it.", field);
        try
        {
            using var document = JsonDocument.Parse(data, Strict);
            if (data.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
                RequireCharacters(new DataNode(document.RootElement, field));
            CheckShape(type, new DataNode(document.RootElement, field));
            return null;
        }
        catch (JsonException e)
        {
            return Error.Invalid(field, $"The data is not JSON of at most {MaxDepth} levels without repeated members: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            return Error.Invalid(field, "The data have a member whose name has half of a surrogate pair, which is no character.");
        }
        catch (RunstoneException e)
        {
            return e.Error;
        }
    }

    private static void CheckShape(MediaType type, DataNode data)
    {
        switch (type)
        {
            case MediaType.Text:
                data.Object("text", "format").Required("text").Text();
                data.Optional("format")?.Word("plain", "markdown");
                break;
            case MediaType.Table:
                CheckTable(data.Object("columns", "rows"));
                break;
            case MediaType.Histogram:
                CheckHistogram(data);
                break;
            case MediaType.Plotly:
                CheckPlotly(data);
                break;
            case MediaType.ConfusionMatrix:
                CheckMatrix(data);
                break;
            case MediaType.Roc:
                CheckCurves(data, "falsePositiveRate", "truePositiveRate", "auc");
                break;
            case MediaType.PrecisionRecall:
                CheckCurves(data, "recall", "precision", "averagePrecision");
                break;
            default:
                throw DataNode.Wrong(data.Path, "is not allowed: items of this type are files. Give 'path'");
        }
    }

    /// <summary>Returns how many rows there are.</summary>
    private static int CheckTable(DataNode table)
    {
        var columns = table.Required("columns");
        var width = columns.Array(1, MaxColumns);
        foreach (var column in columns.Entries())
            column.Text(MaxLabel);
        var rows = table.Required("rows");
        var count = rows.Array(0, MaxRows);
        foreach (var row in rows.Entries())
        {
            row.Array(width, width);
            if (row.Json.EnumerateArray().Any(cell => cell.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
                CheckCells(row);
        }

        return count;
    }

    private static void CheckCells(DataNode row)
    {
        foreach (var cell in row.Entries())
        {
            if (cell.Json.ValueKind == JsonValueKind.Array)
                throw DataNode.Wrong(cell.Path, "is an array; a cell is a text, a number, true, false, null or a file");
            if (cell.Json.ValueKind != JsonValueKind.Object)
                continue;
            cell.Object("type", "path").Required("type").Word(CellFiles);
            var path = cell.Required("path");
            if (ArtifactPath.Check(path.Text(), field: path.Path) is { } error)
                throw new RunstoneException(error);
        }
    }

    private static void CheckHistogram(DataNode data)
    {
        data.Object("edges", "counts", "missing");
        var path = data.Required("edges");
        var edges = path.Numbers(2, MaxBins + 1);
        RequireOrder(path, edges, static (before, after) => after > before, "is not above the edge before it");
        data.Required("counts").Numbers(edges.Length - 1, edges.Length - 1, from: 0);
        data.Optional("missing")?.Number(0, double.MaxValue);
    }

    private static void CheckPlotly(DataNode data)
    {
        var traces = data.Object("data", "layout", "config", "frames").Required("data");
        traces.Array(0, MaxRows);
        foreach (var trace in traces.Entries())
            trace.Require(JsonValueKind.Object, "an object");
        data.Optional("layout")?.Require(JsonValueKind.Object, "an object");
        data.Optional("config")?.Require(JsonValueKind.Object, "an object");
        data.Optional("frames")?.Array(0, MaxRows);
    }

    private static void CheckMatrix(DataNode data)
    {
        var labels = data.Object("labels", "counts", "rows").Required("labels");
        var classes = labels.Array(1, MaxClasses);
        foreach (var label in labels.Entries())
            label.Text(MaxLabel);
        var counts = data.Required("counts");
        counts.Array(classes, classes);
        foreach (var row in counts.Entries())
            row.Numbers(classes, classes, from: 0);
        if (data.Optional("rows") is not { } table)
            return;
        var rows = CheckTable(table.Object("columns", "rows", "actual", "predicted"));
        table.Required("actual").Places(rows, classes);
        table.Required("predicted").Places(rows, classes);
    }

    private static void CheckCurves(DataNode data, string x, string y, string area)
    {
        var curves = data.Object("curves").Required("curves");
        curves.Array(1, MaxCurves);
        foreach (var curve in curves.Entries())
        {
            curve.Object("label", x, y, "thresholds", area, "positives", "negatives").Optional("label")?.Text(MaxLabel);
            var path = curve.Required(x);
            var points = path.Numbers(1, MaxCurvePoints, 0, 1);
            RequireOrder(path, points, static (before, after) => after >= before, "is below the entry before it; a curve goes from left to right");
            curve.Required(y).Numbers(points.Length, points.Length, 0, 1);
            curve.Optional("thresholds")?.Numbers(points.Length, points.Length, infinite: true);
            curve.Optional(area)?.Number(0, 1);
            curve.Optional("positives")?.Number(0, double.MaxValue);
            curve.Optional("negatives")?.Number(0, double.MaxValue);
        }
    }

    private static void RequireOrder(DataNode path, double[] numbers, Func<double, double, bool> follows, string why)
    {
        for (var i = 1; i < numbers.Length; i++)
        {
            if (!follows(numbers[i - 1], numbers[i]))
                throw DataNode.Wrong(FormattableString.Invariant($"{path.Path}[{i}]"), why);
        }
    }

    /// <summary>A text that is half a surrogate pair can be written as JSON and is no text.</summary>
    private static void RequireCharacters(DataNode node)
    {
        switch (node.Json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in node.Json.EnumerateObject())
                    RequireCharacters(new DataNode(member.Value, $"{node.Path}.{member.Name}"));
                break;
            case JsonValueKind.Array:
                RequireEntries(node);
                break;
            case JsonValueKind.String:
                try
                {
                    node.Json.GetString();
                }
                catch (InvalidOperationException)
                {
                    throw DataNode.Wrong(node.Path, "has half of a surrogate pair, which is no character");
                }

                break;
        }
    }

    private static void RequireEntries(DataNode node)
    {
        var place = 0;
        foreach (var entry in node.Json.EnumerateArray())
        {
            // Long arrays hold numbers; a place is written down only where a text may be.
            if (entry.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object)
                RequireCharacters(new DataNode(entry, FormattableString.Invariant($"{node.Path}[{place}]")));
            place++;
        }
    }
}
