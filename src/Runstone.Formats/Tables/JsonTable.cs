using System.Globalization;
using System.Text.Json;
using Runstone.Core.Errors;

namespace Runstone.Formats.Tables;

/// <summary>
/// A JSON file that is a table: an array of rows, or an object with <c>columns</c> (names) and <c>data</c> (arrays of values), as pandas writes with
/// <c>orient="split"</c> and trackers write their tables.
/// </summary>
internal static class JsonTable
{
    public static async Task<TablePage> ReadAsync(TableFile file, long offset, int limit, CancellationToken cancellationToken)
    {
        if (file.Size > TableLimits.MaxCounted)
        {
            throw new RunstoneException(new Error(
                ErrorCode.TooLarge, $"A JSON file is read as a whole, up to {TableLimits.MaxCounted} bytes; this one has {file.Size}. Log long tables as JSON lines.", "path"));
        }

        await using var content = await file.OpenAsync(0, null, cancellationToken);
        try
        {
            using var document = await JsonDocument.ParseAsync(content, default, cancellationToken);
            return Read(document.RootElement, file.Name, offset, limit);
        }
        catch (JsonException e)
        {
            throw TableLimits.AtLine(file.Name, (e.LineNumber ?? 0) + 1, string.Create(CultureInfo.InvariantCulture, $"it is no JSON from byte {(e.BytePositionInLine ?? 0) + 1} on."));
        }
        catch (InvalidOperationException)
        {
            throw TableLimits.Malformed(file.Name, "it holds a text that is not well-formed Unicode.");
        }
    }

    private static TablePage Read(JsonElement root, string name, long offset, int limit)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return ReadRows(root, name, offset, limit);
        if (root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("columns", out var columns) && columns.ValueKind == JsonValueKind.Array
            && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array)
        {
            return ReadSplit(columns, data, name, offset, limit);
        }

        throw TableLimits.Malformed(name, "it is neither an array of rows nor an object with 'columns' and 'data'.");
    }

    private static TablePage ReadRows(JsonElement array, string name, long offset, int limit)
    {
        var rows = new JsonRows(limit);
        var total = array.GetArrayLength();
        var row = Math.Min(offset, total);
        foreach (var value in array.EnumerateArray().Skip((int)row))
        {
            if (rows.IsFull)
                break;
            if (!rows.Add(value))
                throw TooWide(name, row);
            row++;
        }

        return rows.ToPage("json", row < total, total);
    }

    private static TablePage ReadSplit(JsonElement columns, JsonElement data, string name, long offset, int limit)
    {
        var names = columns.EnumerateArray().Select(c => TableLimits.Cut(c.ValueKind == JsonValueKind.String ? c.GetString()! : c.GetRawText())).ToArray();
        if (names.Length > TableLimits.MaxColumns)
            throw TooWide(name, 0);
        var rows = new JsonRows(limit);
        var total = data.GetArrayLength();
        var row = Math.Min(offset, total);
        foreach (var values in data.EnumerateArray().Skip((int)row))
        {
            if (rows.IsFull)
                break;
            if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() != names.Length)
                throw TableLimits.Malformed(name, string.Create(CultureInfo.InvariantCulture, $"row {row} of 'data' is no array of {names.Length} values."));
            rows.AddValues(values);
            row++;
        }

        var page = rows.ToPage("json", row < total, total);
        return page with { Columns = [.. names.Select((n, i) => new TableColumn(n, i < page.Columns.Count ? page.Columns[i].Type : TableType.Text))] };
    }

    private static RunstoneException TooWide(string name, long row) => TableLimits.Malformed(
        name, string.Create(CultureInfo.InvariantCulture, $"up to row {row} there are more than {TableLimits.MaxColumns} columns."));
}
