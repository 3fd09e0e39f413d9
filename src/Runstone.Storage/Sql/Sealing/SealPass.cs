using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql.Sealing;

/// <summary>
/// One pass over a run: reads as of one instant, and encodes what a transaction then puts in place. Keys are taken in groups of 64,
/// those that share a pack.
/// </summary>
internal sealed class SealPass : IDisposable
{
    private readonly SqlSession _session;
    private readonly SeriesSealer _sealer;
    private readonly List<SeriesPoints> _spare = [];
    private readonly List<(long KeyId, SeriesPoints Points)> _group = [];

    private SealPass(SqlSession session, SealRun run)
    {
        (_session, Run) = (session, run);
        _sealer = new SeriesSealer(session, run, Parts);
    }

    public SealRun Run { get; }

    public SealedParts Parts { get; } = new();

    /// <summary>Rows of the log that are sealed.</summary>
    public long Rows { get; private set; }

    /// <summary>Points of these rows.</summary>
    public long Points { get; private set; }

    public bool More { get; private set; }

    /// <summary>The next number of a chunk after this pass.</summary>
    public long NextNo => _sealer.NextNo;

    /// <summary>Null when there is no such run.</summary>
    public static async ValueTask<SealPass?> PrepareAsync(SqlSession session, long runNo, SealOptions options, CancellationToken cancellationToken)
    {
        if (await session.FirstAsync(SqlText.Fixed(SealSql.Run, runNo), SealRun.Read, cancellationToken) is not { } run)
            return null;
        using var pass = new SealPass(session, run);
        if (run.SealedSequence < run.NextSequence)
            await pass.SealAsync(options, cancellationToken);
        else if (run.HasEnded)
            await pass.SettleAsync(options, cancellationToken);
        return pass;
    }

    /// <summary>Takes a series that is sealed, and in no chunk of its own, out of its pack; null when the pack has none of it.</summary>
    public static async ValueTask<SealPass?> PrepareWithoutAsync(SqlSession session, SealRun run, long key, CancellationToken cancellationToken)
    {
        using var pass = new SealPass(session, run);
        var slot = PackOf(key);
        var packs = (await pass.ChunksAsync([slot], cancellationToken)).GetValueOrDefault(slot);
        var packed = await pass.OpenAsync(slot, packs, cancellationToken);
        if (!packed.Remove(key))
            return null;
        pass.More = run.HasEnded;
        pass._group.AddRange(packed.OrderBy(p => p.Key).Select(p => (p.Key, p.Value)));
        if (pass._group.Count > 0)
            pass._sealer.Pack(slot, pass._group);
        return pass;
    }

    public void Dispose() => _sealer.Dispose();

    private async ValueTask SealAsync(SealOptions options, CancellationToken cancellationToken)
    {
        using var tail = new LogTail();
        await tail.ReadAsync(_session, Run, options.MaxPoints, cancellationToken);
        (Rows, Points) = (tail.Rows, tail.Count);
        More = tail.WasCut || Run.HasEnded;
        var series = tail.Series();
        for (var (from, to) = (0, 0); from < series.Count; from = to)
        {
            for (to = from; to < series.Count && PackOf(series[to].Key) == PackOf(series[from].Key);)
                to++;
            await SealAsync(tail, series[from..to], cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The slot of the pack of the key's group.</summary>
    private static long PackOf(long key) => -1 - (key / ChunkEncoder.MaxPackSeries);

    private async ValueTask SealAsync(LogTail tail, List<TailSeries> series, CancellationToken cancellationToken)
    {
        var slot = PackOf(series[0].Key);
        var chunks = await ChunksAsync([slot, .. series.Select(s => s.Key)], cancellationToken);
        var packed = await OpenAsync(slot, chunks.GetValueOrDefault(slot), cancellationToken);
        foreach (var one in series)
        {
            var points = packed.GetValueOrDefault(one.Key) ?? Take();
            tail.CopyTo(points, one, ArrivalRank.OfRow(Run.SealedSequence));
            points.SortByStep();
            packed[one.Key] = points;
        }

        foreach (var (key, points) in packed.OrderBy(p => p.Key))
        {
            var own = chunks.GetValueOrDefault(key);
            if (own is null && points.Count <= ChunkEncoder.MaxPackPoints)
                _group.Add((key, points));
            else
                await _sealer.AddAsync(key, own ?? [], points, cancellationToken);
        }

        // A pack of which nothing changed is not here: each group has a series with new points, though that may have chunks.
        if (_group.Count > 0)
            _sealer.Pack(slot, _group);
        foreach (var points in packed.Values)
            Return(points);
        _group.Clear();
    }

    /// <summary>The series of the pack, which is going to be replaced.</summary>
    private async ValueTask<Dictionary<long, SeriesPoints>> OpenAsync(long slot, List<SealedChunk>? packs, CancellationToken cancellationToken)
    {
        var series = new Dictionary<long, SeriesPoints>();
        foreach (var pack in packs ?? [])
        {
            var payload = await _sealer.PayloadAsync(slot, pack, cancellationToken);
            try
            {
                _sealer.Decoder.OpenPack(payload);
            }
            catch (InvalidDataException e)
            {
                throw _sealer.Damaged(pack.No, $"cannot be read ({e.Message})");
            }

            foreach (var key in _sealer.Decoder.OpenedKeys)
            {
                if (!series.TryGetValue(key, out var points))
                    series[key] = points = Take();
                _sealer.Decoder.ReadOpened(key, points);
            }

            Parts.RemovedChunks.Add((slot, pack.No));
            Parts.RemovedPoints += pack.Points;
        }

        return series;
    }

    private async ValueTask SettleAsync(SealOptions options, CancellationToken cancellationToken)
    {
        var keys = await _session.QueryAsync(
            SqlText.Fixed(SealSql.Fragmented, Run.Number, 0L, (long)ChunkEncoder.MaxPoints), row => row.Int64(0), cancellationToken);
        foreach (var key in keys)
        {
            More = Parts.Rewritten >= options.MaxPoints;
            if (More)
                return;
            var chunks = await ChunksAsync([key], cancellationToken);
            await _sealer.SettleAsync(key, chunks[key], cancellationToken);
        }
    }

    private async ValueTask<Dictionary<long, List<SealedChunk>>> ChunksAsync(long[] slots, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, List<SealedChunk>>();
        await _session.VisitAsync(
            SealSql.Chunks(_session.Dialect, Run.Number, slots),
            row =>
            {
                var slot = row.Int64(0);
                if (!found.TryGetValue(slot, out var chunks))
                    found[slot] = chunks = [];
                chunks.Add(new SealedChunk(row.Int64(1), row.Int64(2), row.Int64(3), (int)row.Int64(4)));
            },
            cancellationToken);
        return found;
    }

    private SeriesPoints Take()
    {
        if (_spare.Count == 0)
            return new SeriesPoints();
        var points = _spare[^1];
        _spare.RemoveAt(_spare.Count - 1);
        return points;
    }

    private void Return(SeriesPoints points)
    {
        points.Clear();
        _spare.Add(points);
    }
}
