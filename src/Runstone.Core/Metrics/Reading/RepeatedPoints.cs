using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Metrics.Reading;

/// <summary>Which of a series' loose points chunks have too, so that they are given out once. Keeps its memory.</summary>
public sealed class RepeatedPoints
{
    private SeriesPoints _loose = new();
    private bool[] _repeated = [];

    /// <summary>Whether a loose point was found in a chunk.</summary>
    public bool this[int index] => _repeated[index];

    /// <summary>Begins with loose points that are sorted by step.</summary>
    public void Begin(SeriesPoints loose)
    {
        _loose = loose;
        if (_repeated.Length < loose.Count)
            _repeated = new bool[loose.Count];
        _repeated.AsSpan(0, loose.Count).Clear();
    }

    /// <summary>Whether a loose point lies between the first and the last point of the chunk, so that it may have it.</summary>
    public bool MayBeIn(KnownChunk chunk) =>
        LowerBound(chunk.First) is var at && at < _loose.Count && SeriesPoints.Compare(_loose[at], chunk.Last) <= 0;

    /// <summary>Looks for loose points among those of a chunk.</summary>
    public void Mark(SeriesPoints points)
    {
        if (points.Count == 0)
            return;
        var at = LowerBound(points[0]);
        for (var i = 0; at < _loose.Count && i < points.Count;)
        {
            var order = SeriesPoints.Compare(points[i], _loose[at]);
            _repeated[at] |= order == 0;
            if (order < 0)
                i++;
            else
                at++;
        }
    }

    private int LowerBound(in SeriesPoint bound)
    {
        var (low, high) = (0, _loose.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (SeriesPoints.Compare(_loose[middle], bound) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
