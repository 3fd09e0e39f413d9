using System.Buffers.Binary;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>Puts the rows of one table into the columns of their keys.</summary>
internal sealed class TableCells
{
    private readonly Dictionary<long, (RunTableColumn Column, int Value)[]> _ofKey = [];
    private readonly Dictionary<string, (RunTableColumn Column, int Value)[]> _ofName;
    private readonly Dictionary<long, int> _rows;
    private readonly bool[] _nullIsNaN;
    private readonly bool _areTexts;
    private long _run = -1;
    private int _row;

    /// <param name="fields">All fields of the table that is made.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="kind">The fields that are read here.</param>
    /// <param name="rows">The row of each run.</param>
    public TableCells(IReadOnlyList<Field> fields, IReadOnlyList<RunTableColumn> columns, FieldKind kind, Dictionary<long, int> rows)
    {
        var ofKind = fields.Select((f, i) => (Field: f, Column: columns[i])).Where(f => f.Field.Kind == kind).ToArray();
        Values = [.. ofKind.Select(f => "x." + RunFieldPlaces.ValueColumn(f.Field)).Distinct(StringComparer.Ordinal)];
        _nullIsNaN = [.. Values.Select(v => v == "x.last")];
        _areTexts = kind != FieldKind.Metric;
        _ofName = ofKind.GroupBy(f => f.Field.Key, f => (f.Column, Array.IndexOf(Values, "x." + RunFieldPlaces.ValueColumn(f.Field))), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _rows = rows;
    }

    /// <summary>The columns that are read, after the run and the key.</summary>
    public string[] Values { get; }

    /// <summary>Says which key has a name that was asked for; before its rows.</summary>
    public void Name(long key, string name) => _ofKey[key] = _ofName[name];

    /// <summary>Takes a row: run, key, <see cref="Values"/>.</summary>
    public void Take(SqlRow row)
    {
        var run = row.Int64(0);
        if (run != _run)
            (_run, _row) = (run, _rows[run]);
        TakeValues(row);
    }

    /// <summary>Takes such a row if its run is one of the table.</summary>
    public void TakeIfAsked(SqlRow row)
    {
        if (_rows.TryGetValue(row.Int64(0), out _row))
            TakeValues(row);
    }

    private void TakeValues(SqlRow row)
    {
        foreach (var (column, value) in _ofKey[row.Int64(1)])
        {
            if (column is TextColumn texts)
                texts.Set(_row, row.Utf8(2 + value));
            else
                Set((NumberColumn)column, value, row.NullableDouble(2 + value) ?? double.NaN);
        }
    }

    /// <summary>
    /// Takes a row of <see cref="SqlDialect.Packed"/>: run, keys, then of each of <see cref="Values"/> the numbers (NaN for none), or the lengths of
    /// the texts in bytes (four bytes each) and the texts. All integers and numbers have the most significant byte first.
    /// </summary>
    public void TakePacked(SqlRow row)
    {
        if (row.IsNull(1))
            return;
        _row = _rows[row.Int64(0)];
        if (_areTexts)
            TakeTexts(row.Blob(1), row.Blob(2), row.Utf8(3));
        else
            TakeNumbers(row);
    }

    private void TakeTexts(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> texts)
    {
        for (var i = 0; i < keys.Length / sizeof(long); i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(lengths[(i * sizeof(int))..]);
            foreach (var (column, _) in _ofKey[Key(keys, i)])
                ((TextColumn)column).Set(_row, texts[..length]);
            texts = texts[length..];
        }
    }

    private void TakeNumbers(SqlRow row)
    {
        var keys = row.Blob(1);
        for (var value = 0; value < Values.Length; value++)
        {
            var numbers = row.Blob(2 + value);
            for (var i = 0; i < keys.Length / sizeof(long); i++)
            {
                foreach (var (column, of) in _ofKey[Key(keys, i)])
                {
                    if (of == value)
                        Set((NumberColumn)column, value, BinaryPrimitives.ReadDoubleBigEndian(numbers[(i * sizeof(double))..]));
                }
            }
        }
    }

    private static long Key(ReadOnlySpan<byte> keys, int index) => BinaryPrimitives.ReadInt64BigEndian(keys[(index * sizeof(long))..]);

    private void Set(NumberColumn column, int value, double number)
    {
        if (!double.IsNaN(number) || _nullIsNaN[value])
            column.Set(_row, number);
    }
}
