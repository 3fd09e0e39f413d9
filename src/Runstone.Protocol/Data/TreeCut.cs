namespace Runstone.Protocol.Data;

/// <summary>
/// Where pages of a tree end. An item ends its page when its page has 16 items with it and the path's hash says so, or when the page has 1,024 items or a weight of 512 KiB with it, where
/// the weight of an item is 64 bytes, its path and its address. The hash of a path on a level is FNV-1a of 64 bits (G. Fowler, L. C. Noll, K.-P. Vo, "The FNV Non-Cryptographic Hash
/// Algorithm", draft-eastlake-fnv) of the level as one byte and the path's UTF-8, folded: <c>h ^= h >> 32; h *= 0x9E3779B97F4A7C15</c>; it says so when the upper 8 bits of h are 0. The
/// path of an inner item is that of the last file below it, so that nothing but the paths decides where pages end: a file with other bytes moves no cut.
/// </summary>
internal struct TreeCut
{
    public const int MaxWeight = 512 << 10;

    private const int ItemWeight = 64;
    private const ulong OffsetBasis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    private int _items;
    private int _weight;

    /// <summary>Adds an item to the page; true when it ends with it.</summary>
    public bool Add(int level, ReadOnlySpan<byte> path, int addressBytes)
    {
        _items++;
        _weight += ItemWeight + path.Length + addressBytes;
        var ends = _items == DataFormat.MaxPageItems || _weight >= MaxWeight || (_items >= DataFormat.MinPageItems && Says(level, path));
        if (ends)
            this = default;
        return ends;
    }

    public void Clear() => this = default;

    private static bool Says(int level, ReadOnlySpan<byte> path)
    {
        var hash = (OffsetBasis ^ (byte)level) * Prime;
        foreach (var b in path)
            hash = (hash ^ b) * Prime;
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash >> 56 == 0;
    }
}
