using Runstone.Codecs;

namespace Runstone.MetricsBench;

/// <summary>A series to be logged: step i, a time every 250 ms with jitter and pauses, a value.</summary>
internal sealed record Series(string Key, long[] Times, double[] Values)
{
    private const double Pace = 250;
    private const double Jitter = 2;

    public int Count => Values.Length;

    /// <summary>Falls as a loss does, with 2 % noise, in singles as frameworks compute it.</summary>
    public static Series Loss(string key, int count, int seed)
    {
        var random = new Random(seed);
        return Of(key, [.. Enumerable.Range(0, count).Select(i => (double)(float)(((2 * Math.Exp(-4.0 * i / count)) + 0.1) * (1 + (0.02 * Curves.Normal(random)))))], seed);
    }

    /// <summary>Uniform between 0 and 1, all 53 bits.</summary>
    public static Series Uniform(string key, int count, int seed)
    {
        var random = new Random(seed);
        return Of(key, [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())], seed);
    }

    public static Series Of(string key, double[] values, int seed) =>
        new(key, Curves.Times(new Random(seed), Pace, Jitter, values.Length), values);
}
