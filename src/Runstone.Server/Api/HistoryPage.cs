using System.Runtime.CompilerServices;
using Runstone.Core.Metrics;

namespace Runstone.Server.Api;

/// <summary>Points of a history, and the texts of those that have one, which name points of this block.</summary>
internal readonly record struct HistoryBlock(ReadOnlyMemory<SeriesPoint> Points, IReadOnlyList<MetricText> Texts);

/// <summary>Cuts a page out of a history while it is read.</summary>
/// <param name="metrics">Where to read.</param>
/// <param name="query">What to read.</param>
/// <param name="limit">Points of the page; null for all.</param>
/// <param name="before">In order of arrival, points of the pages before, which are passed over.</param>
internal sealed class HistoryPage(MetricService metrics, SeriesQuery query, int? limit, long before)
{
    private readonly string _fingerprint = HistoryToken.Fingerprint(query);

    /// <summary>Where the next page begins, once the blocks were read; null when nothing is left.</summary>
    public string? NextPageToken { get; private set; }

    /// <summary>The points of the page with their texts.</summary>
    public async IAsyncEnumerable<HistoryBlock> TextBlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var points in BlocksAsync(cancellationToken))
            yield return new HistoryBlock(points, await metrics.ReadTextsAsync(query.RunId, query.Key, points, cancellationToken));
    }

    /// <summary>The points of the page.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<SeriesPoint>> BlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (skip, left) = (before, limit ?? long.MaxValue);
        SeriesPoint last = default;
        await foreach (var read in metrics.ReadAsync(query, cancellationToken))
        {
            var block = read[(int)Math.Min(skip, read.Length)..];
            skip -= read.Length - block.Length;
            var taken = (int)Math.Min(left, block.Length);
            if (taken > 0)
            {
                last = block.Span[taken - 1];
                yield return block[..taken];
            }

            left -= taken;
            if (taken == block.Length)
                continue;
            NextPageToken = query.Order == SeriesOrder.Arrival
                ? HistoryToken.EncodeArrival(before + limit!.Value, _fingerprint)
                : HistoryToken.Encode(last, _fingerprint);
            yield break;
        }
    }
}
