namespace Runstone.Core.Importance;

/// <summary>
/// The same numbers for the same seed on every machine and version, which the random numbers of the runtime do not promise: SplitMix64 (Steele, Lea and
/// Flood, OOPSLA 2014).
/// </summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Another stream of numbers, which this one determines.</summary>
    public SeededRandom Fork() => new(Next());

    /// <summary>From 0 to below the bound, by Lemire's multiplication; the bias is below 2^-32 of the bound.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Brings the first <paramref name="count"/> places into random order, each drawn from all that are left.</summary>
    public void Shuffle<T>(Span<T> items, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var other = i + Below(items.Length - i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
