using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Runstone.Core.Console;
using Runstone.Core.Errors;

namespace Runstone.Core.Tests.Console;

public sealed class ConsoleScanTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[1;31mred\u001b[0m and \u001b[38;5;12mblue\u001b[K", "red and blue")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001b(Bx\u001b7y\u001b", "xy")]
    [InlineData("broken \u001b[31\nnext", "broken \nnext")]
    [InlineData("broken \u001b]0;title\nnext", "broken \nnext")]
    [InlineData("\u001b\nnext", "\nnext")]
    [InlineData("\u001b[3☃x", "☃x")]
    public void Escape_sequences_are_not_shown(string text, string shown)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var target = new byte[bytes.Length];
        Assert.Equal(shown, Encoding.UTF8.GetString(target, 0, PlainText.Write(bytes, target)));
    }

    [Fact]
    public void Lines_stay_lines_whatever_is_left_out()
    {
        Gen.OneOf(Gen.Byte, Any<byte>(0x1B, (byte)'[', (byte)']', (byte)'\n', 7)).Array[0, 100].Sample(bytes =>
        {
            var target = new byte[bytes.Length];
            var shown = target.AsSpan(0, PlainText.Write(bytes, target));
            Assert.Equal(bytes.AsSpan().Count((byte)'\n'), shown.Count((byte)'\n'));
            Assert.False(shown.Contains((byte)0x1B));
        });
    }

    [Fact]
    public void A_search_finds_what_a_search_of_each_line_finds()
    {
        var line = Any('a', 'A', 'b', 'é', '.', '\u001b', '[', 'm', ' ').Array[0, 12].Select(c => new string(c));
        Gen.Select(line.Array[1, 30], Any("a", "ab", "É", ".", "[", "a b"), Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 29], Gen.Int[1, 10]).Sample(
            (lines, text, kind, ignoreCase, skip, limit) =>
            {
                var pattern = kind == 2 ? Regex.Escape(text) + "+" : text;
                var query = new ConsoleQuery(pattern) { IsRegex = kind == 2, IgnoreCase = ignoreCase };
                var options = ignoreCase ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant : RegexOptions.CultureInvariant;
                var naive = new Regex(kind == 2 ? pattern : Regex.Escape(pattern), options, TimeSpan.FromSeconds(10));
                var expected = lines.Select(Show).Select((l, i) => (Line: i, Text: l, Match: naive.Match(l)))
                    .Where(l => l.Line >= skip && l.Match.Success).Take(limit)
                    .Select(l => (7L + l.Line, l.Text, l.Match.Index, l.Match.Length)).ToList();

                using var decoder = new ConsoleDecoder();
                decoder.Decode(ConsoleEncoder.Append([.. lines.Select((l, i) => new ConsoleLine(i, ConsoleStream.Out, l))]).Chunks[0].Payload.Span);
                var scan = new ConsoleScan(ConsoleMatcher.Create(query), limit);
                var done = scan.Search(decoder, 7, Math.Min(skip, lines.Length));
                Assert.Equal(expected, scan.Found.Select(m => (m.Line, m.Text, m.At, m.Length)));
                Assert.All(scan.Found, m => Assert.Equal(m.Line - 7, m.Time));
                Assert.InRange(done, expected.Count < limit ? lines.Length : (int)expected[^1].Item1 - 7 + 1, lines.Length);
            });
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a\nb", false)]
    [InlineData("(", true)]
    [InlineData("(?=a)", true)]
    [InlineData(@"(a)\1", true)]
    public void What_cannot_be_searched_for_is_refused(string text, bool isRegex)
    {
        var error = Assert.Throws<RunstoneException>(() => ConsoleMatcher.Create(new ConsoleQuery(text) { IsRegex = isRegex })).Error;
        Assert.Equal((ErrorCode.Invalid, "q"), (error.Code, error.Field));
    }

    [Fact]
    public void A_search_text_has_a_bound() =>
        Assert.Throws<RunstoneException>(() => ConsoleMatcher.Create(new ConsoleQuery(new string('x', ConsoleLimits.MaxPatternLength + 1))));

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Show(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var target = new byte[bytes.Length];
        return Encoding.UTF8.GetString(target, 0, PlainText.Write(bytes, target));
    }
}
