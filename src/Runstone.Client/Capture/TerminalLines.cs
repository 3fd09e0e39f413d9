using System.Buffers;
using System.Globalization;
using System.Text;

namespace Runstone.Client.Capture;

/// <summary>
/// Turns what a program writes to a terminal into the lines that are left there: what a carriage return, a backspace or a cursor that
/// goes up overwrites is gone, so that of a progress bar its last state stays. Colours are kept, other control sequences are not.
/// Used under a lock.
/// </summary>
internal sealed class TerminalLines(Action<string> emit)
{
    /// <summary>Characters after which a line goes on in the next one.</summary>
    private const int MaxRow = 16_384;

    /// <summary>Rows that the cursor can come back to, once it did so.</summary>
    private const int HeldRows = 32;

    /// <summary>After so many pauses without a cursor that goes up, rows are no longer held.</summary>
    private const int QuietPauses = 10;

    private const int MaxSequence = 64;
    private const char Escape = '\u001b';

    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (char)c).Where(c => c != '\t'), '\u007f']);

    private readonly List<StringBuilder> _rows = [new()];
    private readonly StringBuilder _sequence = new();
    private readonly StringBuilder _colours = new();
    private State _state;
    private int _row;

    /// <summary>The cursor stands at the start of a row that has something: what comes next replaces it.</summary>
    private bool _overwrites;
    private bool _holds;
    private int _quiet;

    private enum State
    {
        Text,
        Escape,
        Sequence,
        String,
    }

    private StringBuilder Row => _rows[_row];

    public void Write(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_state != State.Text)
            {
                Continue(text[0]);
                text = text[1..];
                continue;
            }

            var next = text.IndexOfAny(Controls);
            Append(next < 0 ? text : text[..next]);
            if (next < 0)
                return;
            Control(text[next]);
            text = text[(next + 1)..];
        }
    }

    /// <summary>Is called now and then: a program that no longer moves its cursor up gets its lines through at once again.</summary>
    public void Pause()
    {
        if (_holds && ++_quiet >= QuietPauses)
            Release();
    }

    /// <summary>Emits what is left, a line that was not ended included.</summary>
    public void Close()
    {
        Release();
        if (Row.Length > 0)
            emit(Row.ToString());
        Row.Clear();
    }

    private void Release()
    {
        // Empty rows at the end are where the cursor stands, not lines.
        var last = _rows.FindLastIndex(r => r.Length > 0);
        var isOpen = last == _row;
        foreach (var row in _rows.Take(isOpen ? last : last + 1))
            emit(row.ToString());
        var open = isOpen && last >= 0 ? Row.ToString() : "";
        _rows.Clear();
        _rows.Add(new StringBuilder(open));
        (_row, _holds, _quiet) = (0, false, 0);
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (_overwrites)
            Row.Clear();
        _overwrites = false;
        Row.Append(_colours);
        _colours.Clear();
        while (Row.Length + text.Length > MaxRow)
        {
            // Not between the halves of a pair.
            var room = Math.Max(0, MaxRow - Row.Length);
            if (room > 0 && room < text.Length && char.IsHighSurrogate(text[room - 1]))
                room--;
            Row.Append(text[..room]);
            text = text[room..];
            NewLine();
            if (_overwrites)
                Row.Clear();
            _overwrites = false;
        }

        Row.Append(text);
    }

    private void Control(char control)
    {
        switch (control)
        {
            case '\n':
                NewLine();
                break;
            case '\r':
                _overwrites = Row.Length > 0;
                break;
            case '\b':
                Back(1);
                break;
            case Escape:
                _state = State.Escape;
                break;
        }
    }

    private void NewLine()
    {
        Row.Append(_colours);
        _colours.Clear();
        _overwrites = false;
        if (!_holds)
        {
            emit(Row.ToString());
            Row.Clear();
            return;
        }

        _row++;
        if (_row == _rows.Count)
            _rows.Add(new StringBuilder());
        if (_rows.Count > HeldRows)
        {
            emit(_rows[0].ToString());
            _rows.RemoveAt(0);
            _row--;
        }

        _overwrites = Row.Length > 0;
    }

    private void Back(int count)
    {
        if (!_overwrites)
            Row.Length = Math.Max(0, Row.Length - count);
    }

    private void Continue(char next)
    {
        switch (_state)
        {
            case State.Escape when next == '[':
                _state = State.Sequence;
                _sequence.Clear();
                break;
            case State.Escape when next is ']' or 'P' or 'X' or '^' or '_':
                _state = State.String;
                break;
            case State.Escape when next is >= ' ' and <= '/':
                break;
            case State.Sequence when next is >= ' ' and <= '?' && _sequence.Length < MaxSequence:
                _sequence.Append(next);
                break;
            case State.Sequence when next is >= '@' and <= '~':
                _state = State.Text;
                Apply(next);
                break;
            case State.String when next is not ('\u0007' or '\n' or Escape):
                break;
            case State.String when next == Escape:
                _state = State.Escape;
                break;
            default:
                _state = State.Text;
                if (next is '\n' or '\r')
                    Control(next);
                break;
        }
    }

    private void Apply(char command)
    {
        switch (command)
        {
            // A program that sends nothing but colours holds no more than one that writes.
            case 'm' when Row.Length + _colours.Length > 2 * MaxRow:
                break;
            case 'm':
                _colours.Append(Escape).Append('[').Append(_sequence).Append('m');
                if (!_overwrites || _colours.Length > MaxRow)
                {
                    Row.Append(_colours);
                    _colours.Clear();
                }

                break;
            case 'K' when _overwrites || _sequence.Length > 0 && _sequence[0] != '0':
                Row.Clear();
                _overwrites = false;
                break;
            case 'J':
                for (var below = _rows.Count - 1; below > _row; below--)
                    _rows.RemoveAt(below);
                break;
            case 'A' or 'F':
                MoveTo(_row - Count());
                (_holds, _quiet) = (true, 0);
                break;
            case 'B' or 'E':
                MoveTo(_row + Count());
                break;
            case 'G':
                _overwrites |= Count() == 1 && Row.Length > 0;
                break;
            case 'D':
                Back(Count());
                break;
        }
    }

    private void MoveTo(int row)
    {
        _row = Math.Clamp(row, 0, _rows.Count - 1);
        _overwrites = Row.Length > 0;
    }

    /// <summary>The number of the sequence; 1 when there is none.</summary>
    private int Count() =>
        int.TryParse(_sequence.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Clamp(count, 1, short.MaxValue) : 1;
}
