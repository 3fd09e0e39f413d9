using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Chunks;

/// <summary>Series of all kinds, and how they are compared.</summary>
internal static class ChunkGens
{
    public static readonly double[] OddValues =
    [
        0.0, -0.0, double.NaN, -double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon,
        double.MaxValue, double.MinValue, float.Epsilon, BitConverter.UInt64BitsToDouble(0x000F_FFFF_FFFF_FFFF),
        BitConverter.UInt64BitsToDouble(0x7FF0_0000_0000_0001), BitConverter.UInt64BitsToDouble(0xFFF0_0000_2000_0000),
        BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_1234), BitConverter.UInt64BitsToDouble(0x7FFF_FFFF_E000_0000),
        1e22, 1e23, 9007199254740993, 0.1 + 0.2, 1e-310,
    ];

    /// <summary>Columns whose values have one kind, as real series have.</summary>
    public static readonly Gen<Func<int, double>> Curves = Gen.OneOf(
        Gen.Double[-1, 1].Select(v => (Func<int, double>)(_ => v)),
        Gen.Int.Select(seed => Noise(seed, r => r.Next(-1000, 1000))),
        Gen.Int.Select(seed => Noise(seed, r => Math.Round(r.NextDouble() * 10, 4))),
        Gen.Int.Select(seed => Noise(seed, r => (float)r.NextDouble())),
        Gen.Int.Select(seed => Noise(seed, r => r.NextDouble())),
        Gen.Int.Select(seed => Noise(seed, r => BitConverter.Int64BitsToDouble(r.NextInt64(long.MinValue, long.MaxValue)))),
        Gen.Int.Select(seed => Noise(seed, r => r.Next(3) == 0 ? OddValues[r.Next(OddValues.Length)] : (float)r.NextDouble())),
        Gen.Int.Select(seed => Noise(seed, r => r.Next(50) == 0 ? OddValues[r.Next(OddValues.Length)] : Math.Round(r.NextDouble(), 2))),
        Gen.Int.Select(seed => Noise(seed, r => OddValues[r.Next(OddValues.Length)])),
        Gen.Double[0.001, 1000].Select(pace => (Func<int, double>)(i => 0.1 * (1 + Math.Cos(i / pace)))));

    /// <summary>Steps and times: paces, jitter, gaps, extremes.</summary>
    public static readonly Gen<Func<int, long>> Paces = Gen.OneOf(
        Gen.Select(Gen.Long, Gen.Long, (a, b) => (Func<int, long>)(i => unchecked(a + (b * i)))),
        Gen.Select(Gen.Long[-1L << 45, 1L << 45], Gen.Int[0, 5000], (a, b) => (Func<int, long>)(i => a + ((long)b * i))),
        Gen.Int.Select(seed => Noise(seed, r => (double)r.Next(0, 5))).Select(f => (Func<int, long>)(i => (1000L * i) + (long)f(i))),
        Gen.Int.Select(seed => Noise(seed, r => r.Next(30) == 0 ? 1e15 : r.Next(-3, 3))).Select(f => (Func<int, long>)(i => (long)f(i))),
        Gen.Int.Select(Wild));

    private static readonly Gen<Func<int, int>> Fractions = Gen.OneOf(
        Gen.Const((Func<int, int>)(_ => 0)), Gen.Const((Func<int, int>)(_ => 0)), Gen.Const((Func<int, int>)(i => i % 4 * 250_000)),
        Gen.Int.Select(seed => (Func<int, int>)(i => new Random(seed + i).Next(1_000_000))));

    /// <summary>Sorted series of up to <paramref name="most"/> points.</summary>
    public static Gen<SeriesPoints> Series(int most) =>
        from count in Gen.OneOf(Gen.Int[1, Math.Min(5, most)], Gen.Int[1, most])
        from steps in Paces
        from fractions in Fractions
        from times in Paces
        from values in Curves
        from ranks in Gen.OneOf(Gen.Const((Func<int, long>)(i => i)), Paces)
        select Make(count, steps, fractions, times, values, ranks);

    public static SeriesPoints Make(int count, Func<int, long> steps, Func<int, int> fractions, Func<int, long> times, Func<int, double> values, Func<int, long> ranks)
    {
        var points = new SeriesPoints();
        for (var i = 0; i < count; i++)
            points.Add(new SeriesPoint(new Step(steps(i), fractions(i)), times(i), values(i)), ranks(i));
        points.SortByStep();
        return points;
    }

    public static void AssertSame(SeriesPoints expected, SeriesPoints actual, int start = 0, int? count = null)
    {
        var length = count ?? expected.Count;
        Assert.Equal(length, actual.Count);
        for (var i = 0; i < length; i++)
        {
            var (left, right) = (expected[start + i], actual[i]);
            Assert.Equal((left.Step, left.Time, expected.Ranks[start + i]), (right.Step, right.Time, actual.Ranks[i]));
            Assert.Equal(BitConverter.DoubleToUInt64Bits(left.Value), BitConverter.DoubleToUInt64Bits(right.Value));
        }
    }

    private static Func<int, double> Noise(int seed, Func<Random, double> next)
    {
        var random = new Random(seed);
        return _ => next(random);
    }

    private static Func<int, long> Wild(int seed)
    {
        var random = new Random(seed);
        return _ => random.Next(8) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => 0, _ => random.NextInt64(long.MinValue, long.MaxValue) };
    }
}
