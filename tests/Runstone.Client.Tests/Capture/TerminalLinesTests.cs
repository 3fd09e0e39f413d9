using CsCheck;
using Runstone.Client.Capture;

namespace Runstone.Client.Tests.Capture;

public sealed class TerminalLinesTests
{
    [Theory]
    [InlineData("one\ntwo\r\nthree", "one|two|three")]
    [InlineData("10%\r50%\r100%\ndone\n", "100%|done")]
    [InlineData("loading /\b-\b\\\bok\n", "loading ok")]
    [InlineData("\n\nx\n", "||x")]
    [InlineData("long text\r\u001b[Kshort\n", "short")]
    [InlineData("long text\u001b[2K\u001b[1Gshort\n", "short")]
    [InlineData("\u001b[32mgreen\u001b[0m\u001b[?25l\n", "\u001b[32mgreen\u001b[0m")]
    [InlineData("50%\r\u001b[32m100%\u001b[0m\n", "\u001b[32m100%\u001b[0m")]
    [InlineData("\u001b]0;title\u0007text\u0001\n", "text")]
    [InlineData("a 1\nb 1\n\u001b[2A\ra 2\nb 2\n\u001b[2A\ra 3\nb 3\nend\n", "a 1|b 1|a 3|b 3|end")]
    [InlineData("a 1\nb 1\n\u001b[2A\u001b[Ja 2\nnext\n", "a 1|b 1|a 2|next")]
    public void What_a_terminal_would_show_is_left(string written, string lines)
    {
        Assert.Equal(lines, Write(written, written.Length));
        Assert.Equal(lines, Write(written, 1));
    }

    [Fact]
    public void Any_text_in_any_pieces_gives_the_same_bounded_lines()
    {
        var piece = Gen.OneOf(Gen.Char[' ', 'z'].Array[0, 8].Select(c => new string(c)), Gen.Int[0, 8].Select(i => (string[])["\n", "\r", "\b", "\u001b[A", "\u001b[2K", "\u001b[1m", "\u001b[", "\u001b]", "\u0007"] is var all ? all[i] : ""));
        Gen.Select(piece.Array[0, 40], Gen.Int[1, 5]).Sample((pieces, size) =>
        {
            var text = string.Concat(pieces);
            var lines = Write(text, size);
            Assert.Equal(Write(text, int.MaxValue), lines);
            Assert.DoesNotContain('\n', lines);
        });
    }

    [Fact]
    public void A_line_without_an_end_is_cut_and_a_progress_that_never_ends_holds_little()
    {
        var lines = new List<string>();
        var terminal = new TerminalLines(lines.Add);
        for (var i = 0; i < 1000; i++)
            terminal.Write(new string('x', 100));
        Assert.All(lines, l => Assert.InRange(l.Length, 1, 16_384));
        terminal.Write("\n\u001b[A");
        lines.Clear();
        for (var i = 0; i < 100; i++)
            terminal.Write($"row {i}\n");
        Assert.InRange(lines.Count, 60, 100);
        terminal.Close();
        Assert.Equal("row 99", lines[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\r")]
    public void Colours_without_text_are_bounded(string before)
    {
        var lines = new List<string>();
        var terminal = new TerminalLines(lines.Add);
        terminal.Write(before);
        for (var i = 0; i < 50_000; i++)
            terminal.Write("\u001b[32m");
        terminal.Write("end\n");
        Assert.All(lines, l => Assert.InRange(l.Length, 1, 65_536));
        Assert.EndsWith("end", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_no_longer_moves_up_is_heard_at_once_again()
    {
        var lines = new List<string>();
        var terminal = new TerminalLines(lines.Add);
        terminal.Write("a\n\u001b[A\rb\nc");
        for (var i = 0; i < 20; i++)
            terminal.Pause();
        Assert.Equal(["a", "b"], lines.ToArray());
        terminal.Write("d\n");
        Assert.Equal(["a", "b", "cd"], lines.ToArray());
    }

    private static string Write(string text, int size)
    {
        var lines = new List<string>();
        var terminal = new TerminalLines(lines.Add);
        for (var at = 0; at < text.Length; at += Math.Min(size, text.Length - at))
            terminal.Write(text.AsSpan(at, Math.Min(size, text.Length - at)));
        terminal.Close();
        return string.Join('|', lines);
    }
}
