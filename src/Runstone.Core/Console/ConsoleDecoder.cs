using System.Globalization;
using System.Text;
using Runstone.Core.Metrics;
using ZstdSharp;

namespace Runstone.Core.Console;

/// <summary>
/// Reads chunks (docs/formats/console.md). Bytes that are no chunk throw <see cref="InvalidDataException"/>; memory is bounded by what a
/// chunk may have, whatever the bytes say. Keeps its buffers: not safe for use by two threads.
/// </summary>
public sealed class ConsoleDecoder : IDisposable
{
    /// <summary>Version, counts, times, streams and text of the largest chunk; a line has at least one byte of text.</summary>
    private const int MaxBody = 64 + ConsoleLimits.MaxChunkBytes + (ConsoleEncoder.MaxChunkLines / 8) + (ConsoleEncoder.MaxChunkLines * Varint.MaxBytes);

    private readonly Decompressor _decompressor = new();
    private byte[] _body = new byte[ConsoleLimits.MaxChunkBytes];
    private long[] _times = [];
    private int _streamsAt;
    private int _textAt;
    private int _textBytes;

    /// <summary>Lines of the chunk read last.</summary>
    public int Lines { get; private set; }

    /// <summary>UTF-8 of all lines, each with its line feed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Text => _body.AsSpan(_textAt, _textBytes);

    /// <summary>The same from a line on.</summary>
    public ReadOnlyMemory<byte> TextFrom(int line)
    {
        var at = 0;
        for (var i = 0; i < line; i++)
            at += Text[at..].IndexOf((byte)'\n') + 1;
        return _body.AsMemory(_textAt + at, _textBytes - at);
    }

    /// <summary>Unix milliseconds of a line.</summary>
    public long Time(int line) => _times[line];

    /// <summary>Where a line was written.</summary>
    public ConsoleStream Stream(int line) => (ConsoleStream)((_body[_streamsAt + (line >> 3)] >> (line & 7)) & 1);

    /// <summary>Reads a chunk.</summary>
    public void Decode(ReadOnlySpan<byte> payload)
    {
        Lines = 0;
        _textBytes = 0;
        var body = Decompress(payload);
        if (body.IsEmpty || body[0] != ConsoleEncoder.Version)
            throw Damaged(body.IsEmpty ? "it is empty" : string.Create(CultureInfo.InvariantCulture, $"its version is {body[0]} and this program reads {ConsoleEncoder.Version}"));
        var at = 1;
        var lines = Read(body, ref at);
        var bytes = Read(body, ref at);
        if (lines is 0 or > ConsoleEncoder.MaxChunkLines || bytes < lines || bytes > (ulong)body.Length || lines > (ulong)(body.Length - at))
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"it would have {lines} lines in {bytes} bytes"));
        var count = (int)lines;
        if (_times.Length < count)
            _times = new long[count];
        long time = 0;
        for (var i = 0; i < count; i++)
            _times[i] = time = unchecked(time + Varint.UnZigZag(Read(body, ref at)));
        var textAt = at + ((count + 7) / 8);
        if (body.Length - textAt != (int)bytes)
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"it has {body.Length - textAt} bytes of text instead of {bytes}"));
        var text = body[textAt..];
        if (text[^1] != (byte)'\n' || text.Count((byte)'\n') != count)
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"its text is not {count} lines"));
        (_streamsAt, _textAt, _textBytes, Lines) = (at, textAt, text.Length, count);
    }

    /// <summary>Visits the lines from <paramref name="first"/> on: number in the chunk, UTF-8 without the line feed; ends when told false.</summary>
    public void Visit(int first, ConsoleLineVisit visit)
    {
        var rest = Text;
        for (var i = 0; i < Lines; i++)
        {
            var length = rest.IndexOf((byte)'\n');
            if (i >= first && !visit(i, rest[..length]))
                return;
            rest = rest[(length + 1)..];
        }
    }

    /// <summary>A line as text.</summary>
    public ConsoleLine Line(int line, ReadOnlySpan<byte> text) => new(Time(line), Stream(line), Encoding.UTF8.GetString(text));

    public void Dispose() => _decompressor.Dispose();

    private ReadOnlySpan<byte> Decompress(ReadOnlySpan<byte> payload)
    {
        try
        {
            var length = Decompressor.GetDecompressedSize(payload);
            if (length > MaxBody)
                throw Damaged(string.Create(CultureInfo.InvariantCulture, $"it would have {length} bytes"));
            if (_body.Length < (int)length)
                _body = new byte[(int)length];
            return _body.AsSpan(0, _decompressor.Unwrap(payload, _body));
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("The console chunk is damaged: it cannot be decompressed.", e);
        }
    }

    private static ulong Read(ReadOnlySpan<byte> body, ref int at)
    {
        try
        {
            return Varint.Read(body, ref at);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException("The console chunk is damaged: a number breaks off or has more than 64 bits.", e);
        }
    }

    private static InvalidDataException Damaged(string what) => new($"The console chunk is damaged: {what}.");
}

/// <summary>Is shown a line of a chunk; returns whether to go on.</summary>
/// <param name="line">Its number in the chunk.</param>
/// <param name="text">UTF-8 without the line feed, valid during the call.</param>
public delegate bool ConsoleLineVisit(int line, ReadOnlySpan<byte> text);
