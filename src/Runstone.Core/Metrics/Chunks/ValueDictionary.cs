namespace Runstone.Core.Metrics.Chunks;

/// <summary>The distinct values of a column, bit by bit, in ascending order, and which of them each value is.</summary>
internal sealed class ValueDictionary
{
    /// <summary>Beyond, a value recurs too rarely for the dictionary to pay.</summary>
    private const int MaxDistinct = 1024;
    private const int LeastRepeats = 4;
    private const int SlotBits = 12;

    private readonly long[] _keys = new long[1 << SlotBits];
    private readonly short[] _slots = new short[1 << SlotBits];
    private readonly long[] _distinct = new long[MaxDistinct];
    private readonly double[] _values = new double[MaxDistinct];
    private readonly int[] _places = new int[MaxDistinct];
    private readonly int[] _order = new int[MaxDistinct];
    private long[] _indexes = [];
    private int _count;

    public int Count { get; private set; }

    /// <summary>The distinct values.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    /// <summary>For each value its place among the distinct ones.</summary>
    public ReadOnlySpan<long> Indexes(int count) => _indexes.AsSpan(0, count);

    /// <summary>The number of distinct values; 0 when there are too many.</summary>
    public int TryBuild(ReadOnlySpan<double> values)
    {
        Count = values.Length;
        _count = 0;
        if (_indexes.Length < values.Length)
            _indexes = new long[values.Length];
        _slots.AsSpan().Clear();
        var most = Math.Clamp(values.Length / LeastRepeats, 1, MaxDistinct);
        for (var i = 0; i < values.Length; i++)
        {
            var place = PlaceOf(Ordered(BitConverter.DoubleToInt64Bits(values[i])), most);
            if (place < 0)
                return 0;
            _indexes[i] = place;
        }

        Sort();
        foreach (ref var index in _indexes.AsSpan(0, values.Length))
            index = _places[index];
        return _count;
    }

    /// <summary>An integer that ascends with the value, for all bits; its own inverse.</summary>
    private static long Ordered(long bits) => bits ^ ((bits >> 63) & long.MaxValue);

    private int PlaceOf(long key, int most)
    {
        var slot = (int)(unchecked((ulong)key * 0x9E3779B97F4A7C15) >> (64 - SlotBits));
        while (_slots[slot] != 0)
        {
            if (_keys[slot] == key)
                return _slots[slot] - 1;
            slot = (slot + 1) & ((1 << SlotBits) - 1);
        }

        if (_count == most)
            return -1;
        (_keys[slot], _distinct[_count]) = (key, key);
        _slots[slot] = (short)++_count;
        return _count - 1;
    }

    private void Sort()
    {
        for (var i = 0; i < _count; i++)
            _order[i] = i;
        _distinct.AsSpan(0, _count).Sort(_order.AsSpan(0, _count));
        for (var i = 0; i < _count; i++)
        {
            _places[_order[i]] = i;
            _values[i] = BitConverter.Int64BitsToDouble(Ordered(_distinct[i]));
        }
    }
}
