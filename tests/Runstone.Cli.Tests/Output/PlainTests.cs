using System.Text.RegularExpressions;
using CsCheck;
using Runstone.Cli.Output;

namespace Runstone.Cli.Tests.Output;

public sealed partial class PlainTests
{
    [Theory]
    [InlineData("a\tb", "a\tb", "a\tb")]
    [InlineData("\u001b[1;32mgreen\u001b[m", "green", "\u001b[1;32mgreen\u001b[m\u001b[0m")]
    [InlineData("\u001b[>4;2mkeys\u001b[?25l", "keys", "keys")]
    [InlineData("\u001b]52;c;Y29weQ==\u0007text\u001b]0;open", "text", "text")]
    [InlineData("\u001bcreset\u001b", "reset\uFFFD", "reset\uFFFD")]
    [InlineData("\u009b31m\r\n", "\uFFFD31m\uFFFD\uFFFD", "\uFFFD31m\uFFFD\uFFFD")]
    public void Only_colours_reach_a_terminal(string text, string plain, string coloured)
    {
        Assert.Equal(plain, Plain.Coloured(text, keepsColours: false));
        Assert.Equal(coloured, Plain.Coloured(text, keepsColours: true));
    }

    [Fact]
    public void No_text_steers_a_terminal()
    {
        string[] pieces = ["\u001b", "[", "]", "m", "1;3", "?", ">", "\u0007", "\\", "\u009b", "\n", "\t", "x", " ", "\u202e"];
        Gen.Int[0, pieces.Length - 1].Array[0, 30].Select(all => string.Concat(all.Select(i => pieces[i]))).Sample(text =>
        {
            Assert.DoesNotContain(Plain.Coloured(text, keepsColours: false), c => c != '\t' && char.IsControl(c));
            Assert.DoesNotContain(Colours().Replace(Plain.Coloured(text, keepsColours: true), ""), c => c != '\t' && char.IsControl(c));
        });
    }

    [GeneratedRegex("\u001b\\[[0-9;:]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Colours();
}
