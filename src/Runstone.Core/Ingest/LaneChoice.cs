using System.Runtime.InteropServices;

namespace Runstone.Core.Ingest;

/// <summary>
/// Which lane a batch takes: the one in which its run has others waiting, so that they stay in order, else the first that holds
/// little. A group costs the store nearly the same whatever its size, so lanes are filled one after another: requests of a point each share one
/// lane, while batches of many points, whose rows are the cost, spread over all.
/// </summary>
internal sealed class LaneChoice(int lanes)
{
    /// <summary>A lane with this much, as <see cref="BatchMemory"/> estimates it, is left alone as long as another has less.</summary>
    public const long Enough = 256 << 10;

    private readonly Lock _lock = new();
    private readonly long[] _bytes = new long[lanes];

    /// <summary>The lanes of runs that have batches in one, and how many.</summary>
    private readonly Dictionary<string, (int Lane, int Batches)> _runs = new(StringComparer.Ordinal);

    /// <summary>The number of the lane; <see cref="Leave"/> follows when the batch is committed or refused.</summary>
    public int Enter(string runId, long bytes)
    {
        lock (_lock)
        {
            ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs, runId, out var isKnown);
            if (!isKnown)
                run.Lane = Choose();
            run.Batches++;
            _bytes[run.Lane] += bytes;
            return run.Lane;
        }
    }

    public void Leave(IReadOnlyList<PendingBatch> group)
    {
        lock (_lock)
        {
            for (var i = 0; i < group.Count; i++)
            {
                ref var run = ref CollectionsMarshal.GetValueRefOrNullRef(_runs, group[i].Batch.RunId);
                _bytes[run.Lane] -= group[i].Bytes;
                if (--run.Batches == 0)
                    _runs.Remove(group[i].Batch.RunId);
            }
        }
    }

    private int Choose()
    {
        var least = 0;
        for (var lane = 0; lane < _bytes.Length; lane++)
        {
            if (_bytes[lane] < Enough)
                return lane;
            if (_bytes[lane] < _bytes[least])
                least = lane;
        }

        return least;
    }
}
