using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>Which paths a tree may have, how they are ordered, and when two are the same elsewhere.</summary>
public sealed class DataPathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("data/train/0001.png")]
    [InlineData("...")]
    [InlineData(".hidden/a b")]
    [InlineData("caf\u00E9/\uAC00/\U0001F642")]
    public void A_path_that_is_fine(string path) => Assert.Null(DataPath.Problem(path));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/a", "begins with a slash")]
    [InlineData("a//b", "empty name at character 2")]
    [InlineData("a/", "empty name at character 2")]
    [InlineData("a/./b", "\".\" at character 2")]
    [InlineData("../b", "\"..\" at character 0")]
    [InlineData("a\\b", "backslash at character 1")]
    [InlineData("a\0", "U+0000 at character 1")]
    [InlineData("a\u0085b", "U+0085 at character 1")]
    [InlineData("cafe\u0301", "normalisation form C; \"caf\u00E9\" is")]
    [InlineData("\u212B", "normalisation form C")]
    [InlineData("\u1100\u1161", "normalisation form C")]
    public void A_path_that_is_refused_and_why(string path, string words) => Assert.Contains(words, DataPath.Problem(path), StringComparison.Ordinal);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() =>
        Assert.All((string[])["a\uD800", "\uDC00\uD800", "\uD800a"], path => Assert.Contains("not well-formed", DataPath.Problem(path), StringComparison.Ordinal));

    [Fact]
    public void Lengths_count_bytes_of_utf8()
    {
        Assert.Null(DataPath.Problem(new string('a', 255)));
        Assert.Contains("256 bytes", DataPath.Problem(new string('\u00E9', 128)), StringComparison.Ordinal);
        var longest = string.Join('/', Enumerable.Repeat(new string('a', 255), 16));
        Assert.Equal(4095, longest.Length);
        Assert.Null(DataPath.Problem(longest));
        Assert.Contains("4096 bytes", DataPath.Problem(longest + "/b"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_is_that_of_the_bytes_of_utf8() => Gen.Select(Text, Text).Sample((a, b) =>
        Assert.Equal(Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))), Math.Sign(DataPath.Compare(a, b))));

    [Fact]
    public void Any_text_is_judged_and_what_is_normalised_is_in_form_c() => Gen.Select(Gen.OneOf(Gen.String, Gen.Char.Array[0, 10].Select(c => new string(c))), Text).Sample((any, text) =>
    {
        _ = DataPath.Problem(any);
        var normal = DataPath.Normalize(text);
        Assert.Equal(normal, DataPath.Normalize(normal));
    });

    // SHA-256 of the UTF-8 of form C of the code points of some blocks, alone, behind "A\u0327" and before "\u0301\u0323",
    // each with a line feed; computed by Python's unicodedata.
    [Fact]
    public void Form_c_is_what_another_implementation_says()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var point in new[] { (0xC0, 0x2FF), (0x300, 0x36F), (0x370, 0x52F), (0x591, 0x6FF), (0x900, 0xDFF), (0xF00, 0xFFF), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x212A, 0x212B), (0x3041, 0x30FF), (0xAC00, 0xAFFF), (0xF900, 0xFAD9), (0xFB1D, 0xFB4F), (0x1D15E, 0x1D1C0), (0x2F800, 0x2FA1D) }
            .SelectMany(range => Enumerable.Range(range.Item1, range.Item2 - range.Item1 + 1)))
        {
            var text = char.ConvertFromUtf32(point);
            foreach (var sample in (string[])[text, "A\u0327" + text, text + "\u0301\u0323"])
                hash.AppendData(Encoding.UTF8.GetBytes(DataPath.Normalize(sample) + "\n"));
        }

        Assert.Equal("9370aba6ddeecdd4d15f57d14a4a76c469a0e660cc951c181cf60559e9e9f031", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Paths_that_differ_in_case_or_lie_in_each_other_clash()
    {
        var clashes = new PathClashes();
        Assert.Null(clashes.Add("Data/a.csv"));
        Assert.Null(clashes.Add("data/b.csv"));
        Assert.Equal(new PathClash("Data/a.csv", "DATA/A.csv"), clashes.Add("DATA/A.csv"));
        Assert.Null(clashes.Add("\u00C9t\u00E9"));
        Assert.Equal("\u00C9t\u00E9", clashes.Add("\u00E9T\u00C9")?.First);
        Assert.Equal("\u03A3\u03C2", Find(clashes, "\u03A3\u03C2", "\u03C3\u03A3"));
        Assert.Equal("x/y/z", Find(clashes, "x/y/z", "X/Y"));
        Assert.Equal("q", Find(clashes, "q", "Q/r/s"));
        Assert.Null(clashes.Add("q-r"));
    }

    private static string? Find(PathClashes clashes, string first, string second)
    {
        Assert.Null(clashes.Add(first));
        return clashes.Add(second)?.First;
    }

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char['a', 'c'].Select(c => c.ToString()), Gen.Int[0x300, 0x345].Select(char.ConvertFromUtf32), Gen.Int[0xC0, 0x17F].Select(char.ConvertFromUtf32),
        Gen.Int[0xE000, 0xFFFD].Select(char.ConvertFromUtf32), Gen.Int[0x1D15E, 0x1D164].Select(char.ConvertFromUtf32), Gen.Int[0x1100, 0x1115].Select(char.ConvertFromUtf32),
        Gen.Int[0x1161, 0x1175].Select(char.ConvertFromUtf32), Gen.Int[0x11A7, 0x11C3].Select(char.ConvertFromUtf32), Gen.Int[0xAC00, 0xD7A3].Select(char.ConvertFromUtf32))
        .List[0, 8].Select(parts => string.Concat(parts));
}
