using System.Globalization;
using CsCheck;
using Runstone.Cli.Output;

namespace Runstone.Cli.Tests.Output;

public sealed class SayTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(3.0, "3")]
    [InlineData(-12345678.0, "-12345678")]
    [InlineData(0.123456, "0.1235")]
    [InlineData(12.3456, "12.35")]
    [InlineData(123456.7, "123457")]
    [InlineData(0.00012346, "0.0001235")]
    [InlineData(0.0000123, "1.23e-5")]
    [InlineData(1.5e12, "1.5e+12")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_number_has_four_significant_digits(double value, string expected) => Assert.Equal(expected, Say.Number(value));

    [Fact]
    public void A_number_for_people_is_close_to_the_number() => Gen.Double.Where(double.IsNormal).Sample(value =>
        Math.Abs(double.Parse(Say.Number(value), CultureInfo.InvariantCulture) - value) <= Math.Abs(value) * 0.0011);

    [Fact]
    public void An_exact_number_reads_back() => Gen.Double.Sample(value =>
        double.Parse(Say.Exact(value), CultureInfo.InvariantCulture).Equals(value));

    [Theory]
    [InlineData(0, "now")]
    [InlineData(59, "59s ago")]
    [InlineData(60, "1m ago")]
    [InlineData(7_199, "1h ago")]
    [InlineData(86_400 * 29, "29d ago")]
    [InlineData(86_400 * 31, "2026-10-22")]
    [InlineData(-3_600, "2026-11-22T13:00:00.000Z")]
    public void A_time_is_told_by_its_age(long seconds, string expected) =>
        Assert.Equal(expected, Say.Ago(Now.ToUnixTimeMilliseconds() - (seconds * 1000), Now));

    [Theory]
    [InlineData(5, "5ms")]
    [InlineData(1_500, "1.5s")]
    [InlineData(90_000, "1m 30s")]
    [InlineData(3_720_000, "1h 02m")]
    [InlineData(90_000_000, "1d 01h")]
    public void A_duration_has_two_units(long milliseconds, string expected) => Assert.Equal(expected, Say.Duration(1_000, 1_000 + milliseconds));

    [Fact]
    public void Any_time_can_be_said() => Gen.Long.Sample(time => Say.Time(time).Length > 0 && Say.Ago(time, Now).Length > 0);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(long.MaxValue, "8192.0 PiB")]
    public void A_size_has_a_unit(long bytes, string expected) => Assert.Equal(expected, Say.Size(bytes));
}
