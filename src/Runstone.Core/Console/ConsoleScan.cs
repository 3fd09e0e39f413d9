using System.Text;

namespace Runstone.Core.Console;

/// <summary>Searches chunk after chunk and keeps what it found, until that is enough for an answer.</summary>
internal sealed class ConsoleScan(ConsoleMatcher matcher, int limit)
{
    private readonly List<ConsoleMatch> _found = [];
    private byte[] _plain = [];
    private char[] _chars = [];
    private long _foundBytes;

    public IReadOnlyList<ConsoleMatch> Found => _found;

    /// <summary>Bytes of text that were looked at.</summary>
    public long Bytes { get; private set; }

    private bool IsFull => _found.Count >= limit || _foundBytes >= ConsoleLimits.MaxPageBytes;

    /// <summary>Searches the lines of a chunk from number <paramref name="skip"/> in it on; returns how many of its lines are done with.</summary>
    public int Search(ConsoleDecoder chunk, long firstLine, int skip)
    {
        Bytes += chunk.Text.Length;
        var rest = Show(chunk.Text);
        var line = 0;
        for (; line < skip; line++)
            rest = rest[(rest.IndexOf('\n') + 1)..];
        while (!rest.IsEmpty && !IsFull)
        {
            if (matcher.StaysInLine && !Approach(ref rest, ref line))
                return chunk.Lines;
            var end = rest.IndexOf('\n');
            if (matcher.Find(rest[..end]) is var (at, length))
                Keep(chunk, firstLine, line, rest[..end], at, length);
            rest = rest[(end + 1)..];
            line++;
        }

        return line;
    }

    /// <summary>Goes to the line of the next match; false when there is none.</summary>
    private bool Approach(ref ReadOnlySpan<char> rest, ref int line)
    {
        if (matcher.Find(rest) is not var (at, _))
            return false;
        var before = rest[..at];
        line += before.Count('\n');
        rest = rest[(before.LastIndexOf('\n') + 1)..];
        return true;
    }

    private void Keep(ConsoleDecoder chunk, long firstLine, int line, ReadOnlySpan<char> text, int at, int length)
    {
        _found.Add(new ConsoleMatch(firstLine + line, chunk.Time(line), chunk.Stream(line), text.ToString(), at, length));
        _foundBytes += text.Length;
    }

    private ReadOnlySpan<char> Show(ReadOnlySpan<byte> text)
    {
        if (PlainText.IsNeeded(text))
        {
            if (_plain.Length < text.Length)
                _plain = new byte[text.Length];
            text = _plain.AsSpan(0, PlainText.Write(text, _plain));
        }

        if (_chars.Length < text.Length)
            _chars = new char[text.Length];
        return _chars.AsSpan(0, Encoding.UTF8.GetChars(text, _chars));
    }
}
