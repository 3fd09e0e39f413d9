using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using Runstone.Core.Metrics;

namespace Runstone.Core.Tests.Metrics;

/// <summary>Which numbers keep their text.</summary>
public sealed class ExactIntegerTests
{
    private static readonly Gen<string> AnyDigits = Gen.Char["0123456789"].Array[1, 70].Select(c => new string(c).TrimStart('0'));

    private static readonly Gen<string> NearPowers = Gen.Select(Gen.Int[45, 210], Gen.Int[-3, 3])
        .Select((power, beside) => (BigInteger.Pow(2, power) + beside).ToString(CultureInfo.InvariantCulture));

    private static readonly Gen<string> Digits = Gen.OneOf(AnyDigits, NearPowers);

    [Theory]
    [InlineData("9007199254740991", false)]
    [InlineData("9007199254740992", false)]
    [InlineData("9007199254740993", true)]
    [InlineData("-9007199254740993", true)]
    [InlineData("9007199254740994", false)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("-9223372036854775808", false)]
    [InlineData("-9223372036854775807", true)]
    [InlineData("-9223372036854775809", true)]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("100000000000000000000", false)]
    [InlineData("123456789012345678901234567890", true)]
    [InlineData("1e30", false)]
    [InlineData("9007199254740993.0", false)]
    [InlineData("9007199254740993e0", false)]
    [InlineData("00009007199254740993", false)]
    [InlineData("+9007199254740993", false)]
    [InlineData("-", false)]
    [InlineData("----------------", false)]
    public void An_integer_that_no_double_holds_keeps_its_text(string token, bool kept) => Assert.Equal(kept ? token : null, TextBeside(token));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(400, false)]
    public void A_text_has_a_limit(int length, bool kept) => Assert.Equal(kept, TextBeside(new string('7', length)) is not null);

    [Fact]
    public void A_text_is_kept_exactly_when_the_double_is_another_number() => Gen.Select(Digits, Gen.Bool).Sample((digits, negative) =>
    {
        if (digits.Length == 0)
            return;
        var token = negative ? "-" + digits : digits;
        var value = double.Parse(token, CultureInfo.InvariantCulture);
        var differs = token.Length <= ExactInteger.MaxLength && new BigInteger(value) != BigInteger.Parse(token, CultureInfo.InvariantCulture);
        var text = TextBeside(token);
        Assert.Equal(differs ? token : null, text);
        if (text is not null)
            Assert.True(ExactInteger.IsText(text) && ExactInteger.MayHaveText(value));
    });

    [Fact]
    public void Any_bytes_are_told_apart() => Gen.Select(Gen.Byte.Array[0, 80], Gen.Double).Sample((bytes, value) =>
    {
        if (ExactInteger.TextBeside(bytes, value) is { } text)
            Assert.True(ExactInteger.IsText(text));
    });

    [Fact]
    public void Numbers_of_64_bits_that_are_doubles_cost_no_memory()
    {
        var token = "9007199254740994"u8;
        ExactInteger.TextBeside(token, 9007199254740994);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            ExactInteger.TextBeside(token, 9007199254740994);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string? TextBeside(string token) => ExactInteger.TextBeside(
        Encoding.ASCII.GetBytes(token), double.TryParse(token, CultureInfo.InvariantCulture, out var value) ? value : double.NaN);
}
