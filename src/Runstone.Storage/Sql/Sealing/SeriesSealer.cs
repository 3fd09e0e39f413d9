using System.Security.Cryptography;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql.Sealing;

/// <summary>
/// Prepares what becomes of one series after another: chunks that take up new points or are merged, and the rollups behind the
/// first one that changes. Holds two chunks and the new points at a time; what it has encoded is gathered in <paramref name="parts"/>.
/// A full chunk has <paramref name="full"/> points.
/// </summary>
internal sealed class SeriesSealer(SqlSession session, SealRun run, SealedParts parts, int full) : IDisposable
{
    private readonly ChunkEncoder _encoder = new();
    private readonly SeriesPoints _check = new();
    private readonly SeriesPoints _none = new();
    private readonly RollupSealer _rollups = new(session, run, parts, full);
    private SeriesPoints _work = new();
    private SeriesPoints _rest = new();

    public ChunkDecoder Decoder { get; } = new();

    /// <summary>The number of the next chunk or rollup.</summary>
    public long NextNo => run.NextChunk + parts.Chunks.Count + parts.Rollups.Count;

    /// <summary>
    /// Adds sorted points to a series until about as many points of its chunks are replaced as there may be; returns how many of the points
    /// were added.
    /// </summary>
    public async ValueTask<int> AddAsync(long key, List<SealedChunk> chunks, SeriesPoints added, long maxReplaced, CancellationToken cancellationToken)
    {
        await OrderAsync(key, chunks, added, cancellationToken);
        var merges = SealPlan.Limit(chunks, SealPlan.Add(chunks, added, full), added, maxReplaced);
        await ApplyAsync(key, chunks, merges, added, cancellationToken);
        return merges[^1].EndPoint;
    }

    /// <summary>Merges the small chunks of a series that is not expected to grow; false when some are left.</summary>
    public async ValueTask<bool> SettleAsync(long key, List<SealedChunk> chunks, long maxReplaced, CancellationToken cancellationToken)
    {
        await OrderAsync(key, chunks, _none, cancellationToken);
        var merges = SealPlan.Settle(chunks, full);
        var limited = SealPlan.Limit(chunks, merges, _none, maxReplaced);
        if (limited.Count > 0)
            await ApplyAsync(key, chunks, limited, _none, cancellationToken);
        return limited.Count == merges.Count && (limited.Count == 0 || limited[^1] == merges[^1]);
    }

    /// <summary>Writes the pack of a group of keys.</summary>
    public void Pack(long slot, IReadOnlyList<(long KeyId, SeriesPoints Points)> series)
    {
        var payload = _encoder.EncodePack(series).ToArray();
        Decoder.OpenPack(payload);
        var (first, last, count) = (long.MaxValue, long.MinValue, 0);
        foreach (var (key, points) in series)
        {
            _check.Clear();
            Decoder.ReadOpened(key, _check);
            Verify(points, 0, points.Count);
            (first, last) = (Math.Min(first, points.Steps[0]), Math.Max(last, points.Steps[^1]));
            count += points.Count;
        }

        parts.Chunks.Add(Row(slot, first, NextNo, last, count, [], payload));
    }

    public async ValueTask<byte[]> PayloadAsync(long slot, SealedChunk chunk, CancellationToken cancellationToken) =>
        await session.FirstAsync(
            SqlText.Fixed(SealSql.Payload, run.Number, slot, chunk.FirstStep, chunk.No), row => row.Blob(0).ToArray(), cancellationToken)
        ?? throw Damaged(chunk.No, "is missing");

    public Exception Damaged(long no, string what) =>
        SealedPart.Damaged(FormattableString.Invariant($"Chunk {no} of the metrics of run {run.Id} {what}."));

    public void Dispose()
    {
        _encoder.Dispose();
        Decoder.Dispose();
    }

    /// <summary>Brings the chunks into order, with the first and last points of those for which steps do not tell it.</summary>
    private async ValueTask OrderAsync(long key, List<SealedChunk> chunks, SeriesPoints added, CancellationToken cancellationToken)
    {
        chunks.Sort(SealPlan.Compare);
        var unclear = SealPlan.Ambiguous(chunks, added).ToDictionary(i => chunks[i].No);
        if (unclear.Count == 0)
            return;
        await session.VisitAsync(
            SealSql.Summaries(session.Dialect, run.Number, key, unclear.Keys),
            row =>
            {
                var summary = RollupSealer.Read(row, Damaged);
                var at = unclear[row.Int64(0)];
                chunks[at] = chunks[at] with { First = summary.First, Last = summary.Last };
            },
            cancellationToken);
        chunks.Sort(SealPlan.Compare);
    }

    private async ValueTask ApplyAsync(long key, List<SealedChunk> chunks, List<ChunkMerge> merges, SeriesPoints added, CancellationToken cancellationToken)
    {
        var after = new List<SealedChunk>(chunks.Count + 4);
        var next = 0;
        foreach (var merge in merges)
        {
            after.AddRange(chunks[next..merge.FirstChunk]);
            await MergeAsync(key, chunks, merge, added, after, cancellationToken);
            next = merge.EndChunk;
        }

        after.AddRange(chunks[next..]);
        await _rollups.RenewAsync(key, chunks.Count, after, merges[0].FirstChunk, () => NextNo, cancellationToken);
    }

    private async ValueTask MergeAsync(
        long key, List<SealedChunk> chunks, ChunkMerge merge, SeriesPoints added, List<SealedChunk> after, CancellationToken cancellationToken)
    {
        // The rest of what is merged when a run has ended can go on with the small chunks behind it.
        var canGrow = merge.EndChunk == chunks.Count || merge.Points == 0;
        var (point, start) = (merge.FirstPoint, 0);
        _work.Clear();
        for (var i = merge.FirstChunk; i < merge.EndChunk; i++)
        {
            await DecodeAsync(key, chunks[i], cancellationToken);
            var end = i + 1 < merge.EndChunk ? SealPlan.Next(added, point, chunks[i + 1].IsAfter) : merge.EndPoint;
            _work.AddRange(added, point, end - point);
            point = end;
            _work.SortByStep();
            for (start = 0; _work.Count - start > 2 * full; start += full)
                after.Add(Encode(key, start, full));
            DropFirst(start);
        }

        _work.AddRange(added, point, merge.EndPoint - point);
        _work.SortByStep();
        for (start = 0; start < _work.Count;)
        {
            var count = SealPlan.Cut(_work.Count - start, canGrow, full);
            after.Add(Encode(key, start, count));
            start += count;
        }
    }

    private async ValueTask DecodeAsync(long key, SealedChunk chunk, CancellationToken cancellationToken)
    {
        var payload = await PayloadAsync(key, chunk, cancellationToken);
        try
        {
            Decoder.Decode(payload, _work);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(chunk.No, $"cannot be read ({e.Message})");
        }

        parts.RemovedChunks.Add((key, chunk.No));
        parts.RemovedPoints += chunk.Points;
    }

    private void DropFirst(int count)
    {
        if (count == 0)
            return;
        _rest.Clear();
        _rest.AddRange(_work, count, _work.Count - count);
        (_work, _rest) = (_rest, _work);
    }

    private SealedChunk Encode(long key, int start, int count)
    {
        var encoded = _encoder.Encode(_work, start, count);
        var (payload, summary) = (encoded.Payload.ToArray(), encoded.Summary.ToArray());
        _check.Clear();
        Decoder.Decode(payload, _check);
        Verify(_work, start, count);
        var chunk = new SealedChunk(NextNo, _work.Steps[start], _work.Steps[start + count - 1], count)
        {
            First = _work[start],
            Last = _work[start + count - 1],
        };
        _rollups.Keep(chunk.No, summary);
        parts.Chunks.Add(Row(key, chunk.FirstStep, chunk.No, chunk.LastStep, count, summary, payload));
        return chunk;
    }

    private object?[] Row(long slot, long first, long no, long last, int count, byte[] summary, byte[] payload) =>
        [run.Number, slot, first, no, last, (long)count, summary, payload, SHA256.HashData(payload)];

    /// <summary>What was encoded is about to be all there is, so it is decoded once before the log goes.</summary>
    private void Verify(SeriesPoints points, int start, int count)
    {
        var isSame = _check.Count == count && _check.Ranks.SequenceEqual(points.Ranks.Slice(start, count));
        for (var i = 0; isSame && i < count; i++)
            isSame = SeriesPoints.Compare(_check[i], points[start + i]) == 0;
        if (!isSame)
            throw new InvalidOperationException($"Points of run {run.Id} would not be read as they were written; its log is left as it is.");
    }
}
