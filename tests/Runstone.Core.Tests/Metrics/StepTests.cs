using CsCheck;
using Runstone.Core.Metrics;

namespace Runstone.Core.Tests.Metrics;

public sealed class StepTests
{
    private static readonly Gen<Step> Any = Gen.Select(Gen.Long, Gen.Int[0, 999_999], (whole, micros) => new Step(whole, micros));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1.5, 1, 500_000)]
    [InlineData(-0.25, -1, 750_000)]
    [InlineData(0.9999999, 1, 0)]
    [InlineData(-0.0000001, 0, 0)]
    public void A_double_becomes_the_nearest_step(double value, long whole, int micros) =>
        Assert.Equal(new Step(whole, micros), Step.FromDouble(value));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e19)]
    [InlineData(-1e19)]
    public void What_is_no_step_is_refused(double value) => Assert.Null(Step.FromDouble(value));

    [Fact]
    public void Small_steps_survive_the_way_through_a_double() =>
        Gen.Select(Gen.Long[-1_000_000_000, 1_000_000_000], Gen.Int[0, 999_999], (whole, micros) => new Step(whole, micros))
            .Sample(step => Assert.Equal(step, Step.FromDouble(step.ToDouble())));

    [Fact]
    public void The_order_is_that_of_the_numbers() => Gen.Select(Any, Any).Sample((a, b) =>
        Assert.Equal(Math.Sign(Number(a).CompareTo(Number(b))), Math.Sign(a.CompareTo(b))));

    [Fact]
    public void The_text_is_that_of_the_number() => Any.Sample(step =>
        Assert.Equal(Number(step), decimal.Parse(step.ToString(), System.Globalization.CultureInfo.InvariantCulture)));

    private static decimal Number(Step step) => step.Whole + (step.Micros / 1_000_000m);
}
