namespace Runstone.Core.Metrics.Chunks;

/// <summary>Places spread over a column; a fixed stride could fall in with a period of it.</summary>
internal struct Sampling(int length, int most)
{
    private readonly uint _room = (uint)Math.Max(1, length / most);
    private uint _noise = 1;

    /// <summary>How many places are looked at: all of a short column.</summary>
    public int Count { get; } = Math.Min(length, most);

    /// <summary>The place of the sample <paramref name="index"/>; asked for once each, ascending.</summary>
    public int Place(int index)
    {
        // The constants are those of Numerical Recipes; any mixing would do, as long as it is the same each time.
        _noise = unchecked((_noise * 1664525) + 1013904223);
        return (int)((long)index * length / Count) + (int)((_noise >> 16) % _room);
    }
}
