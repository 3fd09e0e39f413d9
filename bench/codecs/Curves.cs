namespace Runstone.Codecs;

/// <summary>A column of 8,192 values to be written; its source stands in the name.</summary>
internal sealed record Curve(string Name, double[] Values);

/// <summary>Curves made by formulas; real ones come from <see cref="Training"/> and <see cref="Recordings"/>.</summary>
internal static class Curves
{
    public const int Points = 8192;

    public static IEnumerable<Curve> Trained(Training training)
    {
        yield return new("trained: loss (float32)", Middle(training.Loss));
        yield return new("trained: loss, first 8,192 steps", [.. training.Loss.Take(Points)]);
        yield return new("trained: gradient norm (float32)", Middle(training.GradientNorm));
        yield return new("trained: accuracy of a batch of 60", Middle(training.Accuracy));
        yield return new("the same as double", [.. Middle(training.Accuracy).Select(v => Math.Round(v * 60) / 60)]);
        yield return new("trained: running mean of the loss", Middle(training.MeanLoss));
        yield return new("trained: loss rounded to 4 digits", [.. Middle(training.Loss).Select(v => Math.Round(v, 4))]);
        yield return new("trained: loss as JSON of a float32", [.. Middle(training.Loss).Select(v => double.Parse(((float)v).ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture))]);
        yield return new("trained: rate, warm-up and cosine", [.. training.Rate.Take(Points)]);
    }

    public static IEnumerable<Curve> Made()
    {
        var random = new Random(11);
        yield return new("rate: steps by 0.1", Fill(i => 0.1 * Math.Pow(0.1, i / 2000)));
        yield return new("rate: exponential decay", Fill(i => 0.001 * Math.Pow(0.9999, i)));
        yield return new("constant", Fill(_ => 0.1 + 0.2));
        yield return new("counter", Fill(i => i));
        yield return new("integers below 1,000, random", Fill(_ => random.Next(1000)));
        yield return new("bytes of memory, in pages", Fill(i => (4_000_000_000 / 4096 * 4096L) + (4096L * random.Next(i + 1))));
        yield return new("percent, one digit", Fill(_ => Math.Round(random.NextDouble() * 100, 1)));
        yield return new("price walk, two digits", Walk(random, r => Math.Round(Normal(r), 2), 2));
        yield return new("random walk (double)", Walk(random, Normal, -1));
        yield return new("random walk (float32)", [.. Walk(random, Normal, -1).Select(v => (double)(float)v)]);
        yield return new("sine (double)", Fill(i => Math.Sin(i / 300.0)));
        yield return new("loss-like: 2 e^-t + 0.1 + 2 % noise (float32)", Fill(i => (float)(((2 * Math.Exp(-i / 2000.0)) + 0.1) * (1 + (0.02 * Normal(random))))));
        yield return new("the same as double", Fill(i => ((2 * Math.Exp(-i / 2000.0)) + 0.1) * (1 + (0.02 * Normal(random)))));
        yield return new("normal around 0 (float32)", Fill(_ => (float)Normal(random)));
        yield return new("normal around 0 (double)", Fill(_ => Normal(random)));
        yield return new("uniform below 1 (double)", Fill(_ => random.NextDouble()));
        yield return new("random bits", Fill(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))));
        yield return new("loss-like, NaN from the middle on", Fill(i => i > 4096 ? double.NaN : (float)(1 + (0.02 * Normal(random)))));
        yield return new("loss-like, runs of NaN", Fill(i => i / 100 % 3 == 0 ? double.NaN : (float)(1 + (0.02 * Normal(random)))));
        yield return new("half zeros (float32)", Fill(_ => random.Next(2) == 0 ? 0 : (float)Math.Abs(Normal(random))));
    }

    /// <summary>Milliseconds of points that take <paramref name="pace"/> each, more or less, and now and then much longer.</summary>
    public static long[] Times(Random random, double pace, double jitter, int count = Points)
    {
        var times = new long[count];
        var now = 1_764_000_000_000.0;
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = (long)now;
            now += Math.Max(0, pace + (jitter * Normal(random)) + (i % 1000 == 999 ? 4000 : 0));
        }

        return times;
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] Fill(Func<int, double> value) => [.. Enumerable.Range(0, Points).Select(value)];

    private static double[] Middle(List<double> values) => [.. values.Skip((values.Count - Points) / 2).Take(Points)];

    private static double[] Walk(Random random, Func<Random, double> step, int digits)
    {
        var at = 100.0;
        return Fill(_ =>
        {
            at += step(random);
            return digits < 0 ? at : at = Math.Round(at, digits);
        });
    }
}
