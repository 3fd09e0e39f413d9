using System.Text;
using CsCheck;
using Runstone.Core.Console;
using Runstone.Core.Errors;
using ZstdSharp;

namespace Runstone.Core.Tests.Console;

public sealed class ConsoleChunkTests
{
    private static readonly Gen<ConsoleLine> Lines =
        from time in Gen.OneOf(Gen.Long, Gen.Long[1_764_000_000_000, 1_764_000_100_000])
        from err in Gen.Bool
        from text in Gen.OneOf(Gen.Char[' ', '~'].Array[0, 100].Select(c => new string(c)), Gen.String)
        select new ConsoleLine(time, err ? ConsoleStream.Err : ConsoleStream.Out, text.Replace('\n', '·'));

    [Fact]
    public void Lines_are_read_as_they_were_appended()
    {
        Lines.Array[1, 300].Sample(lines =>
        {
            var append = ConsoleEncoder.Append(lines);
            var read = append.Chunks.SelectMany(Read).ToList();
            Assert.Equal(lines.Select(l => l with { Text = WellFormed(l.Text) }), read);
            Assert.Equal((lines.Length, (long)lines.Sum(l => Encoding.UTF8.GetByteCount(l.Text) + 1)), (append.Lines, append.Bytes));
        });
    }

    [Fact]
    public void Chunks_are_bounded_and_each_line_lies_in_one()
    {
        var longest = new string('☃', ConsoleLimits.MaxLineLength);
        var append = ConsoleEncoder.Append([.. Enumerable.Range(0, 20).Select(i => new ConsoleLine(i, ConsoleStream.Out, i % 2 == 0 ? longest : "x"))]);
        Assert.All(append.Chunks, c => Assert.InRange(c.Bytes, 1, ConsoleLimits.MaxChunkBytes));
        Assert.Equal(20, append.Chunks.Sum(c => c.Lines));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), append.Chunks.SelectMany(Read).Select(l => l.Time));
    }

    [Fact]
    public void What_cannot_be_kept_is_named()
    {
        Assert.Equal("lines", Refused([]).Field);
        Assert.Equal((ErrorCode.TooLarge, "lines"), Seen(Refused([.. Enumerable.Repeat(new ConsoleLine(0, ConsoleStream.Out, ""), ConsoleLimits.MaxAppendLines + 1)])));
        Assert.Equal((ErrorCode.Invalid, "lines[1].text"), Seen(Refused([new(0, ConsoleStream.Out, ""), new(0, ConsoleStream.Out, "a\nb")])));
        Assert.Equal((ErrorCode.TooLarge, "lines[0].text"), Seen(Refused([new(0, ConsoleStream.Out, new string('x', ConsoleLimits.MaxLineLength + 1))])));
    }

    [Fact]
    public void Every_truncation_is_told()
    {
        Lines.Array[1, 40].Sample(
            lines =>
            {
                using var decoder = new ConsoleDecoder();
                var payload = ConsoleEncoder.Append(lines).Chunks[0].Payload;
                for (var length = 0; length < payload.Length; length++)
                    Assert.Throws<InvalidDataException>(() => decoder.Decode(payload.Span[..length]));
                Assert.Throws<InvalidDataException>(() => decoder.Decode([.. payload.Span, 0]));
            },
            iter: 30);
    }

    [Fact]
    public void Bytes_that_are_no_chunk_are_told()
    {
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            using var decoder = new ConsoleDecoder();
            Survives(decoder, bytes);
        });

        // Behind the compression, where only few bytes are looked at before memory is taken.
        Gen.Select(Gen.Byte[0, 2], Gen.Byte.Array[0, 300]).Sample((version, rest) =>
        {
            using var decoder = new ConsoleDecoder();
            using var compressor = new Compressor(1);
            Survives(decoder, compressor.Wrap([version, .. rest]).ToArray());
        });
    }

    [Fact]
    public void A_changed_byte_is_read_or_told_but_never_trips()
    {
        Gen.Select(Lines.Array[1, 40], Gen.Int[0, 1_000_000], Gen.Byte, Gen.Bool).Sample((lines, at, value, inside) =>
        {
            using var compressor = new Compressor(1);
            using var decompressor = new Decompressor();
            using var decoder = new ConsoleDecoder();
            var bytes = ConsoleEncoder.Append(lines).Chunks[0].Payload.ToArray();
            if (inside)
                bytes = decompressor.Unwrap(bytes).ToArray();
            bytes[at % bytes.Length] = value;
            Survives(decoder, inside ? compressor.Wrap(bytes).ToArray() : bytes);
        });
    }

    [Theory]
    [InlineData("28B52FFDE0FFFFFFFFFFFFFF7F010000")]
    [InlineData("28B52FFDA000000040010000")]
    public void A_chunk_that_claims_to_be_large_takes_no_memory(string hex)
    {
        using var decoder = new ConsoleDecoder();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<InvalidDataException>(() => decoder.Decode(Convert.FromHexString(hex)));
        Assert.StartsWith("The console chunk is damaged", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    private static void Survives(ConsoleDecoder decoder, byte[] payload)
    {
        try
        {
            decoder.Decode(payload);
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("The console chunk is damaged", e.Message, StringComparison.Ordinal);
            return;
        }

        decoder.Visit(0, (line, text) =>
        {
            _ = decoder.Line(line, text);
            return true;
        });
        Assert.True(decoder.TextFrom(decoder.Lines).IsEmpty);
    }

    private static List<ConsoleLine> Read(ConsoleChunk chunk)
    {
        using var decoder = new ConsoleDecoder();
        decoder.Decode(chunk.Payload.Span);
        var lines = new List<ConsoleLine>();
        decoder.Visit(0, (line, text) =>
        {
            lines.Add(decoder.Line(line, text));
            return true;
        });
        Assert.Equal(chunk.Lines, lines.Count);
        return lines;
    }

    private static Error Refused(ConsoleLine[] lines) => Assert.Throws<RunstoneException>(() => ConsoleEncoder.Append(lines)).Error;

    private static (ErrorCode Code, string? Field) Seen(Error error) => (error.Code, error.Field);

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
