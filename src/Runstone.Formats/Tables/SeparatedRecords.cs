using System.Text;

namespace Runstone.Formats.Tables;

/// <summary>
/// Records of values between separators (RFC 4180): values in quotes hold separators, line ends and doubled quotes. Lines end with LF, CR LF or CR; empty
/// lines are no records. Holds one record, of values that are cut.
/// </summary>
internal sealed class SeparatedRecords(TextReader reader, char separator, string name)
{
    private const char End = '\uFFFF';

    private readonly char[] _buffer = new char[32 * 1024];
    private readonly StringBuilder _value = new();
    private int _at;
    private int _length;
    private bool _hasEnded;

    /// <summary>The line at which the last record begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The values of the last record.</summary>
    public List<string> Values { get; } = [];

    /// <summary>Characters read so far.</summary>
    public long Read { get; private set; }

    private long NextLine { get; set; } = 1;

    /// <summary>Reads the next record; false at the end.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        char c;
        while ((c = await PeekAsync(cancellationToken)) is '\r' or '\n')
            await TakeLineEndAsync(cancellationToken);
        if (c == End && _hasEnded)
            return false;
        Line = NextLine;
        Values.Clear();
        while (await ValueAsync(cancellationToken))
        {
            if (Values.Count > TableLimits.MaxColumns)
                throw TableLimits.AtLine(name, Line, $"it has more than {TableLimits.MaxColumns} values.");
        }

        return true;
    }

    /// <summary>Reads a value and what ends it; false when that ends the record.</summary>
    private async ValueTask<bool> ValueAsync(CancellationToken cancellationToken)
    {
        _value.Clear();
        if (await PeekAsync(cancellationToken) == '"')
            await QuotedAsync(cancellationToken);
        else
            await PlainAsync(cancellationToken);
        Values.Add(_value.Length > TableLimits.MaxCellText ? TableLimits.Cut(_value.ToString()) : _value.ToString());
        var c = await PeekAsync(cancellationToken);
        if (c == End && _hasEnded)
            return false;
        if (c is '\r' or '\n')
        {
            await TakeLineEndAsync(cancellationToken);
            return false;
        }

        _at++;
        return true;
    }

    private async ValueTask PlainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_at == _length && !await FillAsync(cancellationToken))
                return;
            var rest = _buffer.AsMemory(_at, _length - _at);
            var length = rest.Span.IndexOfAny(separator, '\r', '\n');
            Keep(rest.Span[..(length < 0 ? rest.Length : length)]);
            _at += length < 0 ? rest.Length : length;
            if (length >= 0)
                return;
        }
    }

    private async ValueTask QuotedAsync(CancellationToken cancellationToken)
    {
        var begin = NextLine;
        _at++;
        while (true)
        {
            if (_at == _length && !await FillAsync(cancellationToken))
                throw TableLimits.AtLine(name, begin, "a quote is opened and never closed.");
            var c = _buffer[_at++];
            if (c == '"')
            {
                if (await PeekAsync(cancellationToken) != '"')
                    break;
                _at++;
            }
            else if (c == '\n')
            {
                NextLine++;
            }

            Keep([c]);
        }

        var next = await PeekAsync(cancellationToken);
        if (next != separator && next is not ('\r' or '\n') && !_hasEnded)
            throw TableLimits.AtLine(name, NextLine, "text follows a closing quote; a quote inside of a value is written twice.");
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        var room = TableLimits.MaxCellText + 1 - _value.Length;
        _value.Append(text[..Math.Min(text.Length, Math.Max(room, 0))]);
    }

    private async ValueTask TakeLineEndAsync(CancellationToken cancellationToken)
    {
        if (_buffer[_at++] == '\r' && await PeekAsync(cancellationToken) == '\n')
            _at++;
        NextLine++;
    }

    private async ValueTask<char> PeekAsync(CancellationToken cancellationToken) =>
        _at < _length || await FillAsync(cancellationToken) ? _buffer[_at] : End;

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_hasEnded)
            return false;
        _at = 0;
        _length = await reader.ReadAsync(_buffer, cancellationToken);
        Read += _length;
        _hasEnded = _length == 0;
        return !_hasEnded;
    }
}
