using System.Globalization;
using System.Text.Json;

namespace Runstone.Formats.Tables;

/// <summary>Gathers rows that come as JSON: objects, whose members are columns in the order in which they first appear, or other values, which are one column.</summary>
internal sealed class JsonRows(int limit)
{
    private const string Single = "value";

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<TableColumn> _columns = [];
    private readonly List<bool> _isTyped = [];
    private readonly List<object?[]> _rows = [];
    private long _cells;
    private long _text;

    /// <summary>Whether another row would be too much.</summary>
    public bool IsFull => _rows.Count >= limit || _cells >= TableLimits.MaxCells || _text > TableLimits.MaxPageText;

    /// <summary>Takes a row; false when it has too many columns.</summary>
    public bool Add(JsonElement row)
    {
        var cells = new object?[_columns.Count];
        if (row.ValueKind != JsonValueKind.Object)
            return Set(ref cells, Single, row) && Keep(cells);
        foreach (var member in row.EnumerateObject())
        {
            if (!Set(ref cells, member.Name, member.Value))
                return false;
        }

        return Keep(cells);
    }

    /// <summary>Takes a row of values by their places, which are then its columns.</summary>
    public void AddValues(JsonElement values)
    {
        var cells = new object?[_columns.Count];
        var place = 0;
        foreach (var value in values.EnumerateArray())
            Set(ref cells, place++.ToString(CultureInfo.InvariantCulture), value);
        Keep(cells);
    }

    public TablePage ToPage(string format, bool hasMore, long? total) => new(format, [.. _columns], _rows, hasMore, total);

    private bool Keep(object?[] cells)
    {
        _rows.Add(cells);
        _cells += cells.Length;
        return true;
    }

    private bool Set(ref object?[] cells, string name, JsonElement value)
    {
        if (!_places.TryGetValue(name, out var place))
        {
            place = _places[name] = _columns.Count;
            _columns.Add(new TableColumn(TableLimits.Cut(name), TableType.Text));
            _isTyped.Add(false);
        }

        if (place >= TableLimits.MaxColumns)
            return false;
        if (cells.Length <= place)
            Array.Resize(ref cells, _columns.Count);
        cells[place] = Cell(value);
        if (value.ValueKind != JsonValueKind.Null)
            Type(place, TypeOf(value.ValueKind));
        return true;
    }

    private void Type(int place, TableType type)
    {
        var old = _columns[place];
        _columns[place] = old with { Type = !_isTyped[place] || old.Type == type ? type : TableType.Mixed };
        _isTyped[place] = true;
    }

    private object? Cell(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.String:
                var text = TableLimits.Cut(value.GetString()!);
                _text += text.Length;
                return text;
            default:
                // As it was written: a number keeps its digits, an object that is too long is cut as a text.
                var raw = value.GetRawText();
                _text += raw.Length;
                return raw.Length <= TableLimits.MaxCellText ? value.Clone() : TableLimits.Cut(raw);
        }
    }

    private static TableType TypeOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Number => TableType.Number,
        JsonValueKind.String => TableType.Text,
        JsonValueKind.True or JsonValueKind.False => TableType.Boolean,
        _ => TableType.Mixed,
    };
}
