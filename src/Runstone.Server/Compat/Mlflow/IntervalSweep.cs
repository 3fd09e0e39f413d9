using System.Buffers;
using System.Runtime.CompilerServices;
using Runstone.Core.Metrics;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>
/// Reads series of which the steps to be shown are known only when all of them were looked at. What fits is kept from the first look, so
/// that only series beyond that are decoded twice.
/// </summary>
internal sealed class IntervalSweep(MetricService metrics, string key, long? from, long? to) : IDisposable
{
    /// <summary>Points that are kept, of all runs: 32 MB.</summary>
    private const int MaxKept = 1 << 20;

    private readonly Dictionary<string, List<(SeriesPoint[] Points, int Count)>> _kept = new(StringComparer.Ordinal);
    private long _points;

    /// <summary>Chooses steps over the series of all runs.</summary>
    public async Task<HashSet<long>> ChooseStepsAsync(IReadOnlyList<string> runIds, int max, CancellationToken cancellationToken)
    {
        var (steps, bounds) = (new StepRanges(), new List<(long, long)>());
        foreach (var runId in runIds.Distinct(StringComparer.Ordinal))
        {
            var own = new StepRanges();
            _kept[runId] = [];
            await foreach (var block in metrics.ReadAsync(Query(runId), cancellationToken))
            {
                foreach (ref readonly var point in block.Span)
                    own.Append(point.Step.Whole);
                Keep(runId, block.Span);
            }

            if (own.Count > 0)
                bounds.Add((own.Least, own.Greatest));
            steps.Unite(own);
        }

        return HistorySampling.Choose(steps, bounds, max);
    }

    /// <summary>The points of a run, in order of steps.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> BlocksAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(runId, out var kept))
        {
            foreach (var (points, count) in kept)
                yield return points.AsMemory(0, count);
            yield break;
        }

        await foreach (var block in metrics.ReadAsync(Query(runId), cancellationToken))
            yield return block;
    }

    public void Dispose()
    {
        foreach (var run in _kept.Keys.ToArray())
            Forget(run);
    }

    private SeriesQuery Query(string runId) => new(runId, key)
    {
        From = from is { } first ? new Step(first) : null,
        To = to is { } last ? new Step(last, 999_999) : null,
    };

    /// <summary>Keeps a block, unless the series is too long to be kept as a whole.</summary>
    private void Keep(string runId, ReadOnlySpan<SeriesPoint> block)
    {
        if (!_kept.TryGetValue(runId, out var kept))
            return;
        if (_points + block.Length > MaxKept)
        {
            Forget(runId);
            return;
        }

        var copy = ArrayPool<SeriesPoint>.Shared.Rent(block.Length);
        block.CopyTo(copy);
        kept.Add((copy, block.Length));
        _points += block.Length;
    }

    private void Forget(string runId)
    {
        if (!_kept.Remove(runId, out var kept))
            return;
        foreach (var (points, count) in kept)
        {
            ArrayPool<SeriesPoint>.Shared.Return(points);
            _points -= count;
        }
    }
}
