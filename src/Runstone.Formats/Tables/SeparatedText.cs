using System.Globalization;
using System.Text;

namespace Runstone.Formats.Tables;

/// <summary>
/// Comma and tab separated files, the first record naming the columns. A .csv may use ';' or tabs: what its first line has most of. Values stay the texts they
/// are; a column is of numbers when all its values among the first rows are, empty ones aside. Records of another length than the first are
/// remarked; longer ones among the first rows add columns without a name, and later ones lose what has no column.
/// </summary>
internal static class SeparatedText
{
    public static async Task<TablePage> ReadAsync(TableFile file, string format, long offset, int limit, CancellationToken cancellationToken)
    {
        await using var content = await file.OpenAsync(0, null, cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        var first = new char[4096];
        var length = await reader.ReadBlockAsync(first, cancellationToken);
        using var whole = new PrefixedReader(first.AsMemory(0, length), reader);
        var records = new SeparatedRecords(whole, format == "tsv" ? '\t' : Separator(first.AsSpan(0, length)), file.Name);
        if (!await records.NextAsync(cancellationToken))
            return new TablePage(format, [], [], HasMore: false, 0);
        var page = new Page(file, format, [.. records.Values], offset, limit);
        while (await records.NextAsync(cancellationToken))
        {
            if (!page.Add(records))
                return page.ToPage(isWhole: false);
        }

        return page.ToPage(isWhole: true);
    }

    private static char Separator(ReadOnlySpan<char> text)
    {
        var line = text[..(text.IndexOfAny('\r', '\n') is >= 0 and var end ? end : text.Length)];
        var (commas, semicolons, tabs) = (line.Count(','), line.Count(';'), line.Count('\t'));
        return tabs > Math.Max(commas, semicolons) ? '\t' : semicolons > commas ? ';' : ',';
    }

    private sealed class Page(TableFile file, string format, List<string> names, long offset, int limit)
    {
        private readonly List<object?[]> _rows = [];
        private readonly List<string> _remarks = [];
        private readonly List<bool> _isNumber = [.. names.Select(_ => true)];
        private readonly List<bool> _hasValue = [.. names.Select(_ => false)];
        private readonly int _named = names.Count;
        private readonly int _size = TableLimits.Rows(limit, names.Count);
        private long _seen;
        private long _text;
        private bool _isFull;

        /// <summary>Looks at the next record; false when no more need be read.</summary>
        public bool Add(SeparatedRecords record)
        {
            if (_seen < TableLimits.LookedAt)
                Look(record);
            var row = _seen++;
            _isFull |= row >= offset && (_rows.Count == _size || _text > TableLimits.MaxPageText);
            if (row >= offset && !_isFull)
                Keep(record.Values);
            if (row < offset && record.Read > TableLimits.MaxScan)
                throw TableLimits.TooFar(file.Name);
            return !_isFull || _seen < TableLimits.LookedAt || file.Size <= TableLimits.MaxCounted;
        }

        public TablePage ToPage(bool isWhole)
        {
            var columns = names.Select((n, i) => new TableColumn(n, _isNumber[i] && _hasValue[i] ? TableType.Number : TableType.Text));
            return new TablePage(format, [.. columns], _rows, _isFull, isWhole ? _seen : null) { Remarks = _remarks };
        }

        private void Keep(List<string> values)
        {
            _rows.Add([.. values.Take(names.Count)]);
            foreach (var value in values)
                _text += value.Length;
        }

        private void Look(SeparatedRecords record)
        {
            var values = record.Values;
            if (values.Count != _named && _remarks.Count < TableLimits.MaxRemarks)
                _remarks.Add(string.Create(CultureInfo.InvariantCulture, $"Line {record.Line} has {values.Count} values, the first line {_named}."));
            while (names.Count < values.Count)
            {
                names.Add("");
                _isNumber.Add(true);
                _hasValue.Add(false);
            }

            for (var i = 0; i < values.Count; i++)
            {
                if (values[i].Length == 0)
                    continue;
                _hasValue[i] = true;
                _isNumber[i] = _isNumber[i] && double.TryParse(values[i], NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            }
        }
    }

    /// <summary>Some characters, then those of another reader.</summary>
    private sealed class PrefixedReader(ReadOnlyMemory<char> prefix, TextReader rest) : TextReader
    {
        private ReadOnlyMemory<char> _prefix = prefix;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            if (_prefix.IsEmpty)
                return rest.ReadAsync(buffer, cancellationToken);
            var length = Math.Min(_prefix.Length, buffer.Length);
            _prefix[..length].CopyTo(buffer);
            _prefix = _prefix[length..];
            return ValueTask.FromResult(length);
        }
    }
}
