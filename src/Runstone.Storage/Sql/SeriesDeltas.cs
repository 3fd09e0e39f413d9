using System.Runtime.InteropServices;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

/// <summary>What one group of batches adds to the newest-value row of a series.</summary>
internal struct SeriesDelta
{
    public long RunNo;
    public long KeyId;
    public long ExperimentId;
    public SeriesPoint Last;
    public double First;
    public double? Min;
    public double? Max;
    public long Count;

    /// <summary>The whole step of the last point in the store; read when a point without a step asks for it.</summary>
    public long? StoredStep;
    public bool StoredStepKnown;

    public void Add(in MetricPoint point)
    {
        var added = new SeriesPoint(point.Step, point.Time, point.Value);
        if (Count++ == 0)
            (First, Last) = (point.Value, added);
        else if (added.CompareTo(Last) > 0)
            Last = added;
        if (double.IsNaN(point.Value))
            return;
        if (!(Min <= point.Value))
            Min = point.Value;
        if (!(Max >= point.Value))
            Max = point.Value;
    }

    /// <summary>The next whole number of the series; the greatest one there is stays the greatest.</summary>
    public readonly Step NextStep()
    {
        var greatest = StoredStep;
        if (Count > 0 && !(greatest >= Last.Step.Whole))
            greatest = Last.Step.Whole;
        return greatest switch
        {
            null => new Step(0),
            long.MaxValue => new Step(long.MaxValue),
            { } whole => new Step(whole + 1),
        };
    }
}

/// <summary>Merges the points of a group by series, so that each series is written once a commit.</summary>
internal sealed class SeriesDeltas
{
    private readonly Dictionary<(long RunNo, long KeyId), int> _places = [];
    private readonly List<SeriesDelta> _all = [];

    /// <summary>The place of the series; <see cref="At"/> gives the delta.</summary>
    public int Place(long runNo, long keyId, long experimentId)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (runNo, keyId), out var exists);
        if (!exists)
        {
            place = _all.Count;
            _all.Add(new SeriesDelta { RunNo = runNo, KeyId = keyId, ExperimentId = experimentId });
        }

        return place;
    }

    /// <summary>Valid until the next series is added.</summary>
    public ref SeriesDelta At(int place) => ref CollectionsMarshal.AsSpan(_all)[place];

    /// <summary>All of them in the order of the table they go to, which is cheaper to write.</summary>
    public ReadOnlySpan<SeriesDelta> Sorted()
    {
        var all = CollectionsMarshal.AsSpan(_all);
        all.Sort((a, b) => a.RunNo != b.RunNo ? a.RunNo.CompareTo(b.RunNo) : a.KeyId.CompareTo(b.KeyId));
        return all;
    }

    public void Clear()
    {
        _places.Clear();
        _all.Clear();
    }
}
