using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql.Sealing;

/// <summary>
/// One pass over a run: reads as of one instant, and encodes what a transaction then puts in place; when much is to be replaced, part by
/// part. Keys are taken in groups of 64, those that share a pack.
/// </summary>
internal sealed class SealPass(long runNo, SealOptions options) : IDisposable
{
    private readonly LogTail _tail = new();
    private readonly List<SeriesPoints> _spare = [];
    private readonly List<(long KeyId, SeriesPoints Points)> _packed = [];

    /// <summary>Series of the group at hand that have chunks, each with the points that are not in them yet; chunks are read again after a commit.</summary>
    private readonly Queue<(long Key, SeriesPoints Points, List<SealedChunk>? Chunks)> _open = [];

    private List<TailSeries>? _series;
    private int _next;

    /// <summary>The run as it is when the parts that were prepared are committed.</summary>
    public SealRun? Run { get; private set; }

    /// <summary>Prepares what is to be committed next; null when there is no such run.</summary>
    public async ValueTask<SealedParts?> PrepareAsync(SqlSession session, CancellationToken cancellationToken)
    {
        Run ??= await session.FirstAsync(SqlText.Fixed(SealSql.Run, runNo), SealRun.Read, cancellationToken);
        if (Run is null)
            return null;
        var parts = new SealedParts();
        using var sealer = new SeriesSealer(session, Run, parts, options.ChunkPoints);
        if (Run.SealedSequence < Run.NextSequence)
            await SealAsync(session, Run, sealer, parts, cancellationToken);
        else if (Run.HasEnded)
            await SettleAsync(session, Run, sealer, parts, cancellationToken);
        parts.NextNo = sealer.NextNo;
        return parts;
    }

    /// <summary>Takes a series that is sealed, and in no chunk of its own, out of its pack; null when the pack has none of it.</summary>
    public static async ValueTask<SealedParts?> PrepareWithoutAsync(SqlSession session, SealRun run, long key, CancellationToken cancellationToken)
    {
        var options = new SealOptions();
        using var pass = new SealPass(run.Number, options);
        var parts = new SealedParts { More = run.HasEnded };
        using var sealer = new SeriesSealer(session, run, parts, options.ChunkPoints);
        var slot = PackOf(key);
        var packs = (await ChunksAsync(session, run, [slot], cancellationToken)).GetValueOrDefault(slot);
        var packed = await pass.OpenAsync(slot, packs, sealer, parts, cancellationToken);
        if (!packed.Remove(key))
            return null;
        if (packed.Count > 0)
            sealer.Pack(slot, [.. packed.OrderBy(p => p.Key).Select(p => (p.Key, p.Value))]);
        parts.NextNo = sealer.NextNo;
        return parts;
    }

    /// <summary>Parts were committed after which the pass continues.</summary>
    public void Committed(SealedParts parts) => Run = Run! with { NextChunk = parts.NextNo };

    public void Dispose() => _tail.Dispose();

    private async ValueTask SealAsync(SqlSession session, SealRun run, SeriesSealer sealer, SealedParts parts, CancellationToken cancellationToken)
    {
        if (_series is null)
        {
            await _tail.ReadAsync(session, run, options.MaxPoints, cancellationToken);
            _series = _tail.Series();
        }

        while (true)
        {
            if (!await AddOpenAsync(session, run, sealer, parts, cancellationToken))
                return;
            if (_next == _series.Count)
                break;
            if (parts.Continues = parts.RemovedPoints >= options.MaxReplaced)
                return;
            await OpenGroupAsync(session, run, sealer, parts, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }

        (parts.Rows, parts.Points) = (_tail.Rows, _tail.Count);
        parts.More = _tail.WasCut || run.HasEnded;
    }

    /// <summary>The slot of the pack of the key's group.</summary>
    private static long PackOf(long key) => -1 - (key / ChunkEncoder.MaxPackSeries);

    /// <summary>Takes the next group: writes its pack and what outgrew it, and leaves the series that have chunks open.</summary>
    private async ValueTask OpenGroupAsync(SqlSession session, SealRun run, SeriesSealer sealer, SealedParts parts, CancellationToken cancellationToken)
    {
        var (slot, from) = (PackOf(_series![_next].Key), _next);
        while (_next < _series.Count && PackOf(_series[_next].Key) == slot)
            _next++;
        var series = _series[from.._next];
        var chunks = await ChunksAsync(session, run, [slot, .. series.Select(s => s.Key)], cancellationToken);
        var packed = await OpenAsync(slot, chunks.GetValueOrDefault(slot), sealer, parts, cancellationToken);
        var inPack = packed.Keys.ToHashSet();
        foreach (var one in series)
        {
            var points = packed.GetValueOrDefault(one.Key) ?? Take();
            _tail.CopyTo(points, one, ArrivalRank.OfRow(run.SealedSequence));
            points.SortByStep();
            packed[one.Key] = points;
        }

        foreach (var (key, points) in packed.OrderBy(p => p.Key))
        {
            var own = chunks.GetValueOrDefault(key);
            if (own is null && points.Count <= ChunkEncoder.MaxPackPoints)
            {
                _packed.Add((key, points));
                continue;
            }

            // The pack is replaced with this part, so what was in it cannot wait for the next one.
            if (own is not null && !inPack.Contains(key))
            {
                _open.Enqueue((key, points, own));
                continue;
            }

            await sealer.AddAsync(key, own ?? [], points, long.MaxValue, cancellationToken);
            Return(points);
        }

        // A pack of which nothing changed is not here: each group has a series with new points, though that may have chunks.
        if (_packed.Count > 0)
            sealer.Pack(slot, _packed);
        foreach (var (_, points) in _packed)
            Return(points);
        _packed.Clear();
    }

    /// <summary>Adds to the open series; false when enough was replaced before the last one.</summary>
    private async ValueTask<bool> AddOpenAsync(SqlSession session, SealRun run, SeriesSealer sealer, SealedParts parts, CancellationToken cancellationToken)
    {
        while (_open.TryDequeue(out var next))
        {
            var (key, points, chunks) = next;
            if (parts.RemovedPoints >= options.MaxReplaced)
            {
                Later(key, points);
                return false;
            }

            chunks ??= (await ChunksAsync(session, run, [key], cancellationToken)).GetValueOrDefault(key) ?? [];
            var added = await sealer.AddAsync(key, chunks, points, options.MaxReplaced - parts.RemovedPoints, cancellationToken);
            var rest = Take();
            rest.AddRange(points, added, points.Count - added);
            Return(points);
            if (rest.Count > 0)
            {
                Later(key, rest);
                return false;
            }

            Return(rest);
        }

        return true;

        void Later(long key, SeriesPoints points)
        {
            _open.Enqueue((key, points, null));
            for (var i = 1; i < _open.Count; i++)
                _open.Enqueue(_open.Dequeue() with { Chunks = null });
            parts.Continues = true;
        }
    }

    /// <summary>The series of the pack, which is going to be replaced.</summary>
    private async ValueTask<Dictionary<long, SeriesPoints>> OpenAsync(
        long slot, List<SealedChunk>? packs, SeriesSealer sealer, SealedParts parts, CancellationToken cancellationToken)
    {
        var series = new Dictionary<long, SeriesPoints>();
        foreach (var pack in packs ?? [])
        {
            var payload = await sealer.PayloadAsync(slot, pack, cancellationToken);
            try
            {
                sealer.Decoder.OpenPack(payload);
            }
            catch (InvalidDataException e)
            {
                throw sealer.Damaged(pack.No, $"cannot be read ({e.Message})");
            }

            foreach (var key in sealer.Decoder.OpenedKeys)
            {
                if (!series.TryGetValue(key, out var points))
                    series[key] = points = Take();
                sealer.Decoder.ReadOpened(key, points);
            }

            parts.RemovedChunks.Add((slot, pack.No));
            parts.RemovedPoints += pack.Points;
        }

        return series;
    }

    private async ValueTask SettleAsync(SqlSession session, SealRun run, SeriesSealer sealer, SealedParts parts, CancellationToken cancellationToken)
    {
        var keys = await session.QueryAsync(
            SqlText.Fixed(SealSql.Fragmented, run.Number, 0L, (long)options.ChunkPoints), row => row.Int64(0), cancellationToken);
        var most = Math.Min(options.MaxPoints, options.MaxReplaced);
        foreach (var key in keys)
        {
            parts.More = parts.RemovedPoints >= most;
            if (parts.More)
                return;
            var chunks = await ChunksAsync(session, run, [key], cancellationToken);
            parts.More = !await sealer.SettleAsync(key, chunks[key], most - parts.RemovedPoints, cancellationToken);
            if (parts.More)
                return;
        }
    }

    private static async ValueTask<Dictionary<long, List<SealedChunk>>> ChunksAsync(
        SqlSession session, SealRun run, long[] slots, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, List<SealedChunk>>();
        await session.VisitAsync(
            SealSql.Chunks(session.Dialect, run.Number, slots),
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
