using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using ZstdSharp;

namespace Runstone.Core.Console;

/// <summary>Turns lines into chunks (docs/formats/console.md). Keeps its buffers: not safe for use by two threads.</summary>
public sealed class ConsoleEncoder : IDisposable
{
    internal const byte Version = 1;

    /// <summary>A line of text takes far more than its time and stream; with none at all, so many lines fill a chunk.</summary>
    internal const int MaxChunkLines = ConsoleLimits.MaxChunkBytes;

    /// <summary>Version, two counts, and a time a line.</summary>
    private const int FixedBytes = 1 + (2 * Varint.MaxBytes);

    private const int Level = 3;

    private readonly Compressor _compressor = new(Level);
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<(long Time, ConsoleStream Stream)> _facts = [];
    private byte[] _body = [];
    private byte[] _payload = [];

    /// <summary>The chunks of the lines, or what is wrong with them: the field is as the API names it.</summary>
    public static ConsoleAppend Append(IReadOnlyList<ConsoleLine> lines)
    {
        if (Check(lines) is { } error)
            throw new RunstoneException(error);
        using var encoder = new ConsoleEncoder();
        var chunks = new List<ConsoleChunk>();
        foreach (var line in lines)
        {
            if (!encoder.HasRoomFor(Encoding.UTF8.GetMaxByteCount(line.Text.Length) + 1))
                chunks.Add(encoder.Take());
            encoder.Add(line);
        }

        chunks.Add(encoder.Take());
        return new ConsoleAppend(chunks);
    }

    /// <summary>Whether a line of so many bytes, its line feed included, still fits into the chunk.</summary>
    public bool HasRoomFor(int bytes) => _facts.Count == 0 || (_text.WrittenCount + bytes <= ConsoleLimits.MaxChunkBytes && _facts.Count < MaxChunkLines);

    /// <summary>Adds a line whose text has been checked; halves of surrogate pairs become U+FFFD.</summary>
    public void Add(in ConsoleLine line)
    {
        _facts.Add((line.Time, line.Stream));
        var room = _text.GetSpan(Encoding.UTF8.GetMaxByteCount(line.Text.Length) + 1);
        var length = Encoding.UTF8.GetBytes(line.Text, room);
        room[length] = (byte)'\n';
        _text.Advance(length + 1);
    }

    /// <summary>Adds a line of another chunk.</summary>
    /// <param name="time">Unix milliseconds.</param>
    /// <param name="stream">Where it was written.</param>
    /// <param name="text">UTF-8 without its line feed.</param>
    public void Add(long time, ConsoleStream stream, ReadOnlySpan<byte> text)
    {
        _facts.Add((time, stream));
        _text.Write(text);
        _text.Write("\n"u8);
    }

    /// <summary>The chunk of the lines added since the last one; there is at least one.</summary>
    public ConsoleChunk Take()
    {
        var (lines, bytes) = (_facts.Count, _text.WrittenCount);
        var most = FixedBytes + (lines * Varint.MaxBytes) + ((lines + 7) / 8) + bytes;
        if (_body.Length < most)
            _body = new byte[most];
        var body = _body.AsSpan(0, WriteBody());
        var bound = Compressor.GetCompressBound(body.Length);
        if (_payload.Length < bound)
            _payload = new byte[bound];
        var payload = _payload.AsSpan(0, _compressor.Wrap(body, _payload)).ToArray();
        _facts.Clear();
        _text.ResetWrittenCount();
        return new ConsoleChunk(lines, bytes, payload, SHA256.HashData(payload));
    }

    public void Dispose() => _compressor.Dispose();

    private int WriteBody()
    {
        var body = _body.AsSpan();
        body[0] = Version;
        var at = Varint.Write(body, 1, (ulong)_facts.Count);
        at = Varint.Write(body, at, (ulong)_text.WrittenCount);
        long before = 0;
        foreach (var (time, _) in _facts)
        {
            at = Varint.Write(body, at, Varint.ZigZag(unchecked(time - before)));
            before = time;
        }

        var streams = body.Slice(at, (_facts.Count + 7) / 8);
        streams.Clear();
        for (var i = 0; i < _facts.Count; i++)
            streams[i >> 3] |= (byte)((int)_facts[i].Stream << (i & 7));
        at += streams.Length;
        _text.WrittenSpan.CopyTo(body[at..]);
        return at + _text.WrittenCount;
    }

    private static Error? Check(IReadOnlyList<ConsoleLine> lines)
    {
        if (lines.Count == 0)
            return Error.Invalid("lines", "There are no lines; send at least one.");
        if (lines.Count > ConsoleLimits.MaxAppendLines)
            return new Error(ErrorCode.TooLarge, string.Create(CultureInfo.InvariantCulture, $"These are {lines.Count} lines; send at most {ConsoleLimits.MaxAppendLines} at a time."), "lines");
        for (var i = 0; i < lines.Count; i++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"lines[{i}].text");
            if (lines[i].Text.Length > ConsoleLimits.MaxLineLength)
                return new Error(ErrorCode.TooLarge, string.Create(CultureInfo.InvariantCulture, $"The line has {lines[i].Text.Length} characters; at most {ConsoleLimits.MaxLineLength} are kept. Cut it, or send it as several lines."), field);
            if (lines[i].Text.Contains('\n', StringComparison.Ordinal))
                return Error.Invalid(field, "The text has a line feed; send each line on its own.");
        }

        return null;
    }
}
