using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Runstone.Formats.Tables;

/// <summary>JSON lines: a value a line. Empty lines are no rows. The columns of a page are those of its rows.</summary>
internal static class JsonLines
{
    private const int MaxLine = 1024 * 1024;

    public static async Task<TablePage> ReadAsync(TableFile file, long offset, int limit, CancellationToken cancellationToken)
    {
        await using var content = await file.OpenAsync(0, null, cancellationToken);
        var lines = new Lines(content, file.Name);
        var rows = new JsonRows(limit);
        var (row, hasMore) = (0L, false);
        while (await lines.NextAsync(cancellationToken))
        {
            if (lines.Current.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            if (row++ < offset)
            {
                if (lines.Read > TableLimits.MaxScan)
                    throw TableLimits.TooFar(file.Name);
                continue;
            }

            hasMore |= rows.IsFull;
            if (!hasMore)
                Add(rows, lines, file.Name);
            else if (file.Size > TableLimits.MaxCounted)
                return rows.ToPage("jsonl", hasMore: true, total: null);
        }

        return rows.ToPage("jsonl", hasMore, row);
    }

    private static void Add(JsonRows rows, Lines lines, string name)
    {
        try
        {
            using var row = JsonDocument.Parse(lines.Current);
            if (!rows.Add(row.RootElement))
                throw TableLimits.AtLine(name, lines.Number, $"the rows have more than {TableLimits.MaxColumns} columns together.");
        }
        catch (JsonException e)
        {
            throw TableLimits.AtLine(name, lines.Number, string.Create(CultureInfo.InvariantCulture, $"it is no JSON from byte {(e.BytePositionInLine ?? 0) + 1} on."));
        }
        catch (InvalidOperationException)
        {
            // A text with half a surrogate pair or bytes that are not UTF-8.
            throw TableLimits.AtLine(name, lines.Number, "it holds a text that is not well-formed Unicode.");
        }
    }

    /// <summary>Lines of bytes, one at a time, the last one with or without its end.</summary>
    private sealed class Lines(Stream content, string name)
    {
        private byte[] _buffer = new byte[64 * 1024];
        private int _at;
        private int _length;

        public ReadOnlyMemory<byte> Current { get; private set; }

        public long Number { get; private set; }

        public long Read { get; private set; }

        public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
        {
            var looked = 0;
            while (true)
            {
                var end = _buffer.AsSpan(_at + looked, _length - _at - looked).IndexOf((byte)'\n');
                if (end >= 0)
                    return Take(looked + end, 1);
                looked = _length - _at;
                if (looked > MaxLine)
                    throw TableLimits.AtLine(name, Number + 1, $"it is longer than {MaxLine} bytes.");
                if (!await FillAsync(cancellationToken))
                    return looked > 0 && Take(looked, 0);
            }
        }

        private bool Take(int length, int end)
        {
            Current = _buffer.AsMemory(_at, length);
            if (Number++ == 0 && Current.Span.StartsWith(Encoding.UTF8.Preamble))
                Current = Current[3..];
            _at += length + end;
            return true;
        }

        private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
        {
            _buffer.AsSpan(_at, _length - _at).CopyTo(_buffer);
            (_length, _at) = (_length - _at, 0);
            if (_length == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = await content.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            _length += read;
            Read += read;
            return read > 0;
        }
    }
}
